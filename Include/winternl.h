/*
 * Types of the NT interface: status, counted strings, object attributes, memory information.
 */
#ifndef WIN32MEMORY_WINTERNL_H
#define WIN32MEMORY_WINTERNL_H

#include "windef.h"
#include "win32memory/memory_information.h"
#include "win32memory/nt_status_type.h"
#include "win32memory/object_attributes.h"
#include "win32memory/thread_environment_block.h"

#define NT_SUCCESS(status) ((NTSTATUS)(status) >= 0)
#define NT_INFORMATION(status) ((ULONG)(status) >> 30 == 1)
#define NT_WARNING(status) ((ULONG)(status) >> 30 == 2)
#define NT_ERROR(status) ((ULONG)(status) >> 30 == 3)

typedef struct _IO_STATUS_BLOCK {
    __extension__ union {
        NTSTATUS Status;
        PVOID Pointer;
    };
    ULONG_PTR Information;
} IO_STATUS_BLOCK, *PIO_STATUS_BLOCK;

typedef enum _SECTION_INHERIT { ViewShare = 1, ViewUnmap = 2 } SECTION_INHERIT;

typedef enum _MEMORY_INFORMATION_CLASS {
    MemoryBasicInformation,
    MemoryWorkingSetInformation,
    MemoryMappedFilenameInformation,
    MemoryRegionInformation,
    MemoryWorkingSetExInformation
} MEMORY_INFORMATION_CLASS;

typedef enum _VIRTUAL_MEMORY_INFORMATION_CLASS {
    VmPrefetchInformation,
    VmPagePriorityInformation,
    VmCfgCallTargetInformation
} VIRTUAL_MEMORY_INFORMATION_CLASS;

/* 16 bytes. */
typedef struct _MEMORY_RANGE_ENTRY {
    PVOID VirtualAddress;
    SIZE_T NumberOfBytes;
} MEMORY_RANGE_ENTRY, *PMEMORY_RANGE_ENTRY;

typedef enum _PROCESSINFOCLASS {
    ProcessBasicInformation = 0,
    ProcessDebugPort = 7,
    ProcessWow64Information = 26,
    ProcessImageFileName = 27,
    ProcessBreakOnTermination = 29
} PROCESSINFOCLASS;

typedef enum _SYSTEM_INFORMATION_CLASS {
    SystemBasicInformation = 0,
    SystemPerformanceInformation = 2,
    SystemTimeOfDayInformation = 3,
    SystemProcessInformation = 5
} SYSTEM_INFORMATION_CLASS;

WIN32MEMORY_BEGIN_DECLARATIONS

/*
 * NtAllocateVirtualMemory - VirtualAlloc with a status.
 *
 * ProcessHandle   GetCurrentProcess(), or a handle to this very process.
 * BaseAddress     in: NULL or an address, as VirtualAlloc's; out: the rounded base.
 * ZeroBits        with no address: 1 to 21 is how many high bits of the low 32 must be zero (1: the
 *                 lowest 2 GiB); from 32 on a mask whose highest bit bounds the address; else 0.
 * RegionSize      in: bytes; out: whole pages, in bytes.
 * AllocationType, Protect  as VirtualAlloc's.
 * Returns         a status; on failure BaseAddress and RegionSize are as they were.
 * Errors          those of VirtualAlloc as STATUS_*; C0000045 malformed Protect; C00000F1 ZeroBits.
 * Safety, Cost    as VirtualAlloc. Never sets the last error.
 * Source          Learn, NtAllocateVirtualMemory.
 */
WINBASEAPI NTSTATUS WINAPI NtAllocateVirtualMemory(HANDLE ProcessHandle, PVOID *BaseAddress,
                                                   ULONG_PTR ZeroBits, PSIZE_T RegionSize,
                                                   ULONG AllocationType, ULONG Protect);

