/*
 * Virtual memory: reserve, commit, protect, query, lock.
 *
 * Addresses and sizes are in bytes and need not be rounded. A range covers every page (4 KiB) that
 * holds one of its bytes; a reservation begins at a multiple of 64 KiB. Success leaves GetLastError
 * as it was; failure sets it and changes no page. Every function here is safe to call from any
 * thread, from a signal handler and in a fork child, and none calls malloc.
 */
#ifndef WIN32MEMORY_MEMORYAPI_H
#define WIN32MEMORY_MEMORYAPI_H

#include "minwindef.h"
#include "minwinbase.h"
#include "win32memory/extended_allocation.h"
#include "win32memory/file_mapping.h"
#include "win32memory/memory_notification.h"
#include "win32memory/offered_memory.h"
#include "win32memory/process_memory.h"

WIN32MEMORY_BEGIN_DECLARATIONS

/*
 * VirtualAlloc - reserves, commits or resets pages of this process.
 *
 * lpAddress         NULL to let the system choose; else exact: rounded down to 64 KiB for
 *                   MEM_RESERVE and to the page otherwise, never moved.
 * dwSize            bytes, not 0; rounded up to whole pages.
 * flAllocationType  MEM_COMMIT, MEM_RESERVE or both, with MEM_TOP_DOWN; or MEM_RESET or
 *                   MEM_RESET_UNDO alone. Commit on committed pages keeps their contents and
 *                   applies flProtect.
 * flProtect         one base PAGE_* with legal modifiers; always checked, also where it has no
 *                   effect.
 * Returns           the rounded base, or NULL. New committed pages read as zero.
 * Errors            87 malformed argument; 487 range taken, or not one reservation's; 8 no room;
 *                   1455 commit limit; 1314 MEM_LARGE_PAGES without the right; 50 a legal type that
 *                   is not there yet (MEM_WRITE_WATCH, MEM_PHYSICAL).
 * Cost              reserve: book-keeping alone, but for MEM_TOP_DOWN, which looks for the highest
 *                   place of all (see VirtualAlloc2); commit and reset: as a rule one system call.
 * Differs           the commit limit is memory plus swap, or the cgroup's limit, not the page file.
 * Source            Learn, VirtualAlloc, Parameters and Remarks.
 */
WINBASEAPI LPVOID WINAPI VirtualAlloc(LPVOID lpAddress, SIZE_T dwSize, DWORD flAllocationType,
                                      DWORD flProtect);

/*
 * VirtualAllocEx - VirtualAlloc in the process of a handle.
 *
 * hProcess          GetCurrentProcess(), or a handle to this very process.
 * Returns, Cost     as VirtualAlloc.
 * Errors            as VirtualAlloc; 6 for NULL or an unknown handle, after the checks for 87; 50
 *                   another process.
 * Differs           no other process can be reached.
 * Source            Learn, VirtualAllocEx.
 */
WINBASEAPI LPVOID WINAPI VirtualAllocEx(HANDLE hProcess, LPVOID lpAddress, SIZE_T dwSize,
                                        DWORD flAllocationType, DWORD flProtect);

/*
 * VirtualFree - decommits pages, releases a whole reservation, or divides and joins placeholders.
 *
 * lpAddress   MEM_RELEASE: in the first page of the reservation; MEM_DECOMMIT: any byte in one.
 * dwSize      bytes. Must be 0 with MEM_RELEASE; 0 with MEM_DECOMMIT and the base means all of it;
 *             not 0 for placeholders.
 * dwFreeType  exactly MEM_DECOMMIT or MEM_RELEASE; or MEM_RELEASE | MEM_PRESERVE_PLACEHOLDER: pages
 *             inside a placeholder become one of their own, as do pages of memory that has replaced
 *             one, and the rest stays; or MEM_RELEASE | MEM_COALESCE_PLACEHOLDERS: two or more
 *             placeholders, exactly these pages, become one.
 * Returns     TRUE or FALSE. The storage is with the system again at once; access faults.
 * Errors      87 malformed, past the end of the reservation, or a file's or a program's mapping;
 *             487 not allocated, or not the base, or not the placeholders that dwFreeType needs; 8
 *             the kernel cannot split another mapping.
 * Cost        as a rule one system call; none for pages that were never committed.
 * Differs     memory that VirtualAlloc did not make is refused, however it is mapped.
 * Source      Learn, VirtualFree; any address in the first page is accepted (observed).
 */
