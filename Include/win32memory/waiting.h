/*
 * Waiting: condition variables, addresses, one-time initialization. Included by synchapi.h, whose
 * head holds here.
 */
#ifndef WIN32MEMORY_WAITING_H
#define WIN32MEMORY_WAITING_H

#include "../minwinbase.h"

typedef BOOL(WINAPI *PINIT_ONCE_FN)(PINIT_ONCE InitOnce, PVOID Parameter, PVOID *Context);

WIN32MEMORY_BEGIN_DECLARATIONS

/*
 * Condition variables: SleepConditionVariable* releases a lock, waits to be woken and takes the
 * lock again.
 *
 * ConditionVariable  set up by CONDITION_VARIABLE_INIT, zero or InitializeConditionVariable.
 * CriticalSection, SRWLock  held by the caller, once; held again when the call returns.
 * dwMilliseconds     how long to wait; INFINITE for ever.
 * Flags              CONDITION_VARIABLE_LOCKMODE_SHARED if SRWLock is held shared, else 0.
 * Returns            TRUE if woken, which may also happen for no reason; FALSE otherwise.
 * Errors             1460 the time is over.
 * Cost               waking is one load while nobody waits; else a system call.
 * Source             Learn, Condition Variables.
 */
WINBASEAPI VOID WINAPI InitializeConditionVariable(PCONDITION_VARIABLE ConditionVariable);
WINBASEAPI BOOL WINAPI SleepConditionVariableCS(PCONDITION_VARIABLE ConditionVariable,
                                                PCRITICAL_SECTION CriticalSection,
                                                DWORD dwMilliseconds);
WINBASEAPI BOOL WINAPI SleepConditionVariableSRW(PCONDITION_VARIABLE ConditionVariable,
                                                 PSRWLOCK SRWLock, DWORD dwMilliseconds,
                                                 ULONG Flags);
WINBASEAPI VOID WINAPI WakeConditionVariable(PCONDITION_VARIABLE ConditionVariable);
WINBASEAPI VOID WINAPI WakeAllConditionVariable(PCONDITION_VARIABLE ConditionVariable);

/*
 * WaitOnAddress - waits while a value stays what it was; WakeByAddress* ends the wait.
 *
 * Address         the value; no special alignment.
 * CompareAddress  what it must still be for the wait to begin.
 * AddressSize     bytes: 1, 2, 4 or 8.
 * dwMilliseconds  how long to wait; INFINITE for ever.
 * Returns         TRUE if the value differs or the thread was woken, which may also happen for no
 *                 reason; FALSE otherwise.
 * Errors          87 another size, or a NULL pointer; 1460 the time is over.
 * Cost            a few loads if the value differs; waking is one load while nobody waits.
 * Differs         threads of the same process only; WakeByAddressSingle may wake more than one.
 * Source          Learn, WaitOnAddress.
 */
WINBASEAPI BOOL WINAPI WaitOnAddress(volatile VOID *Address, PVOID CompareAddress,
                                     SIZE_T AddressSize, DWORD dwMilliseconds);
WINBASEAPI VOID WINAPI WakeByAddressSingle(PVOID Address);
WINBASEAPI VOID WINAPI WakeByAddressAll(PVOID Address);

/*
 * One-time initialization: by a callback (InitOnceExecuteOnce), or between InitOnceBeginInitialize
 * and InitOnceComplete. Others wait meanwhile, except with INIT_ONCE_ASYNC, where several may do it
 * and the first to complete wins.
 *
 * InitOnce   set up by INIT_ONCE_STATIC_INIT, zero or InitOnceInitialize.
 * InitFn     returns FALSE for failure; then the next caller tries again.
 * dwFlags    INIT_ONCE_CHECK_ONLY, INIT_ONCE_ASYNC; INIT_ONCE_INIT_FAILED to complete in failure.
 * fPending   receives TRUE if the caller is to initialize.
 * Context, lpContext  NULL, or the result; its two lowest bits must be zero.
 * Returns    TRUE or FALSE.
 * Errors     87 wrong flags or context, synchronous mixed with asynchronous; 31 not done yet, or
 *            nothing to complete; what InitFn has set.
 * Cost       one load once it is done.
 * Source     Learn, One-Time Initialization.
 */
WINBASEAPI VOID WINAPI InitOnceInitialize(PINIT_ONCE InitOnce);
WINBASEAPI BOOL WINAPI InitOnceExecuteOnce(PINIT_ONCE InitOnce, PINIT_ONCE_FN InitFn,
                                           PVOID Parameter, LPVOID *Context);
WINBASEAPI BOOL WINAPI InitOnceBeginInitialize(LPINIT_ONCE lpInitOnce, DWORD dwFlags,
                                               PBOOL fPending, LPVOID *lpContext);
WINBASEAPI BOOL WINAPI InitOnceComplete(LPINIT_ONCE lpInitOnce, DWORD dwFlags, LPVOID lpContext);

WIN32MEMORY_END_DECLARATIONS

#endif
