/*
 * Handles: a pointer-sized value that names an object and is never dereferenced. Ours name this
 * process and others, its threads, its token, memory resource notifications and its standard streams;
 * there are 4096 at most.
 */
#ifndef WIN32MEMORY_HANDLEAPI_H
#define WIN32MEMORY_HANDLEAPI_H

#include "minwindef.h"

/* Also the pseudo-handle of this process, where a process is asked for. */
#define INVALID_HANDLE_VALUE ((HANDLE)(LONG_PTR)-1)

#define HANDLE_FLAG_INHERIT 0x00000001
#define HANDLE_FLAG_PROTECT_FROM_CLOSE 0x00000002

WIN32MEMORY_BEGIN_DECLARATIONS

/*
 * CloseHandle - gives a handle back.
 *
 * hObject  a handle of this library; a pseudo-handle is accepted and nothing happens.
 * Returns  TRUE or FALSE.
 * Errors   6 any other value.
 * Safety   any thread, any signal handler.
 * Cost     an atomic operation.
 * Source   Learn, CloseHandle.
 */
WINBASEAPI BOOL WINAPI CloseHandle(HANDLE hObject);

/*
 * DuplicateHandle - another handle to the same object.
 *
 * hSourceProcessHandle, hTargetProcessHandle  this process both.
 * hSourceHandle    a handle or pseudo-handle; GetCurrentThread() becomes a handle to this thread.
 * lpTargetHandle   receives the new handle; may be NULL with DUPLICATE_CLOSE_SOURCE.
 * dwDesiredAccess  rights of the new handle, unless DUPLICATE_SAME_ACCESS.
 * bInheritHandle   ignored: a fork child has all handles.
 * dwOptions        DUPLICATE_CLOSE_SOURCE, DUPLICATE_SAME_ACCESS.
 * Returns          TRUE or FALSE.
 * Errors           6 a process or a source that is no handle; 87 other options; 998 lpTargetHandle
 *                  unwritable; 8 no handle left.
 * Safety           any thread, any signal handler.
 * Cost             a few atomic operations.
 * Source           Learn, DuplicateHandle.
 */
WINBASEAPI BOOL WINAPI DuplicateHandle(HANDLE hSourceProcessHandle, HANDLE hSourceHandle,
                                       HANDLE hTargetProcessHandle, LPHANDLE lpTargetHandle,
                                       DWORD dwDesiredAccess, BOOL bInheritHandle, DWORD dwOptions);

WIN32MEMORY_END_DECLARATIONS

#endif