WINBASEAPI BOOL WINAPI VirtualFree(LPVOID lpAddress, SIZE_T dwSize, DWORD dwFreeType);

/*
 * VirtualFreeEx - VirtualFree in the process of a handle.
 *
 * hProcess       GetCurrentProcess(), or a handle to this very process.
 * Returns, Cost  as VirtualFree.
 * Errors         as VirtualFree; 6 for NULL or an unknown handle, after the checks for malformed
 *                arguments; 50 another process.
 * Differs        no other process can be reached.
 * Source         Learn, VirtualFreeEx.
 */
WINBASEAPI BOOL WINAPI VirtualFreeEx(HANDLE hProcess, LPVOID lpAddress, SIZE_T dwSize,
                                     DWORD dwFreeType);

/*
 * VirtualProtect - changes the protection of committed pages.
 *
 * lpAddress       any byte of the first page; all pages must be committed and of one allocation.
 * dwSize          bytes, not 0.
 * flNewProtect    one base PAGE_* with legal modifiers; no WRITECOPY on private memory.
 * lpflOldProtect  receives the protection that the first page had, or PAGE_NOACCESS if the call is
 *                 refused with 487; required. It may lie in the pages: then it receives it if they
 *                 can be written afterwards.
 * Returns         TRUE or FALSE.
 * Errors          87 malformed or not allowed for this memory; 998 lpflOldProtect NULL or
 *                 unwritable; 487 free or reserved pages, or two allocations; 8 out of kernel
 *                 mappings.
 * Cost            as a rule one system call.
 * Differs         works on memory that the program mapped by other means, as code patchers need.
 * Source          Learn, VirtualProtect; order of the checks observed.
 */
WINBASEAPI BOOL WINAPI VirtualProtect(LPVOID lpAddress, SIZE_T dwSize, DWORD flNewProtect,
                                      PDWORD lpflOldProtect);

/*
 * VirtualProtectEx - VirtualProtect in the process of a handle.
 *
 * hProcess       GetCurrentProcess(), or a handle to this very process.
 * Returns, Cost  as VirtualProtect.
 * Errors         as VirtualProtect; 6 for NULL or an unknown handle, after the checks for 87 and
 *                998; 50 another process.
 * Differs        no other process can be reached.
 * Source         Learn, VirtualProtectEx.
 */
WINBASEAPI BOOL WINAPI VirtualProtectEx(HANDLE hProcess, LPVOID lpAddress, SIZE_T dwSize,
                                        DWORD flNewProtect, PDWORD lpflOldProtect);

/*
 * VirtualQuery - describes the run of like pages that begins at an address.
 *
 * lpAddress  any byte; rounded down to a page. Own, free and foreign memory all have an answer.
 * lpBuffer   receives the description.
 * dwLength   bytes in lpBuffer, at least 48.
 * Returns    48, or 0.
 * Errors     24 dwLength too small; 998 lpBuffer NULL or unwritable; 87 above user space.
 * Cost       no system call for own memory; foreign memory costs a look at the kernel's map.
 * Differs    addresses above lpMaximumApplicationAddress are answered while Linux maps there
 *            (stacks).
 * Source     Learn, VirtualQuery and MEMORY_BASIC_INFORMATION.
 */
WINBASEAPI SIZE_T WINAPI VirtualQuery(LPCVOID lpAddress, PMEMORY_BASIC_INFORMATION lpBuffer,
                                      SIZE_T dwLength);

