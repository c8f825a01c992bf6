/*
 * The last error of a thread.
 */
#ifndef WIN32MEMORY_ERRHANDLINGAPI_H
#define WIN32MEMORY_ERRHANDLINGAPI_H

#include "minwindef.h"

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
WINBASEAPI VOID WINAPI SetLastError(DWORD dwErrCode);

WIN32MEMORY_END_DECLARATIONS

#endif
