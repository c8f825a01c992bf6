/*
 * What psapi.h has: memory counters of a process, its modules, its working set.
 */
#ifndef WIN32MEMORY_PROCESS_STATUS_H
#define WIN32MEMORY_PROCESS_STATUS_H

#include "../minwindef.h"

#define LIST_MODULES_DEFAULT 0x0
#define LIST_MODULES_32BIT 0x01
#define LIST_MODULES_64BIT 0x02
#define LIST_MODULES_ALL 0x03

typedef struct _MODULEINFO {
    LPVOID lpBaseOfDll;
    DWORD SizeOfImage; /* bytes */
    LPVOID EntryPoint;
} MODULEINFO, *LPMODULEINFO;

/* 72 bytes. Sizes and usages are bytes. */
typedef struct _PROCESS_MEMORY_COUNTERS {
    DWORD cb; /* set by the caller */
    DWORD PageFaultCount;
    SIZE_T PeakWorkingSetSize;
    SIZE_T WorkingSetSize;
    SIZE_T QuotaPeakPagedPoolUsage;
    SIZE_T QuotaPagedPoolUsage;
    SIZE_T QuotaPeakNonPagedPoolUsage;
    SIZE_T QuotaNonPagedPoolUsage;
    SIZE_T PagefileUsage;
    SIZE_T PeakPagefileUsage;
} PROCESS_MEMORY_COUNTERS, *PPROCESS_MEMORY_COUNTERS;

/* 80 bytes. */
typedef struct _PROCESS_MEMORY_COUNTERS_EX {
    DWORD cb;
    DWORD PageFaultCount;
    SIZE_T PeakWorkingSetSize;
    SIZE_T WorkingSetSize;
    SIZE_T QuotaPeakPagedPoolUsage;
    SIZE_T QuotaPagedPoolUsage;
    SIZE_T QuotaPeakNonPagedPoolUsage;
    SIZE_T QuotaNonPagedPoolUsage;
    SIZE_T PagefileUsage;
    SIZE_T PeakPagefileUsage;
    SIZE_T PrivateUsage;
} PROCESS_MEMORY_COUNTERS_EX, *PPROCESS_MEMORY_COUNTERS_EX;

/* 96 bytes. */
typedef struct _PROCESS_MEMORY_COUNTERS_EX2 {
    DWORD cb;
    DWORD PageFaultCount;
    SIZE_T PeakWorkingSetSize;
    SIZE_T WorkingSetSize;
    SIZE_T QuotaPeakPagedPoolUsage;
    SIZE_T QuotaPagedPoolUsage;
    SIZE_T QuotaPeakNonPagedPoolUsage;
    SIZE_T QuotaNonPagedPoolUsage;
    SIZE_T PagefileUsage;
    SIZE_T PeakPagefileUsage;
    SIZE_T PrivateUsage;
    SIZE_T PrivateWorkingSetSize;
    ULONG64 SharedCommitUsage;
} PROCESS_MEMORY_COUNTERS_EX2, *PPROCESS_MEMORY_COUNTERS_EX2;

typedef struct _PERFORMANCE_INFORMATION {
    DWORD cb;
    SIZE_T CommitTotal; /* pages, as the next ones up to KernelNonpaged */
    SIZE_T CommitLimit;
    SIZE_T CommitPeak;
    SIZE_T PhysicalTotal;
    SIZE_T PhysicalAvailable;
    SIZE_T SystemCache;
    SIZE_T KernelTotal;
    SIZE_T KernelPaged;
    SIZE_T KernelNonpaged;
    SIZE_T PageSize; /* bytes */
    DWORD HandleCount;
    DWORD ProcessCount;
    DWORD ThreadCount;
} PERFORMANCE_INFORMATION, *PPERFORMANCE_INFORMATION;

typedef union _PSAPI_WORKING_SET_BLOCK {
    ULONG_PTR Flags;
    __extension__ struct {
        ULONG_PTR Protection : 5;
        ULONG_PTR ShareCount : 3;
        ULONG_PTR Shared : 1;
        ULONG_PTR Reserved : 3;
        ULONG_PTR VirtualPage : 52;
    };
} PSAPI_WORKING_SET_BLOCK, *PPSAPI_WORKING_SET_BLOCK;

