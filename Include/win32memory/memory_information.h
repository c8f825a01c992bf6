/*
 * What VirtualQuery writes, and the extended parameters that VirtualAlloc2 and MapViewOfFile3 take.
 */
#ifndef WIN32MEMORY_MEMORY_INFORMATION_H
#define WIN32MEMORY_MEMORY_INFORMATION_H

#include "base_types.h"
#include "memory_constants.h"

/* A run of pages alike in every attribute, from the queried page on. 48 bytes. */
typedef struct _MEMORY_BASIC_INFORMATION {
    PVOID BaseAddress;       /* the queried address, rounded down to a page */
    PVOID AllocationBase;    /* base of the allocation; NULL when free */
    DWORD AllocationProtect; /* protection given when it was reserved; 0 when free */
    WORD PartitionId;        /* always 0 here */
    SIZE_T RegionSize;       /* bytes, a multiple of the page size */
    DWORD State;             /* MEM_COMMIT, MEM_RESERVE or MEM_FREE */
    DWORD Protect;           /* PAGE_*; 0 when reserved, PAGE_NOACCESS when free */
    DWORD Type;              /* MEM_PRIVATE, MEM_MAPPED, MEM_IMAGE; 0 when free */
} MEMORY_BASIC_INFORMATION, *PMEMORY_BASIC_INFORMATION;

/* Limits for VirtualAlloc2. 24 bytes; zero in a member means "no limit". */
typedef struct _MEM_ADDRESS_REQUIREMENTS {
    PVOID LowestStartingAddress; /* a multiple of the allocation granularity */
    PVOID HighestEndingAddress;  /* inclusive: one below a multiple of the granularity */
    SIZE_T Alignment;            /* bytes, a power of two not below the granularity */
} MEM_ADDRESS_REQUIREMENTS, *PMEM_ADDRESS_REQUIREMENTS;

typedef enum MEM_EXTENDED_PARAMETER_TYPE {
    MemExtendedParameterInvalidType = 0,
    MemExtendedParameterAddressRequirements,
    MemExtendedParameterNumaNode,
    MemExtendedParameterPartitionHandle,
    MemExtendedParameterUserPhysicalHandle,
    MemExtendedParameterAttributeFlags,
    MemExtendedParameterImageMachine,
    MemExtendedParameterMax
} MEM_EXTENDED_PARAMETER_TYPE,
    *PMEM_EXTENDED_PARAMETER_TYPE;

/* One extended parameter: Type says which member of the union counts. 16 bytes, 8-aligned. */
typedef struct __attribute__((__aligned__(8))) MEM_EXTENDED_PARAMETER {
    __extension__ struct {
        DWORD64 Type : MEM_EXTENDED_PARAMETER_TYPE_BITS;
        DWORD64 Reserved : 64 - MEM_EXTENDED_PARAMETER_TYPE_BITS;
    };
    __extension__ union {
        DWORD64 ULong64;
        PVOID Pointer;
        SIZE_T Size;
        HANDLE Handle;
        DWORD ULong;
    };
} MEM_EXTENDED_PARAMETER, *PMEM_EXTENDED_PARAMETER;

/* Which addresses may be called where control flow is guarded: nothing guards it here. */
#define CFG_CALL_TARGET_VALID 0x01
#define CFG_CALL_TARGET_PROCESSED 0x02
typedef struct _CFG_CALL_TARGET_INFO {
    ULONG_PTR Offset; /* bytes from the beginning of the range */
    ULONG_PTR Flags;
} CFG_CALL_TARGET_INFO, *PCFG_CALL_TARGET_INFO;

#define MEMORY_CURRENT_PARTITION_HANDLE ((HANDLE)(LONG_PTR)-1)

#endif
