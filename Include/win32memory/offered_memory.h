/*
 * Memory whose contents the program can do without for a while, and memory that it needs soon.
 * Included by memoryapi.h, whose head holds here, except that the functions that return an error
 * code never set the last error.
 */
#ifndef WIN32MEMORY_OFFERED_MEMORY_H
#define WIN32MEMORY_OFFERED_MEMORY_H

#include "base_types.h"
#include "file_mapping.h"

WIN32MEMORY_BEGIN_DECLARATIONS

/*
 * DiscardVirtualMemory - gives the contents of pages up; the pages stay committed.
 *
 * VirtualAddress  a multiple of the page size.
 * Size            bytes, a multiple of the page size and not 0. All pages must be committed
 *                 PAGE_READWRITE, and of one reservation.
 * Returns         0 or an error code. The pages read as zero afterwards; locked pages keep what
 *                 they have.
 * Errors          87 malformed, or another protection; 487 pages that are not committed, or not one
 *                 reservation's. Contents are as before then.
 * Cost            one system call.
 * Differs         memory that the program mapped by other means is error 487.
 * Source          Learn, DiscardVirtualMemory.
 */
WINBASEAPI DWORD WINAPI DiscardVirtualMemory(PVOID VirtualAddress, SIZE_T Size);

/*
 * OfferVirtualMemory - lets the system drop the contents of pages until they are reclaimed.
 *
 * VirtualAddress  a multiple of the page size.
 * Size            bytes, a multiple of the page size and not 0. All pages must be committed
 *                 PAGE_READWRITE or offered already, and of one reservation. Locked pages are
 *                 unlocked.
 * Priority        VmOfferPriority*.
 * Returns         0 or an error code. The pages are PAGE_NOACCESS afterwards.
 * Errors          as DiscardVirtualMemory; 87 also another Priority; 8 out of kernel mappings.
 * Cost            two system calls; the first time three more for each 64 pages, which note what has
 *                 contents.
 * Differs         the priority has no effect: Linux drops offered pages when it needs memory. They
 *                 count in the working set until then. VirtualProtect and MEM_COMMIT end an offer,
 *                 and tell nothing of lost contents.
 * Source          Learn, OfferVirtualMemory; madvise(2), MADV_FREE.
 */
WINBASEAPI DWORD WINAPI OfferVirtualMemory(PVOID VirtualAddress, SIZE_T Size,
                                           OFFER_PRIORITY Priority);

/*
 * ReclaimVirtualMemory - makes offered pages accessible again.
 *
 * VirtualAddress  a multiple of the page size.
 * Size            bytes, a multiple of the page size and not 0: committed pages of one reservation.
 *                 Those that are not offered stay as they are.
 * Returns         0 if the contents are intact; 170 (ERROR_BUSY) if the pages are accessible but at
 *                 least one was dropped and reads as zero; or an error code.
 * Errors          87 malformed; 487 pages that are not committed, or not one reservation's; 8 out of
 *                 kernel mappings.
 * Cost            some system calls, and some microseconds for each page that had contents.
 * Differs         a page of zeros counts as lost where the library cannot find out; see
 *                 MEM_RESET_UNDO.
 * Source          Learn, ReclaimVirtualMemory.
 */
WINBASEAPI DWORD WINAPI ReclaimVirtualMemory(void const *VirtualAddress, SIZE_T Size);

/*
 * PrefetchVirtualMemory - asks the system to bring pages into RAM before they are used.
 *
 * hProcess          any process handle.
 * NumberOfEntries   ranges, not 0.
 * VirtualAddresses  the ranges: NumberOfBytes not 0. They need not be rounded, and pages in them need
 *                   not be committed.
 * Flags             0.
 * Returns           TRUE, even if the system does not do it; or FALSE.
 * Errors            87 malformed, or a range beyond user space; 998 VirtualAddresses unreadable; 6
 *                   NULL or unknown handle. Sets the last error.
 * Cost              one system call for each range; another process, two more.
 * Differs           memory that was never touched stays so. For another process Linux asks for
 *                   CAP_SYS_NICE and the right to trace it, else the call has no effect.
 * Source            Learn, PrefetchVirtualMemory; madvise(2), MADV_WILLNEED; process_madvise(2).
 */
WINBASEAPI BOOL WINAPI PrefetchVirtualMemory(HANDLE hProcess, ULONG_PTR NumberOfEntries,
                                             PWIN32_MEMORY_RANGE_ENTRY VirtualAddresses,
                                             ULONG Flags);

WIN32MEMORY_END_DECLARATIONS

#endif
