/*
 * This process: its handle, its id, its instruction cache.
 */
#ifndef WIN32MEMORY_PROCESSTHREADSAPI_H
#define WIN32MEMORY_PROCESSTHREADSAPI_H

#include "minwinbase.h"

WIN32MEMORY_BEGIN_DECLARATIONS

/*
 * GetCurrentProcess - the pseudo-handle of this process.
 *
 * Returns  (HANDLE)-1; cannot fail, need not be closed.
 * Safety   any thread, any signal handler.
 * Cost     a constant.
 * Source   Learn, GetCurrentProcess.
 */
WINBASEAPI HANDLE WINAPI GetCurrentProcess(void);

/*
 * GetCurrentProcessId - the process id.
 *
 * Returns  the Linux process id (getpid); a fork child has its own.
 * Safety   any thread, any signal handler.
 * Cost     one system call.
 * Source   Learn, GetCurrentProcessId; getpid(2).
 */
WINBASEAPI DWORD WINAPI GetCurrentProcessId(void);

/*
 * FlushInstructionCache - makes code that was just written ready to run.
 *
 * hProcess       GetCurrentProcess(), or a handle to this very process.
 * lpBaseAddress  first byte of the code; NULL with dwSize 0 for all.
 * dwSize         bytes.
 * Returns        TRUE or FALSE.
 * Errors         6 NULL or unknown handle.
 * Safety         any thread, any signal handler.
 * Cost           nothing on x86-64, which keeps its caches coherent; one pass over the range on arm64.
 * Source         Learn, FlushInstructionCache.
 */
WINBASEAPI BOOL WINAPI FlushInstructionCache(HANDLE hProcess, LPCVOID lpBaseAddress, SIZE_T dwSize);

WIN32MEMORY_END_DECLARATIONS

#endif
