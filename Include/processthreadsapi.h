/*
 * This process: its handle, its id, its instruction cache; the types of the process functions.
 */
#ifndef WIN32MEMORY_PROCESSTHREADSAPI_H
#define WIN32MEMORY_PROCESSTHREADSAPI_H

#include "minwinbase.h"
#include "win32memory/thread_functions.h"

#define TLS_OUT_OF_INDEXES 0xFFFFFFFFu

typedef struct _PROCESS_INFORMATION {
    HANDLE hProcess;
    HANDLE hThread;
    DWORD dwProcessId;
    DWORD dwThreadId;
} PROCESS_INFORMATION, *PPROCESS_INFORMATION, *LPPROCESS_INFORMATION;

/* 104 bytes. */
typedef struct _STARTUPINFOA {
    DWORD cb; /* bytes, set by the caller */
    LPSTR lpReserved;
    LPSTR lpDesktop;
    LPSTR lpTitle;
    DWORD dwX;
    DWORD dwY;
    DWORD dwXSize;
    DWORD dwYSize;
    DWORD dwXCountChars;
    DWORD dwYCountChars;
    DWORD dwFillAttribute;
    DWORD dwFlags;
    WORD wShowWindow;
    WORD cbReserved2;
    LPBYTE lpReserved2;
    HANDLE hStdInput;
    HANDLE hStdOutput;
    HANDLE hStdError;
} STARTUPINFOA, *LPSTARTUPINFOA;

typedef struct _STARTUPINFOW {
    DWORD cb;
    LPWSTR lpReserved;
    LPWSTR lpDesktop;
    LPWSTR lpTitle;
    DWORD dwX;
    DWORD dwY;
    DWORD dwXSize;
    DWORD dwYSize;
    DWORD dwXCountChars;
    DWORD dwYCountChars;
    DWORD dwFillAttribute;
    DWORD dwFlags;
    WORD wShowWindow;
    WORD cbReserved2;
    LPBYTE lpReserved2;
    HANDLE hStdInput;
    HANDLE hStdOutput;
    HANDLE hStdError;
} STARTUPINFOW, *LPSTARTUPINFOW;

#ifdef UNICODE
typedef STARTUPINFOW STARTUPINFO, *LPSTARTUPINFO;
#else
typedef STARTUPINFOA STARTUPINFO, *LPSTARTUPINFO;
#endif

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
 * OpenProcess - a handle to a process, this one or another.
 *
 * dwDesiredAccess  PROCESS_* or generic rights; the handle has exactly those. PROCESS_VM_* need the
 *                  right to trace the process: the same user, as Linux and its security modules
 *                  (Yama) allow it. The others but PROCESS_QUERY_LIMITED_INFORMATION and
 *                  SYNCHRONIZE need the right to send it signals.
 * bInheritHandle   has no effect: a fork child has every handle.
 * dwProcessId      a Linux process id; no thread's.
 * Returns          the handle, to be given to CloseHandle, or NULL.
 * Errors           87 no such process, 0 included; 5 not allowed; 8 no handle left.
 * Safety           any thread, any signal handler.
 * Cost             this process: a few atomic operations; another: eight system calls.
 * Differs          ids are exact and not rounded to multiples of 4. A process that has ended does
 *                  not wait for its handles: all calls with them then fail with 5. A handle to the
 *                  process itself names, in a fork child, that child.
 * Source           Learn, OpenProcess; ptrace(2), Ptrace access mode checking.
 */
WINBASEAPI HANDLE WINAPI OpenProcess(DWORD dwDesiredAccess, BOOL bInheritHandle, DWORD dwProcessId);

/*
 * GetProcessId - the process id of a handle.
 *
 * Process  GetCurrentProcess() or OpenProcess's, with a right to query.
 * Returns  the Linux process id, or 0.
 * Errors   6 NULL or unknown handle; 5 a handle without the right.
 * Safety   any thread, any signal handler.
 * Cost     for this process a system call, else none.
 * Source   Learn, GetProcessId.
 */
WINBASEAPI DWORD WINAPI GetProcessId(HANDLE Process);

/*
 * FlushInstructionCache - makes code that was just written ready to run.
 *
 * hProcess       GetCurrentProcess(), or a handle to this very process.
 * lpBaseAddress  first byte of the code; NULL with dwSize 0 for all.
 * dwSize         bytes.
 * Returns        TRUE or FALSE.
 * Errors         6 NULL or unknown handle.
 * Safety         any thread, any signal handler.
 * Cost           nothing on x86-64, which keeps its caches coherent; one pass over the range on
 *                arm64.
 * Source         Learn, FlushInstructionCache.
 */