/*
 * NtAllocateVirtualMemoryEx - VirtualAlloc2 with a status.
 *
 * ProcessHandle   GetCurrentProcess(), or a handle to this very process.
 * BaseAddress     in: NULL or an address, as VirtualAlloc2's; out: the rounded base.
 * RegionSize      in: bytes; out: whole pages, in bytes.
 * AllocationType, PageProtection, ExtendedParameters, ExtendedParameterCount  as VirtualAlloc2's.
 * Returns         a status; on failure BaseAddress and RegionSize are as they were.
 * Errors          those of VirtualAlloc2 as STATUS_*; C0000045 malformed PageProtection; C0000008
 *                 a NULL handle.
 * Safety, Cost    as VirtualAlloc2. Never sets the last error.
 * Source          Learn, VirtualAlloc2 and ZwAllocateVirtualMemoryEx.
 */
WINBASEAPI NTSTATUS WINAPI NtAllocateVirtualMemoryEx(HANDLE ProcessHandle, PVOID *BaseAddress,
                                                     PSIZE_T RegionSize, ULONG AllocationType,
                                                     ULONG PageProtection,
                                                     MEM_EXTENDED_PARAMETER *ExtendedParameters,
                                                     ULONG ExtendedParameterCount);

/*
 * NtFreeVirtualMemory - VirtualFree with a status, and with release of a part.
 *
 * ProcessHandle  GetCurrentProcess(), or a handle to this very process.
 * BaseAddress    in: an address, as VirtualFree's; out: rounded down to its page.
 * RegionSize     in: bytes. MEM_RELEASE: 0 for all, else just the pages spanned are released and
 *                the rest stays, its upper part as an allocation of its own. Out: whole pages, in
 *                bytes; 0 after MEM_DECOMMIT with 0.
 * FreeType       as VirtualFree's dwFreeType.
 * Returns        a status; on failure BaseAddress and RegionSize are as they were.
 * Errors         those of VirtualFree as STATUS_*; C00000F2 malformed FreeType; C00000F1 no size
 *                where placeholders need one.
 * Safety, Cost   as VirtualFree. Never sets the last error.
 * Source         Learn, NtFreeVirtualMemory; partial release observed.
 */
WINBASEAPI NTSTATUS WINAPI NtFreeVirtualMemory(HANDLE ProcessHandle, PVOID *BaseAddress,
                                               PSIZE_T RegionSize, ULONG FreeType);

/*
 * NtProtectVirtualMemory - VirtualProtect with a status.
 *
 * ProcessHandle  GetCurrentProcess(), or a handle to this very process.
 * BaseAddress    in: an address; out: rounded down to its page.
 * RegionSize     in: bytes, not 0; out: whole pages, in bytes.
 * NewProtection  one base PAGE_* with legal modifiers.
 * OldProtection  receives the protection that the first page had.
 * Returns        a status; on failure BaseAddress and RegionSize are as they were.
 * Errors         those of VirtualProtect as STATUS_*; C0000045 malformed NewProtection.
 * Safety, Cost   as VirtualProtect. Never sets the last error.
 * Source         Learn, VirtualProtect; the reverse of RtlNtStatusToDosError.
 */
WINBASEAPI NTSTATUS WINAPI NtProtectVirtualMemory(HANDLE ProcessHandle, PVOID *BaseAddress,
                                                  PSIZE_T RegionSize, ULONG NewProtection,
                                                  PULONG OldProtection);

/*
 * NtQueryVirtualMemory - VirtualQuery, QueryVirtualMemoryInformation and QueryWorkingSetEx with a
 * status.
 *
 * ProcessHandle            GetCurrentProcess() or OpenProcess's. MemoryBasicInformation only may ask
 *                          about another process.
 * BaseAddress              any byte; not used by MemoryWorkingSetExInformation.
 * MemoryInformationClass   MemoryBasicInformation, MemoryRegionInformation or
 *                          MemoryWorkingSetExInformation.
 * MemoryInformation        receives a MEMORY_BASIC_INFORMATION or a WIN32_MEMORY_REGION_INFORMATION,
 *                          or has PSAPI_WORKING_SET_EX_INFORMATION entries.
 * MemoryInformationLength  bytes there: at least 48, 24 or 16.
 * ReturnLength             NULL, or receives the bytes stored.
 * Returns                  a status.
 * Errors                   those of the functions above as STATUS_*; C0000141 a free address with
 *                          MemoryRegionInformation; C0000003 another class.
 * Safety, Cost             as the functions above. Never sets the last error.
 * Source                   Learn, NtQueryVirtualMemory; MemoryRegionInformation observed.
 */
