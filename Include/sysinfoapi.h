/*
 * What the machine has: page size, address limits, processors, memory.
 */
#ifndef WIN32MEMORY_SYSINFOAPI_H
#define WIN32MEMORY_SYSINFOAPI_H

#include "minwinbase.h"
#include "win32memory/processor_architecture.h"

/* 48 bytes. */
typedef struct _SYSTEM_INFO {
    __extension__ union {
        DWORD dwOemId;
        __extension__ struct {
            WORD wProcessorArchitecture; /* PROCESSOR_ARCHITECTURE_* */
            WORD wReserved;
        };
    };
    DWORD dwPageSize;                   /* bytes */
    LPVOID lpMinimumApplicationAddress; /* lowest address that can be allocated */
    LPVOID lpMaximumApplicationAddress; /* highest, inclusive */
    DWORD_PTR dwActiveProcessorMask;    /* bit n: processor n is there; the first 64 */
    DWORD dwNumberOfProcessors;         /* at most 64, as the mask is */
    DWORD dwProcessorType;              /* PROCESSOR_* */
    DWORD dwAllocationGranularity;      /* bytes between possible bases of a reservation */
    WORD wProcessorLevel;               /* family */
    WORD wProcessorRevision;            /* model << 8 | stepping */
} SYSTEM_INFO, *LPSYSTEM_INFO;

/* 64 bytes. All ull members are bytes. */
typedef struct _MEMORYSTATUSEX {
    DWORD dwLength;     /* set by the caller: sizeof(MEMORYSTATUSEX) */
    DWORD dwMemoryLoad; /* physical memory in use, percent */
    DWORDLONG ullTotalPhys;
    DWORDLONG ullAvailPhys;
    DWORDLONG ullTotalPageFile; /* commit limit */
    DWORDLONG ullAvailPageFile; /* what can still be committed */
    DWORDLONG ullTotalVirtual;
    DWORDLONG ullAvailVirtual;
    DWORDLONG ullAvailExtendedVirtual; /* always 0 */
} MEMORYSTATUSEX, *LPMEMORYSTATUSEX;

WIN32MEMORY_BEGIN_DECLARATIONS

/*
 * GetSystemInfo - page size, allocation granularity, address limits, processors.
 *
 * lpSystemInfo  receives 48 bytes; must be writable.
 * Returns       nothing; cannot fail.
 * Safety        any thread, any signal handler.
 * Cost          at most a few system calls.
 * Differs       counts the processors that are online, at most 64.
 * Source        Learn, GetSystemInfo and SYSTEM_INFO.
 */
WINBASEAPI void WINAPI GetSystemInfo(LPSYSTEM_INFO lpSystemInfo);

/*
 * GetNativeSystemInfo - the same as GetSystemInfo, for a 64-bit process.
 *
 * lpSystemInfo           receives 48 bytes; must be writable.
 * Returns, Safety, Cost  as GetSystemInfo.
 * Source                 Learn, GetNativeSystemInfo.
 */
WINBASEAPI void WINAPI GetNativeSystemInfo(LPSYSTEM_INFO lpSystemInfo);

/*
 * GlobalMemoryStatusEx - physical memory, commit limit and address space, total and left.
 *
 * lpBuffer  dwLength set to 64 by the caller; receives the rest.
 * Returns   TRUE or FALSE.
 * Errors    87 dwLength is not 64; 998 lpBuffer NULL or not accessible.
 * Safety    any thread.
 * Cost      reads /proc and cgroup files; not for an inner loop.
 * Differs   a cgroup's memory limit counts as the machine's.
 * Source    Learn, GlobalMemoryStatusEx and MEMORYSTATUSEX.
 */
WINBASEAPI BOOL WINAPI GlobalMemoryStatusEx(LPMEMORYSTATUSEX lpBuffer);

/*
 * GetTickCount, GetTickCount64 - milliseconds since the machine was started.
 *
 * Returns  the time, sleep included; GetTickCount wraps after 49.7 days.
 * Safety   any thread, any signal handler.
 * Cost     no system call.
 * Source   Learn, GetTickCount64; clock_gettime(2), CLOCK_BOOTTIME.
 */
WINBASEAPI DWORD WINAPI GetTickCount(void);
WINBASEAPI ULONGLONG WINAPI GetTickCount64(void);

/*
 * GetSystemTimeAsFileTime - the time of day.
 *
 * lpSystemTimeAsFileTime  receives 100-nanosecond intervals since 1601-01-01 UTC.
 * Safety                  any thread, any signal handler.
 * Cost                    no system call.
 * Source                  Learn, GetSystemTimeAsFileTime.
 */
WINBASEAPI VOID WINAPI GetSystemTimeAsFileTime(LPFILETIME lpSystemTimeAsFileTime);

/*
 * GetPhysicallyInstalledSystemMemory - RAM in KiB.
 *
 * TotalMemoryInKilobytes  receives it.
 * Returns                 TRUE or FALSE.
 * Errors                  87 a NULL pointer.
 * Safety                  any thread, any signal handler.
 * Cost                    a few system calls.
 * Differs                 what the kernel manages, a little less than what is installed.
 * Source                  Learn, GetPhysicallyInstalledSystemMemory; sysinfo(2).
 */
WINBASEAPI BOOL WINAPI GetPhysicallyInstalledSystemMemory(PULONGLONG TotalMemoryInKilobytes);

WIN32MEMORY_END_DECLARATIONS

#endif
