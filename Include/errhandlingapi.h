/*
 * The last error of a thread; vectored exception handlers, the top-level filter, RaiseException.
 */
#ifndef WIN32MEMORY_ERRHANDLINGAPI_H
#define WIN32MEMORY_ERRHANDLINGAPI_H

#include "minwindef.h"

#define SEM_FAILCRITICALERRORS 0x0001
#define SEM_NOGPFAULTERRORBOX 0x0002
#define SEM_NOALIGNMENTFAULTEXCEPT 0x0004
#define SEM_NOOPENFILEERRORBOX 0x8000

typedef LONG(WINAPI *PTOP_LEVEL_EXCEPTION_FILTER)(struct _EXCEPTION_POINTERS *ExceptionInfo);
typedef PTOP_LEVEL_EXCEPTION_FILTER LPTOP_LEVEL_EXCEPTION_FILTER;

WIN32MEMORY_BEGIN_DECLARATIONS

/*
 * GetLastError - the calling thread's last error.
 *
 * Returns  an ERROR_* code; 0 in a new thread. Only meaningful after a call that failed.
 * Safety   any thread, any signal handler. A handler should restore what it found.
 * Cost     one load from thread-local storage.
 * Differs  independent of errno.
 * Source   Learn, GetLastError.
 */
WINBASEAPI DWORD WINAPI GetLastError(void);

/*
 * SetLastError - sets the calling thread's last error.
 *
 * dwErrCode  any value; GetLastError returns it until the next failing call of this thread.
 * Safety     any thread, any signal handler.
 * Cost       one store to thread-local storage.
 * Source     Learn, SetLastError.
 */
WINBASEAPI void WINAPI SetLastError(DWORD dwErrCode);

/*
 * AddVectoredExceptionHandler - has a function called for every exception of any thread, before the
 * frames of __try and the top-level filter. AddVectoredContinueHandler - has it called when
 * somebody decided to continue execution.
 *
 * First    non-zero: before the handlers that are there already; zero: after them.
 * Handler  is given the record and the registers, on the thread that faulted. It answers
 *          EXCEPTION_CONTINUE_EXECUTION to go on with the registers as they then are; anything else
 *          passes the exception on. It may call this library, fault, remove itself, longjmp away.
 * Returns  a handle for the Remove function; NULL on failure.
 * Errors   87 Handler is NULL; 8 1,000 handlers are registered.
 * Safety   any thread, any signal handler. A Handler runs inside a signal handler: of libc it may
 *          call what is async-signal-safe, on the thread's alternate stack if it has one.
 * Cost     the first call installs five signal actions; later ones are a few stores.
 * Differs  exceptions are SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP and RaiseException.
 * Source   Learn, AddVectoredExceptionHandler, AddVectoredContinueHandler.
 */
WINBASEAPI PVOID WINAPI AddVectoredExceptionHandler(ULONG First,
                                                    PVECTORED_EXCEPTION_HANDLER Handler);
WINBASEAPI PVOID WINAPI AddVectoredContinueHandler(ULONG First,
                                                   PVECTORED_EXCEPTION_HANDLER Handler);

/*
 * RemoveVectoredExceptionHandler, RemoveVectoredContinueHandler - take a handler off its list.
 *
 * Handle   what the Add function of the same list gave.
 * Returns  non-zero on success, zero if Handle is not on the list; the last error is left alone.
 * Safety   any thread, any signal handler, the handler itself. A call that has begun on another
 *          thread is not waited for.
 * Cost     one atomic operation.
 * Source   Learn, RemoveVectoredExceptionHandler, RemoveVectoredContinueHandler.
 */
WINBASEAPI ULONG WINAPI RemoveVectoredExceptionHandler(PVOID Handle);
WINBASEAPI ULONG WINAPI RemoveVectoredContinueHandler(PVOID Handle);

/*
 * SetUnhandledExceptionFilter - sets the function that is asked when no handler and no frame wants
 * an exception.
 *
 * lpTopLevelExceptionFilter  answers EXCEPTION_EXECUTE_HANDLER: end the process now, silently, by
 *          the signal's default action; EXCEPTION_CONTINUE_SEARCH: the usual end (the signal action
 *          that stood before ours, or one line on stderr and the default action);
 *          EXCEPTION_CONTINUE_EXECUTION: go on. NULL: no filter.
 * Returns  the filter before, NULL at first. Cannot fail.
 * Safety   any thread, any signal handler.
 * Cost     the first call installs five signal actions.
 * Differs  the process ends by its signal (SIGSEGV, ...), not with the exception code as status:
 *          a status has 8 bits on Linux.
 * Source   Learn, SetUnhandledExceptionFilter.
 */
WINBASEAPI LPTOP_LEVEL_EXCEPTION_FILTER WINAPI
SetUnhandledExceptionFilter(LPTOP_LEVEL_EXCEPTION_FILTER lpTopLevelExceptionFilter);

/*
 * UnhandledExceptionFilter - asks the top-level filter, as a filter expression may.
 *
 * ExceptionInfo  what GetExceptionInformation gave.
 * Returns  EXCEPTION_CONTINUE_EXECUTION or EXCEPTION_EXECUTE_HANDLER; the latter, after the line on
 *          stderr, if there is no filter or it answers EXCEPTION_CONTINUE_SEARCH.
 * Safety   any thread, any signal handler.
 * Source   Learn, UnhandledExceptionFilter.
 */
WINBASEAPI LONG WINAPI UnhandledExceptionFilter(struct _EXCEPTION_POINTERS *ExceptionInfo);

/*
 * RaiseException - an exception of the program's own, dispatched like a fault.
 *
 * dwExceptionCode     any code.
 * dwExceptionFlags    0, or EXCEPTION_NONCONTINUABLE.
 * nNumberOfArguments  elements of lpArguments; beyond 15 they are dropped.
 * lpArguments         becomes ExceptionInformation; NULL: none.
 * Returns  when a handler continues execution; its changes to the registers are in force then.
 * Safety   any thread, any signal handler.
 * Cost     that of the handlers, and one system call to continue.
 * Differs  if nobody handles it the process ends by the signal that such a fault would come by
 *          (SIGSEGV, SIGFPE, ...), for other codes by SIGABRT. ExceptionAddress is where it
 *          returns.
 * Source   Learn, RaiseException.
 */
WINBASEAPI VOID WINAPI RaiseException(DWORD dwExceptionCode, DWORD dwExceptionFlags,
                                      DWORD nNumberOfArguments, const ULONG_PTR *lpArguments);

/*
 * SetErrorMode, GetErrorMode - SEM_NOGPFAULTERRORBOX silences the line about unhandled exceptions.
 *
 * uMode    SEM_* flags; the others are remembered and have no effect.
 * Returns  the flags before, or the present ones.
 * Safety   any thread, any signal handler. One value for the process.
 * Differs  not inherited by child processes.
 * Source   Learn, SetErrorMode.
 */
WINBASEAPI UINT WINAPI SetErrorMode(UINT uMode);
WINBASEAPI UINT WINAPI GetErrorMode(VOID);

WIN32MEMORY_END_DECLARATIONS

#endif
