/*
 * Locks, waiting and sleeping. All of it rests on futexes: objects are plain memory that need not
 * be deleted, nothing allocates, and an uncontended lock makes no system call. Safe from any
 * thread; not from a signal handler that may have interrupted the holder. A lock that another
 * thread held at fork stays locked in the child.
 */
#ifndef WIN32MEMORY_SYNCHAPI_H
#define WIN32MEMORY_SYNCHAPI_H

#include "minwinbase.h"

/* Milliseconds, where a wait takes them. */
#define INFINITE 0xFFFFFFFFu

#define SRWLOCK_INIT RTL_SRWLOCK_INIT
#define CONDITION_VARIABLE_INIT RTL_CONDITION_VARIABLE_INIT
#define CONDITION_VARIABLE_LOCKMODE_SHARED RTL_CONDITION_VARIABLE_LOCKMODE_SHARED

#define INIT_ONCE_STATIC_INIT RTL_RUN_ONCE_INIT
#define INIT_ONCE_CHECK_ONLY RTL_RUN_ONCE_CHECK_ONLY
#define INIT_ONCE_ASYNC RTL_RUN_ONCE_ASYNC
#define INIT_ONCE_INIT_FAILED RTL_RUN_ONCE_INIT_FAILED
#define INIT_ONCE_CTX_RESERVED_BITS RTL_RUN_ONCE_CTX_RESERVED_BITS

#define CRITICAL_SECTION_NO_DEBUG_INFO 0x01000000
#define CREATE_MUTEX_INITIAL_OWNER 0x00000001
#define CREATE_EVENT_MANUAL_RESET 0x00000001
#define CREATE_EVENT_INITIAL_SET 0x00000002

#include "win32memory/waiting.h"

WIN32MEMORY_BEGIN_DECLARATIONS

/*
 * Sleep, SleepEx - lets time pass.
 *
 * dwMilliseconds  0 gives the processor to another thread; INFINITE never returns.
 * bAlertable      ignored: there are no completion routines.
 * Returns         SleepEx: 0.
 * Cost            one system call.
 * Differs         the time is kept to the clock's precision, not to a tick.
 * Source          Learn, Sleep.
 */
WINBASEAPI VOID WINAPI Sleep(DWORD dwMilliseconds);
WINBASEAPI DWORD WINAPI SleepEx(DWORD dwMilliseconds, BOOL bAlertable);

/*
 * Slim reader/writer locks: exclusive for one thread, or shared. Not recursive, and to be released
 * in the mode they were taken in.
 *
 * SRWLock  set up by SRWLOCK_INIT, zero or InitializeSRWLock.
 * Returns  Try*: non-zero if the lock was taken.
 * Cost     one atomic operation; a system call where threads must wait or be woken.
 * Differs  a waiting thread keeps new readers out, so that writers get their turn.
 * Source   Learn, Slim Reader/Writer (SRW) Locks.
 */
WINBASEAPI VOID WINAPI InitializeSRWLock(PSRWLOCK SRWLock);
WINBASEAPI VOID WINAPI AcquireSRWLockExclusive(PSRWLOCK SRWLock);
WINBASEAPI VOID WINAPI AcquireSRWLockShared(PSRWLOCK SRWLock);
WINBASEAPI VOID WINAPI ReleaseSRWLockExclusive(PSRWLOCK SRWLock);
WINBASEAPI VOID WINAPI ReleaseSRWLockShared(PSRWLOCK SRWLock);
WINBASEAPI BOOLEAN WINAPI TryAcquireSRWLockExclusive(PSRWLOCK SRWLock);
WINBASEAPI BOOLEAN WINAPI TryAcquireSRWLockShared(PSRWLOCK SRWLock);

/*
 * Critical sections: a recursive lock of one thread.
 *
 * lpCriticalSection   set up by one of the Initialize functions; LockCount is -1 while it is free,
 *                     OwningThread and RecursionCount name the holder.
 * dwSpinCount, Flags  how often to look before sleeping; CRITICAL_SECTION_NO_DEBUG_INFO.
 * Returns             Initialize*: TRUE. TryEnter: whether it was entered. SetSpinCount: the old
 *                     one.
 * Cost                one atomic operation; a system call where threads must wait or be woken.
 * Differs             Initialize cannot fail, DebugInfo is (PVOID)-1, LockSemaphore is not used.
 * Source              Learn, Critical Section Objects.
 */
WINBASEAPI VOID WINAPI InitializeCriticalSection(LPCRITICAL_SECTION lpCriticalSection);
WINBASEAPI BOOL WINAPI InitializeCriticalSectionAndSpinCount(LPCRITICAL_SECTION lpCriticalSection,
                                                             DWORD dwSpinCount);
WINBASEAPI BOOL WINAPI InitializeCriticalSectionEx(LPCRITICAL_SECTION lpCriticalSection,
                                                   DWORD dwSpinCount, DWORD Flags);
WINBASEAPI DWORD WINAPI SetCriticalSectionSpinCount(LPCRITICAL_SECTION lpCriticalSection,
                                                    DWORD dwSpinCount);
WINBASEAPI VOID WINAPI EnterCriticalSection(LPCRITICAL_SECTION lpCriticalSection);
WINBASEAPI BOOL WINAPI TryEnterCriticalSection(LPCRITICAL_SECTION lpCriticalSection);
WINBASEAPI VOID WINAPI LeaveCriticalSection(LPCRITICAL_SECTION lpCriticalSection);
WINBASEAPI VOID WINAPI DeleteCriticalSection(LPCRITICAL_SECTION lpCriticalSection);

WIN32MEMORY_END_DECLARATIONS

#endif