WINBASEAPI BOOL WINAPI FlushInstructionCache(HANDLE hProcess, LPCVOID lpBaseAddress, SIZE_T dwSize);

/*
 * GetCurrentThread - the pseudo-handle of the calling thread.
 *
 * Returns  (HANDLE)-2; cannot fail, need not be closed. DuplicateHandle makes it a handle that
 *          other threads may use.
 * Safety   any thread, any signal handler.
 * Cost     a constant.
 * Source   Learn, GetCurrentThread.
 */
WINBASEAPI HANDLE WINAPI GetCurrentThread(void);

/*
 * OpenProcessToken - a handle to the token of this process.
 *
 * ProcessHandle  GetCurrentProcess(), or a handle to this very process.
 * DesiredAccess  TOKEN_*.
 * TokenHandle    receives the handle, to be given to CloseHandle.
 * Returns        TRUE or FALSE.
 * Errors         6 NULL or unknown handle; 998 TokenHandle unwritable; 8 no handle left.
 * Safety         any thread, any signal handler.
 * Cost           a few atomic operations.
 * Source         Learn, OpenProcessToken.
 */
WINBASEAPI BOOL WINAPI OpenProcessToken(HANDLE ProcessHandle, DWORD DesiredAccess,
                                        PHANDLE TokenHandle);

/*
 * SetProcessWorkingSetSizeEx, SetProcessWorkingSetSize - how much RAM the process wants.
 *
 * hProcess               GetCurrentProcess(), or a handle to this very process with
 *                        PROCESS_SET_QUOTA.
 * dwMinimumWorkingSetSize, dwMaximumWorkingSetSize  bytes, rounded up to pages: 0 < minimum <=
 *                        maximum, and the maximum at least 13 pages. A minimum below 20 pages is
 *                        raised. (SIZE_T)-1 for both empties the working set.
 * Flags                  QUOTA_LIMITS_HARDWS_*, not both of a pair; 0 leaves them.
 * Returns                TRUE or FALSE.
 * Errors                 87 malformed; 6 NULL or unknown handle; 5 a handle without the right; 50
 *                        another process. Nothing changes then.
 * Safety                 any thread, any signal handler.
 * Cost                   two system calls; emptying as EmptyWorkingSet.
 * Differs                the sizes are only reported. The minimum raises how much VirtualLock may
 *                        lock (RLIMIT_MEMLOCK), as far as the hard limit allows, and never lowers
 *                        it.
 * Source                 Learn, SetProcessWorkingSetSizeEx; setrlimit(2).
 */
WINBASEAPI BOOL WINAPI SetProcessWorkingSetSizeEx(HANDLE hProcess, SIZE_T dwMinimumWorkingSetSize,
                                                  SIZE_T dwMaximumWorkingSetSize, DWORD Flags);
WINBASEAPI BOOL WINAPI SetProcessWorkingSetSize(HANDLE hProcess, SIZE_T dwMinimumWorkingSetSize,
                                                SIZE_T dwMaximumWorkingSetSize);

/*
 * GetProcessWorkingSetSizeEx, GetProcessWorkingSetSize - what the functions above have set.
 *
 * hProcess                 GetCurrentProcess(), or a handle to this very process that may query.
 * lpMinimumWorkingSetSize  receives bytes; 50 pages at first.
 * lpMaximumWorkingSetSize  receives bytes; 345 pages at first.
 * Flags                    receives QUOTA_LIMITS_HARDWS_*; both disabled at first.
 * Returns                  TRUE or FALSE.
 * Errors                   998 a result unwritable; 6 NULL or unknown handle; 5 the handle may not
 *                          query; 50 another process.
 * Safety                   any thread, any signal handler.
 * Cost                     no system call, if the results are on the caller's stack.
 * Source                   Learn, GetProcessWorkingSetSizeEx.
 */
WINBASEAPI BOOL WINAPI GetProcessWorkingSetSizeEx(HANDLE hProcess, PSIZE_T lpMinimumWorkingSetSize,
                                                  PSIZE_T lpMaximumWorkingSetSize, PDWORD Flags);
WINBASEAPI BOOL WINAPI GetProcessWorkingSetSize(HANDLE hProcess, PSIZE_T lpMinimumWorkingSetSize,
                                                PSIZE_T lpMaximumWorkingSetSize);

/*
 * FlushProcessWriteBuffers - a full memory barrier on every processor that runs a thread of the process.
 *
 * Safety  any thread, any signal handler. Cannot fail.
 * Cost    an interrupt of those processors; on kernels before 4.14 some milliseconds.
 * Source  Learn, FlushProcessWriteBuffers; membarrier(2).
 */
WINBASEAPI VOID WINAPI FlushProcessWriteBuffers(VOID);

WIN32MEMORY_END_DECLARATIONS

#endif