typedef struct _PSAPI_WORKING_SET_INFORMATION {
    ULONG_PTR NumberOfEntries;
    PSAPI_WORKING_SET_BLOCK WorkingSetInfo[1];
} PSAPI_WORKING_SET_INFORMATION, *PPSAPI_WORKING_SET_INFORMATION;

/* One page. With Valid 0 only Shared and Bad of the second form carry meaning. */
typedef union _PSAPI_WORKING_SET_EX_BLOCK {
    ULONG_PTR Flags;
    __extension__ struct {
        ULONG_PTR Valid : 1;
        ULONG_PTR ShareCount : 3;
        ULONG_PTR Win32Protection : 11;
        ULONG_PTR Shared : 1;
        ULONG_PTR Node : 6;
        ULONG_PTR Locked : 1;
        ULONG_PTR LargePage : 1;
        ULONG_PTR Reserved : 7;
        ULONG_PTR Bad : 1;
        ULONG_PTR ReservedUlong : 32;
    };
    struct {
        ULONG_PTR Valid : 1;
        ULONG_PTR Reserved0 : 14;
        ULONG_PTR Shared : 1;
        ULONG_PTR Reserved1 : 15;
        ULONG_PTR Bad : 1;
        ULONG_PTR ReservedUlong : 32;
    } Invalid;
} PSAPI_WORKING_SET_EX_BLOCK, *PPSAPI_WORKING_SET_EX_BLOCK;

/* 16 bytes. */
typedef struct _PSAPI_WORKING_SET_EX_INFORMATION {
    PVOID VirtualAddress;
    PSAPI_WORKING_SET_EX_BLOCK VirtualAttributes;
} PSAPI_WORKING_SET_EX_INFORMATION, *PPSAPI_WORKING_SET_EX_INFORMATION;

typedef struct _PSAPI_WS_WATCH_INFORMATION {
    LPVOID FaultingPc;
    LPVOID FaultingVa;
} PSAPI_WS_WATCH_INFORMATION, *PPSAPI_WS_WATCH_INFORMATION;

WIN32MEMORY_BEGIN_DECLARATIONS

/*
 * EnumProcessModules, K32EnumProcessModules - the modules of this process.
 *
 * hProcess    GetCurrentProcess(), or a handle to this very process.
 * lphModule   receives as many modules as fit, the program first.
 * cb          bytes in lphModule.
 * lpcbNeeded  receives the bytes that all modules take.
 * Returns     TRUE or FALSE.
 * Errors      6 NULL or unknown handle; 5 a handle without a right to query and PROCESS_VM_READ;
 *             998 a pointer that cannot be written: lpcbNeeded is found out last, with the modules
 *             stored already.
 * Safety      any thread, no signal handler.
 * Cost        a walk over the loaded modules.
 * Differs     modules are ELF files.
 * Source      Learn, EnumProcessModules.
 */
WINBASEAPI BOOL WINAPI EnumProcessModules(HANDLE hProcess, HMODULE *lphModule, DWORD cb,
                                          LPDWORD lpcbNeeded);
WINBASEAPI BOOL WINAPI K32EnumProcessModules(HANDLE hProcess, HMODULE *lphModule, DWORD cb,
                                             LPDWORD lpcbNeeded);

/*
 * GetModuleInformation, K32GetModuleInformation - where a module is mapped.
 *
 * hProcess   GetCurrentProcess(), or a handle to this very process.
 * hModule    a module; NULL for the program.
 * lpmodinfo  receives 24 bytes: base, bytes of address space, entry point.
 * cb         bytes in lpmodinfo.
 * Returns    TRUE or FALSE.
 * Errors     6 NULL or unknown process, or not a module; 5 a handle without a right to query and
 *            PROCESS_VM_READ; 122 cb below 24; 998 lpmodinfo unwritable.
 * Safety     any thread, no signal handler.
 * Cost       a walk over the loaded modules.
 * Differs    modules are ELF files.
 * Source     Learn, GetModuleInformation.
 */
WINBASEAPI BOOL WINAPI GetModuleInformation(HANDLE hProcess, HMODULE hModule,
                                            LPMODULEINFO lpmodinfo, DWORD cb);