/*
 * VirtualQueryEx - VirtualQuery in the process of a handle.
 *
 * hProcess  GetCurrentProcess() or OpenProcess's, with a right to query.
 * Returns   as VirtualQuery.
 * Errors    as VirtualQuery; 6 NULL or an unknown handle; 5 a handle without the right, or a process
 *           that has ended, or whose mappings Linux does not show.
 * Cost      as VirtualQuery; another process costs a look at the kernel's map of it.
 * Differs   of another process only Linux's mappings are seen, so what it has merely reserved is
 *           MEM_COMMIT with PAGE_NOACCESS.
 * Source    Learn, VirtualQueryEx; proc_pid_maps(5).
 */
WINBASEAPI SIZE_T WINAPI VirtualQueryEx(HANDLE hProcess, LPCVOID lpAddress,
                                        PMEMORY_BASIC_INFORMATION lpBuffer, SIZE_T dwLength);

/*
 * QueryVirtualMemoryInformation - describes the whole reservation, or mapping, at an address.
 *
 * Process                 GetCurrentProcess(), or a handle to this very process that may query.
 * VirtualAddress          any byte.
 * MemoryInformationClass  MemoryRegionInfo.
 * MemoryInformation       receives a WIN32_MEMORY_REGION_INFORMATION.
 * MemoryInformationSize   bytes there, at least 24; below 32 CommitSize is left out.
 * ReturnSize              NULL, or receives the bytes stored.
 * Returns                 TRUE or FALSE.
 * Errors                  87 another class, or above user space; 24 MemoryInformationSize too small;
 *                         59 a free address; 998 a result unwritable; 6 NULL or unknown handle; 5
 *                         the handle may not query; 50 another process.
 * Cost                    one step for each run of pages; foreign memory costs looks at the kernel's
 *                         map.
 * Differs                 Flags is 0 for all memory, as observed and against Learn.
 * Source                  Learn, QueryVirtualMemoryInformation; sizes and flags observed.
 */
WINBASEAPI BOOL WINAPI QueryVirtualMemoryInformation(
    HANDLE Process, const VOID *VirtualAddress,
    WIN32_MEMORY_INFORMATION_CLASS MemoryInformationClass, PVOID MemoryInformation,
    SIZE_T MemoryInformationSize, PSIZE_T ReturnSize);

/*
 * VirtualLock - keeps pages in RAM.
 *
 * lpAddress  any byte of the first page; all pages must be committed and readable.
 * dwSize     bytes, not 0.
 * Returns    TRUE or FALSE. Locks do not count: one VirtualUnlock undoes any number.
 * Errors     87 size 0 or past the top; 998 a page that cannot be read; 1453 more than the process
 *            may lock; 0x80000001 an armed guard page, which is disarmed.
 * Cost       one system call and the reading in of every page.
 * Differs    the limit is RLIMIT_MEMLOCK, which SetProcessWorkingSetSize raises, not the minimum
 *            working set.
 * Source     Learn, VirtualLock.
 */
WINBASEAPI BOOL WINAPI VirtualLock(LPVOID lpAddress, SIZE_T dwSize);

/*
 * VirtualUnlock - lets locked pages be paged out again.
 *
 * lpAddress  any byte of the first page; the range need not be one that was locked in one call.
 * dwSize     bytes, not 0.
 * Returns    TRUE or FALSE.
 * Errors     87 size 0 or past the top; 158 a page of the range is not locked, and none is
 *            unlocked.
 * Cost       one system call.
 * Differs    the pages are not taken out of memory when the call fails.
 * Source     Learn, VirtualUnlock.
 */
WINBASEAPI BOOL WINAPI VirtualUnlock(LPVOID lpAddress, SIZE_T dwSize);

/*
 * GetLargePageMinimum - the unit of MEM_LARGE_PAGES.
 *
 * Returns  bytes, a power of two; 0 where large pages are not supported. Cannot fail.
 * Cost     no system call.
 * Source   Learn, GetLargePageMinimum.
 */
WINBASEAPI SIZE_T WINAPI GetLargePageMinimum(void);

WIN32MEMORY_END_DECLARATIONS

#endif