WINBASEAPI NTSTATUS WINAPI NtQueryVirtualMemory(HANDLE ProcessHandle, PVOID BaseAddress,
                                                MEMORY_INFORMATION_CLASS MemoryInformationClass,
                                                PVOID MemoryInformation,
                                                SIZE_T MemoryInformationLength,
                                                PSIZE_T ReturnLength);

/*
 * NtReadVirtualMemory - ReadProcessMemory with a status.
 *
 * all arguments  as ReadProcessMemory's.
 * Returns        a status.
 * Errors         those of ReadProcessMemory as STATUS_*: 8000000D for 299, C0000005 for 998.
 * Safety, Cost   as ReadProcessMemory. Never sets the last error.
 * Source         Learn, ReadProcessMemory; the reverse of RtlNtStatusToDosError.
 */
WINBASEAPI NTSTATUS WINAPI NtReadVirtualMemory(HANDLE ProcessHandle, PVOID BaseAddress,
                                               PVOID Buffer, SIZE_T NumberOfBytesToRead,
                                               PSIZE_T NumberOfBytesRead);

/*
 * NtWriteVirtualMemory - WriteProcessMemory with a status, to writable pages only.
 *
 * all arguments  as WriteProcessMemory's.
 * Returns        a status.
 * Errors         those of WriteProcessMemory as STATUS_*; 8000000D with a count of 0 also if the
 *                first page cannot be written.
 * Safety, Cost   as WriteProcessMemory. Never sets the last error.
 * Source         Learn, WriteProcessMemory; the status of read-only pages observed.
 */
WINBASEAPI NTSTATUS WINAPI NtWriteVirtualMemory(HANDLE ProcessHandle, PVOID BaseAddress,
                                                LPCVOID Buffer, SIZE_T NumberOfBytesToWrite,
                                                PSIZE_T NumberOfBytesWritten);

/*
 * NtSetInformationVirtualMemory - PrefetchVirtualMemory with a status.
 *
 * ProcessHandle        as PrefetchVirtualMemory's.
 * VmInformationClass   VmPrefetchInformation.
 * NumberOfEntries, VirtualAddresses  as PrefetchVirtualMemory's.
 * VmInformation        a ULONG, which must be 0.
 * VmInformationLength  4.
 * Returns              a status.
 * Errors               C00000F0 another class; C00000F3 VmInformation NULL or not 0; C00000F4 another
 *                      length; C00000F1 no entries; C00000F2 an entry of 0 bytes or beyond user
 *                      space; C0000005 unreadable arguments; C0000008 NULL or unknown handle.
 * Safety, Cost         as PrefetchVirtualMemory. Never sets the last error.
 * Source               observed.
 */
WINBASEAPI NTSTATUS WINAPI NtSetInformationVirtualMemory(
    HANDLE ProcessHandle, VIRTUAL_MEMORY_INFORMATION_CLASS VmInformationClass,
    ULONG_PTR NumberOfEntries, PMEMORY_RANGE_ENTRY VirtualAddresses, PVOID VmInformation,
    ULONG VmInformationLength);

/*
 * RtlNtStatusToDosError - the last error that stands for a status.
 *
 * Status   any.
 * Returns  an ERROR_* code; 317 for a status that this library does not know.
 * Safety   any thread, any signal handler.
 * Cost     a few comparisons.
 * Source   Learn, RtlNtStatusToDosError.
 */
WINBASEAPI ULONG WINAPI RtlNtStatusToDosError(NTSTATUS Status);

/* The names that ntdll has for the functions of errhandlingapi.h, which say all about them. */
WINBASEAPI PVOID WINAPI RtlAddVectoredExceptionHandler(ULONG First,
                                                       PVECTORED_EXCEPTION_HANDLER Handler);
WINBASEAPI PVOID WINAPI RtlAddVectoredContinueHandler(ULONG First,
                                                      PVECTORED_EXCEPTION_HANDLER Handler);
WINBASEAPI ULONG WINAPI RtlRemoveVectoredExceptionHandler(PVOID Handle);
WINBASEAPI ULONG WINAPI RtlRemoveVectoredContinueHandler(PVOID Handle);

WIN32MEMORY_END_DECLARATIONS

#endif
