/*
 * Allocation with more to say than VirtualAlloc: address limits, alignment, NUMA node; and the
 * FromApp names, which never make memory executable. Included by memoryapi.h, whose head holds
 * here.
 */
#ifndef WIN32MEMORY_EXTENDED_ALLOCATION_H
#define WIN32MEMORY_EXTENDED_ALLOCATION_H

#include "base_types.h"
#include "memory_information.h"

WIN32MEMORY_BEGIN_DECLARATIONS

/*
 * VirtualAlloc2 - VirtualAlloc with limits on where the pages may lie.
 *
 * Process             NULL or GetCurrentProcess(), or a handle to this very process.
 * BaseAddress, Size   as VirtualAlloc's; BaseAddress must be NULL if there are address
 *                     requirements.
 * AllocationType      as VirtualAlloc's; or MEM_RESERVE with MEM_RESERVE_PLACEHOLDER, which
 *                     reserves addresses without memory; or MEM_RESERVE, or MEM_RESERVE |
 *                     MEM_COMMIT, with MEM_REPLACE_PLACEHOLDER: the pages must be exactly one
 *                     placeholder, and become memory in one step. VirtualFree divides and joins
 *                     placeholders.
 * PageProtection      one base PAGE_* with legal modifiers; PAGE_NOACCESS for a placeholder.
 * ExtendedParameters  ParameterCount elements, each Type at most once: address requirements
 *                     (lowest, highest, alignment to any power of two from 64 KiB), NUMA node
 *                     (preferred, not enforced), attribute flags.
 * Returns             the base, or NULL. Between limits the lowest free place, or the highest with
 *                     MEM_TOP_DOWN.
 * Errors              as VirtualAlloc; first 87 malformed parameters; 998 unreadable ones; 50 a
 *                     partition or physical pages, which are not there yet; 487 pages that are not
 *                     exactly one placeholder, with MEM_REPLACE_PLACEHOLDER.
 * Cost                as VirtualAlloc; with limits or MEM_TOP_DOWN a search from the limit on, of
 *                     three system calls for each mapping that is in the way. A placeholder, and
 *                     its replacement without MEM_COMMIT: book-keeping alone.
 * Differs             no other process can be reached; the room into which the main stack may grow
 *                     is never chosen.
 * Source              Learn, VirtualAlloc2; order of the checks observed.
 */
WINBASEAPI PVOID WINAPI VirtualAlloc2(HANDLE Process, PVOID BaseAddress, SIZE_T Size,
                                      ULONG AllocationType, ULONG PageProtection,
                                      MEM_EXTENDED_PARAMETER *ExtendedParameters,
                                      ULONG ParameterCount);

/*
 * VirtualAlloc2FromApp - VirtualAlloc2 without executable memory.
 *
 * all arguments  as VirtualAlloc2's.
 * Returns, Cost  as VirtualAlloc2.
 * Errors         87 an executable PageProtection, before all else; then as VirtualAlloc2.
 * Source         Learn, VirtualAlloc2FromApp.
 */
WINBASEAPI PVOID WINAPI VirtualAlloc2FromApp(HANDLE Process, PVOID BaseAddress, SIZE_T Size,
                                             ULONG AllocationType, ULONG PageProtection,
                                             MEM_EXTENDED_PARAMETER *ExtendedParameters,
                                             ULONG ParameterCount);

/*
 * VirtualAllocFromApp - VirtualAlloc without executable memory.
 *
 * all arguments  as VirtualAlloc's.
 * Returns, Cost  as VirtualAlloc.
 * Errors         87 an executable Protection, before all else; then as VirtualAlloc.
 * Source         Learn, VirtualAllocFromApp.
 */
WINBASEAPI PVOID WINAPI VirtualAllocFromApp(PVOID BaseAddress, SIZE_T Size, ULONG AllocationType,
                                            ULONG Protection);

/*
 * VirtualProtectFromApp - VirtualProtect.
 *
 * all arguments          as VirtualProtect's.
 * Returns, Errors, Cost  as VirtualProtect.
 * Differs                executable protections are granted: every program here has the right to
 *                        generate code.
 * Source                 Learn, VirtualProtectFromApp.
 */
WINBASEAPI BOOL WINAPI VirtualProtectFromApp(PVOID Address, SIZE_T Size, ULONG NewProtection,
                                             PULONG OldProtection);

/*
 * VirtualAllocExNuma - VirtualAllocEx with a preferred NUMA node.
 *
 * hProcess       GetCurrentProcess(), or a handle to this very process.
 * lpAddress, dwSize, flAllocationType, flProtect  as VirtualAlloc's.
 * nndPreferred   a node number, or NUMA_NO_PREFERRED_NODE. Takes effect when new addresses of the
 *                system's choice are reserved; ignored otherwise.
 * Returns        as VirtualAlloc.
 * Errors         as VirtualAllocEx; 87 a node that the machine does not have.
 * Cost           three system calls more than VirtualAlloc.
 * Source         Learn, VirtualAllocExNuma; mbind(2), MPOL_PREFERRED.
 */
WINBASEAPI LPVOID WINAPI VirtualAllocExNuma(HANDLE hProcess, LPVOID lpAddress, SIZE_T dwSize,
                                            DWORD flAllocationType, DWORD flProtect,
                                            DWORD nndPreferred);

WIN32MEMORY_END_DECLARATIONS

#endif