WINBASEAPI BOOL WINAPI K32GetModuleInformation(HANDLE hProcess, HMODULE hModule,
                                               LPMODULEINFO lpmodinfo, DWORD cb);

/*
 * GetProcessMemoryInfo, K32GetProcessMemoryInfo - how much memory this process uses.
 *
 * Process         GetCurrentProcess(), or a handle to this very process that may query.
 * ppsmemCounters  receives the longest of the three forms that fits in cb: 72 bytes
 *                 (PROCESS_MEMORY_COUNTERS), 80 (_EX, with PrivateUsage) or 96 (_EX2, with
 *                 PrivateWorkingSetSize); its own cb says which.
 * cb              bytes at ppsmemCounters.
 * Returns         TRUE or FALSE.
 * Errors          122 cb below 72; 6 NULL or unknown handle; 5 the handle may not query;
 *                 998 ppsmemCounters NULL or unwritable.
 * Safety          any thread; async-signal-safe.
 * Cost            reads /proc/self/status: some 20 microseconds.
 * Differs         PagefileUsage and PrivateUsage are what is committed through this library, to
 *                 the byte: the C library's heap, stacks and program images are not in them.
 *                 The pool quotas and SharedCommitUsage are 0: there is nothing like them.
 * Source          Learn, GetProcessMemoryInfo; /proc/self/status in proc(5).
 */
WINBASEAPI BOOL WINAPI GetProcessMemoryInfo(HANDLE Process, PPROCESS_MEMORY_COUNTERS ppsmemCounters,
                                            DWORD cb);
WINBASEAPI BOOL WINAPI K32GetProcessMemoryInfo(HANDLE Process,
                                               PPROCESS_MEMORY_COUNTERS ppsmemCounters, DWORD cb);

/*
 * EmptyWorkingSet, K32EmptyWorkingSet - takes pages of this process out of RAM.
 *
 * hProcess  GetCurrentProcess(), or a handle to this very process with PROCESS_SET_QUOTA that may
 *           query.
 * Returns   TRUE or FALSE. Contents stay, and so do locked pages.
 * Errors    6 NULL or unknown handle; 5 a handle without the rights; 50 another process.
 * Safety    any thread; async-signal-safe.
 * Cost      a system call for each mapping, the writing of pages to swap, and reading them back when
 *           they are touched.
 * Differs   private memory stays in RAM on a machine without swap; nothing happens without /proc.
 * Source    Learn, EmptyWorkingSet; madvise(2), MADV_PAGEOUT.
 */
WINBASEAPI BOOL WINAPI EmptyWorkingSet(HANDLE hProcess);
WINBASEAPI BOOL WINAPI K32EmptyWorkingSet(HANDLE hProcess);

/*
 * QueryWorkingSetEx, K32QueryWorkingSetEx - whether pages are in RAM, and how they are used.
 *
 * hProcess  GetCurrentProcess(), or a handle to this very process with PROCESS_QUERY_INFORMATION.
 * pv        entries: VirtualAddress names a page by any byte, VirtualAttributes receives the answer.
 * cb        bytes at pv; a part of an entry at the end is left out.
 * Returns   TRUE or FALSE.
 * Errors    24 cb below 16; 6 NULL or unknown handle; 5 the handle may not query; 50 another
 *           process; 998 pv unwritable.
 * Safety    any thread; async-signal-safe.
 * Cost      three system calls, and one for each entry; some more for memory that is not this
 *           library's.
 * Differs   a page that lost its protection and got it back is Valid without a new access. ShareCount
 *           is 1 for every shared page, Node and LargePage are 0, and Locked is known for this
 *           library's memory only.
 * Source    Learn, QueryWorkingSetEx; the answers observed; proc_pid_pagemap(5).
 */
WINBASEAPI BOOL WINAPI QueryWorkingSetEx(HANDLE hProcess, PVOID pv, DWORD cb);
WINBASEAPI BOOL WINAPI K32QueryWorkingSetEx(HANDLE hProcess, PVOID pv, DWORD cb);

WIN32MEMORY_END_DECLARATIONS

#endif
