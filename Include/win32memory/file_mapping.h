/*
 * Access to a view of a file mapping (FILE_MAP_*), and the structures and enumerations of the calls
 * in memoryapi.h.
 */
#ifndef WIN32MEMORY_FILE_MAPPING_H
#define WIN32MEMORY_FILE_MAPPING_H

#include "base_types.h"
#include "memory_constants.h"

#define FILE_MAP_COPY 0x00000001
#define FILE_MAP_WRITE 0x00000002
#define FILE_MAP_READ 0x00000004
#define FILE_MAP_EXECUTE 0x00000020
#define FILE_MAP_ALL_ACCESS 0x000F001F
#define FILE_MAP_LARGE_PAGES 0x20000000
#define FILE_MAP_TARGETS_INVALID 0x40000000
#define FILE_MAP_RESERVE 0x80000000u

#define FILE_CACHE_MAX_HARD_ENABLE 0x00000001
#define FILE_CACHE_MAX_HARD_DISABLE 0x00000002
#define FILE_CACHE_MIN_HARD_ENABLE 0x00000004
#define FILE_CACHE_MIN_HARD_DISABLE 0x00000008

typedef enum OFFER_PRIORITY {
    VmOfferPriorityVeryLow = 1,
    VmOfferPriorityLow,
    VmOfferPriorityBelowNormal,
    VmOfferPriorityNormal
} OFFER_PRIORITY;

typedef enum _MEMORY_RESOURCE_NOTIFICATION_TYPE {
    LowMemoryResourceNotification,
    HighMemoryResourceNotification
} MEMORY_RESOURCE_NOTIFICATION_TYPE;

typedef enum WIN32_MEMORY_INFORMATION_CLASS { MemoryRegionInfo } WIN32_MEMORY_INFORMATION_CLASS;

/* 16 bytes. */
typedef struct _WIN32_MEMORY_RANGE_ENTRY {
    PVOID VirtualAddress;
    SIZE_T NumberOfBytes;
} WIN32_MEMORY_RANGE_ENTRY, *PWIN32_MEMORY_RANGE_ENTRY;

/* An entire allocation, not a run of pages. 32 bytes. */
typedef struct WIN32_MEMORY_REGION_INFORMATION {
    PVOID AllocationBase;
    DWORD AllocationProtect;
    __extension__ union {
        DWORD Flags;
        __extension__ struct {
            DWORD Private : 1;
            DWORD MappedDataFile : 1;
            DWORD MappedImage : 1;
            DWORD MappedPageFile : 1;
            DWORD MappedPhysical : 1;
            DWORD DirectMapped : 1;
            DWORD Reserved : 26;
        };
    };
    SIZE_T RegionSize; /* bytes */
    SIZE_T CommitSize; /* bytes */
} WIN32_MEMORY_REGION_INFORMATION, *PWIN32_MEMORY_REGION_INFORMATION;

#endif
