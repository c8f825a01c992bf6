/*
 * The calling thread: its number, its stack, its processor, its storage. Included by
 * processthreadsapi.h. Safe from any thread; all but Tls* and GetCurrentThreadStackLimits also from
 * a signal handler.
 */
#ifndef WIN32MEMORY_THREAD_FUNCTIONS_H
#define WIN32MEMORY_THREAD_FUNCTIONS_H

#include "base_types.h"
#include "processor_topology.h"

WIN32MEMORY_BEGIN_DECLARATIONS

/*
 * GetCurrentThreadId - the number of the calling thread.
 *
 * Returns  the kernel's thread id (gettid), never 0; a fork child's thread has a new one.
 * Cost     one load after the first call.
 * Source   Learn, GetCurrentThreadId; gettid(2).
 */
WINBASEAPI DWORD WINAPI GetCurrentThreadId(void);

/*
 * GetCurrentThreadStackLimits - where the stack of the calling thread is.
 *
 * LowLimit   receives the lowest address that it may grow to.
 * HighLimit  receives the address behind its first byte.
 * Returns    nothing; with a thread that is not the C library's, zeroes.
 * Cost       the first thread: reads /proc/self/maps; others: a look into the C library.
 * Differs    the first thread's low limit follows RLIMIT_STACK.
 * Source     Learn, GetCurrentThreadStackLimits; pthread_getattr_np(3).
 */
WINBASEAPI VOID WINAPI GetCurrentThreadStackLimits(PULONG_PTR LowLimit, PULONG_PTR HighLimit);

/*
 * SetThreadStackGuarantee - how much stack handlers have after the thread's own has run out.
 *
 * StackSizeInBytes  the bytes wanted, 0 to ask; receives what was guaranteed before.
 * Returns  TRUE; else FALSE, and nothing has changed.
 * Errors   ERROR_INVALID_PARAMETER: more than 16 MiB, more than there is memory for, or called from a
 *          handler that runs on the stack in question.
 * Cost     a mapping if more than 32 KiB are wanted: handlers run on an alternate signal stack then.
 * Differs  a thread with an alternate signal stack of its own keeps that, whatever its size.
 * Source   Learn, SetThreadStackGuarantee.
 */
WINBASEAPI BOOL WINAPI SetThreadStackGuarantee(PULONG StackSizeInBytes);

/*
 * SwitchToThread - gives the processor to another thread that is ready.
 *
 * Returns  TRUE; Linux does not say whether there was one.
 * Cost     one system call.
 * Source   Learn, SwitchToThread; sched_yield(2).
 */
WINBASEAPI BOOL WINAPI SwitchToThread(void);

/*
 * GetCurrentProcessorNumber, GetCurrentProcessorNumberEx - the processor that runs this thread now.
 *
 * ProcNumber  receives the group, 64 processors to each, and the number in it.
 * Returns     the number in its group.
 * Cost        no system call as a rule.
 * Source      Learn, GetCurrentProcessorNumberEx; getcpu(2).
 */
WINBASEAPI DWORD WINAPI GetCurrentProcessorNumber(void);
WINBASEAPI VOID WINAPI GetCurrentProcessorNumberEx(PPROCESSOR_NUMBER ProcNumber);

/*
 * Thread-local storage: TlsAlloc gives an index, under which every thread has a value of its own,
 * NULL at first.
 *
 * dwTlsIndex  from TlsAlloc; there are 1088.
 * Returns     TlsAlloc: the index, or TLS_OUT_OF_INDEXES. TlsGetValue: the value; the last error is
 *             0 then, to tell a value of NULL from a failure. TlsGetValue2: the value, or NULL; it
 *             leaves the last error alone. Others: TRUE or FALSE.
 * Errors      87 no such index; 259 no index left; 8 no memory for this thread's values.
 * Cost        a few loads; the first TlsSetValue of a thread maps 48 KiB of address space.
 * Source      Learn, Thread Local Storage.
 */
WINBASEAPI DWORD WINAPI TlsAlloc(void);
WINBASEAPI LPVOID WINAPI TlsGetValue(DWORD dwTlsIndex);
WINBASEAPI LPVOID WINAPI TlsGetValue2(DWORD dwTlsIndex);
WINBASEAPI BOOL WINAPI TlsSetValue(DWORD dwTlsIndex, LPVOID lpTlsValue);
WINBASEAPI BOOL WINAPI TlsFree(DWORD dwTlsIndex);

/*
 * ExitProcess - ends the process as exit does.
 *
 * uExitCode  its low 8 bits reach the parent.
 * Returns    never.
 * Source     Learn, ExitProcess; exit(3).
 */
WINBASEAPI DECLSPEC_NORETURN VOID WINAPI ExitProcess(UINT uExitCode);

WIN32MEMORY_END_DECLARATIONS

#endif
