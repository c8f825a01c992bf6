/*
 * The last error of a thread; the types and flags of exception filters.
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

WIN32MEMORY_END_DECLARATIONS

#endif
