/*
 * Structure layouts, checked while compiling: offset and size of every member, by the fact named
 * above each group. mingw-w64's own headers must agree; NEWER_MEMBER marks what its version 10
 * lacks.
 */
#include <windows.h>
#include <stddef.h>

#define STRUCTURE(type, byte_count)                                                                \
    _Static_assert(sizeof(type) == (byte_count), #type " is " #byte_count " bytes")
#define MEMBER(type, member, offset, byte_count)                                                   \
    _Static_assert(offsetof(type, member) == (offset), #type "." #member " is at " #offset);       \
    _Static_assert(sizeof(((type *)0)->member) == (byte_count),                                    \
                   #type "." #member " is " #byte_count)
#ifdef __MINGW32__
#define NEWER_MEMBER(type, member, offset, byte_count)                                             \
    _Static_assert(sizeof(type) >= (offset) + (byte_count), "room for the newer " #member)
#else
#define NEWER_MEMBER(type, member, offset, byte_count) MEMBER(type, member, offset, byte_count)
#endif

/* Fact 1.13. */
STRUCTURE(MEMORY_BASIC_INFORMATION, 48);
MEMBER(MEMORY_BASIC_INFORMATION, BaseAddress, 0, 8);
MEMBER(MEMORY_BASIC_INFORMATION, AllocationBase, 8, 8);
MEMBER(MEMORY_BASIC_INFORMATION, AllocationProtect, 16, 4);
NEWER_MEMBER(MEMORY_BASIC_INFORMATION, PartitionId, 20, 2);
MEMBER(MEMORY_BASIC_INFORMATION, RegionSize, 24, 8);
MEMBER(MEMORY_BASIC_INFORMATION, State, 32, 4);
MEMBER(MEMORY_BASIC_INFORMATION, Protect, 36, 4);
MEMBER(MEMORY_BASIC_INFORMATION, Type, 40, 4);

/* Fact 1.14. */
STRUCTURE(SYSTEM_INFO, 48);
MEMBER(SYSTEM_INFO, dwOemId, 0, 4);
MEMBER(SYSTEM_INFO, wProcessorArchitecture, 0, 2);
MEMBER(SYSTEM_INFO, wReserved, 2, 2);
MEMBER(SYSTEM_INFO, dwPageSize, 4, 4);
MEMBER(SYSTEM_INFO, lpMinimumApplicationAddress, 8, 8);
MEMBER(SYSTEM_INFO, lpMaximumApplicationAddress, 16, 8);
MEMBER(SYSTEM_INFO, dwActiveProcessorMask, 24, 8);
MEMBER(SYSTEM_INFO, dwNumberOfProcessors, 32, 4);
MEMBER(SYSTEM_INFO, dwProcessorType, 36, 4);
MEMBER(SYSTEM_INFO, dwAllocationGranularity, 40, 4);
MEMBER(SYSTEM_INFO, wProcessorLevel, 44, 2);
MEMBER(SYSTEM_INFO, wProcessorRevision, 46, 2);

/* Fact 1.18. The bit field has no offset; the union after it has. */
STRUCTURE(MEM_EXTENDED_PARAMETER, 16);
_Static_assert(_Alignof(MEM_EXTENDED_PARAMETER) == 8, "MEM_EXTENDED_PARAMETER is 8-aligned");
MEMBER(MEM_EXTENDED_PARAMETER, ULong64, 8, 8);
MEMBER(MEM_EXTENDED_PARAMETER, Pointer, 8, 8);
MEMBER(MEM_EXTENDED_PARAMETER, Size, 8, 8);
MEMBER(MEM_EXTENDED_PARAMETER, Handle, 8, 8);
MEMBER(MEM_EXTENDED_PARAMETER, ULong, 8, 4);
STRUCTURE(MEM_ADDRESS_REQUIREMENTS, 24);
MEMBER(MEM_ADDRESS_REQUIREMENTS, LowestStartingAddress, 0, 8);
MEMBER(MEM_ADDRESS_REQUIREMENTS, HighestEndingAddress, 8, 8);
MEMBER(MEM_ADDRESS_REQUIREMENTS, Alignment, 16, 8);

/* Fact 1.19. */
STRUCTURE(MEMORYSTATUSEX, 64);
MEMBER(MEMORYSTATUSEX, dwLength, 0, 4);
MEMBER(MEMORYSTATUSEX, dwMemoryLoad, 4, 4);
MEMBER(MEMORYSTATUSEX, ullTotalPhys, 8, 8);
MEMBER(MEMORYSTATUSEX, ullAvailPhys, 16, 8);
MEMBER(MEMORYSTATUSEX, ullTotalPageFile, 24, 8);
MEMBER(MEMORYSTATUSEX, ullAvailPageFile, 32, 8);
MEMBER(MEMORYSTATUSEX, ullTotalVirtual, 40, 8);
MEMBER(MEMORYSTATUSEX, ullAvailVirtual, 48, 8);
MEMBER(MEMORYSTATUSEX, ullAvailExtendedVirtual, 56, 8);

/* Fact 1.23. */
STRUCTURE(SECURITY_ATTRIBUTES, 24);
MEMBER(SECURITY_ATTRIBUTES, nLength, 0, 4);
MEMBER(SECURITY_ATTRIBUTES, lpSecurityDescriptor, 8, 8);
MEMBER(SECURITY_ATTRIBUTES, bInheritHandle, 16, 4);
