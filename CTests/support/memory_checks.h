// Checks on memory: what VirtualQuery must say of an address, that a refused call changed
// nothing (page states and contents), and the blocks that most tests begin with.
#ifndef MEMORY_CHECKS_H
#define MEMORY_CHECKS_H

#include "check.h"

enum { page_size = 0x1000, allocation_granularity = 0x10000 };

// First address above what a program can have (behaviour 2.1).
#define USER_SPACE_END 0x7FFFFFFF0000ull

static inline BYTE *reserved_pages(SIZE_T page_count) {
    return (BYTE *)GRANTED(VirtualAlloc(NULL, page_count * page_size, MEM_RESERVE, PAGE_NOACCESS));
}

static inline BYTE *committed_pages(SIZE_T page_count) {
    return (BYTE *)GRANTED(
        VirtualAlloc(NULL, page_count * page_size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE));
}

static inline void release(void *base) {
    GRANTED(VirtualFree(base, 0, MEM_RELEASE));
}

// An aligned address with this much free space behind it, and nothing just before it.
static inline BYTE *free_space(SIZE_T byte_count) {
    BYTE *base = (BYTE *)GRANTED(
        VirtualAlloc(NULL, byte_count + 2 * allocation_granularity, MEM_RESERVE, PAGE_NOACCESS));
    release(base);
    return base + allocation_granularity;
}

static inline MEMORY_BASIC_INFORMATION region_at(const void *address) {
    MEMORY_BASIC_INFORMATION region;
    memset(&region, 0xEE, sizeof region);
    if (VirtualQuery(address, &region, sizeof region) != sizeof region)
        memset(&region, 0, sizeof region);
    return region;
}

static inline void check_region(const char *file, int line, const void *address, DWORD state,
                                DWORD protection, SIZE_T byte_count) {
    MEMORY_BASIC_INFORMATION region = region_at(address);
    uintptr_t page = (uintptr_t)address & ~(uintptr_t)(page_size - 1);
    check_equal(file, line, (uintptr_t)region.BaseAddress, page, "BaseAddress");
    check_equal(file, line, region.State, state, "State");
    check_equal(file, line, region.Protect, protection, "Protect");
    check_equal(file, line, region.Type, state == MEM_FREE ? 0 : MEM_PRIVATE, "Type");
    if (byte_count != 0)
        check_equal(file, line, region.RegionSize, byte_count, "RegionSize");
    if (state == MEM_FREE) {
        check_equal(file, line, (uintptr_t)region.AllocationBase, 0, "AllocationBase");
        check_equal(file, line, region.AllocationProtect, 0, "AllocationProtect");
    }
}
#define CHECK_COMMITTED(address, protection, byte_count)                                           \
    check_region(__FILE__, __LINE__, address, MEM_COMMIT, protection, byte_count)
#define CHECK_RESERVED(address, byte_count)                                                        \
    check_region(__FILE__, __LINE__, address, MEM_RESERVE, 0, byte_count)
#define CHECK_FREE(address) check_region(__FILE__, __LINE__, address, MEM_FREE, PAGE_NOACCESS, 0)

static inline void check_allocation(const char *file, int line, const void *address,
                                    const void *base, DWORD protection) {
    MEMORY_BASIC_INFORMATION region = region_at(address);
    check_equal(file, line, (uintptr_t)region.AllocationBase, (uintptr_t)base, "AllocationBase");
    check_equal(file, line, region.AllocationProtect, protection, "AllocationProtect");
}
#define CHECK_ALLOCATION(address, base, protection)                                                \
    check_allocation(__FILE__, __LINE__, address, base, protection)

static inline int every_byte_is(const void *bytes, BYTE value, SIZE_T byte_count) {
    const volatile BYTE *byte = (const volatile BYTE *)bytes;
    for (SIZE_T i = 0; i < byte_count; i++)
        if (byte[i] != value)
            return 0;
    return 1;
}

// The regions of a range, cut to it, and a hash of the bytes that can be read there.
struct snapshot {
    const BYTE *base;
    SIZE_T byte_count;
    SIZE_T region_count;
    MEMORY_BASIC_INFORMATION regions[40];
    uint64_t contents;
};

static inline int is_readable(const MEMORY_BASIC_INFORMATION *region) {
    const DWORD readable =
        PAGE_READONLY | PAGE_READWRITE | PAGE_EXECUTE_READ | PAGE_EXECUTE_READWRITE;
    return region->State == MEM_COMMIT && (region->Protect & readable) != 0 &&
           (region->Protect & PAGE_GUARD) == 0;
}

static inline struct snapshot snapshot_of(const void *base, SIZE_T byte_count) {
    struct snapshot snapshot = {(const BYTE *)base, byte_count, 0, {{0}}, 14695981039346656037u};
    const BYTE *end = snapshot.base + byte_count;
    const BYTE *next = snapshot.base;
    while (next < end && snapshot.region_count < 40) {
        MEMORY_BASIC_INFORMATION region = region_at(next);
        if (region.RegionSize == 0)
            break;
        if (region.RegionSize > (SIZE_T)(end - next))
            region.RegionSize = (SIZE_T)(end - next);
        for (SIZE_T i = 0; is_readable(&region) && i < region.RegionSize; i++)
            snapshot.contents = (snapshot.contents ^ next[i]) * 1099511628211u;
        snapshot.regions[snapshot.region_count++] = region;
        next += region.RegionSize;
    }
    return snapshot;
}

static inline void check_unchanged(const char *file, int line, const struct snapshot *before) {
    struct snapshot now = snapshot_of(before->base, before->byte_count);
    check_equal(file, line, now.region_count, before->region_count, "number of regions afterwards");
    check_equal(file, line, now.contents, before->contents, "hash of the contents afterwards");
    for (SIZE_T i = 0; i < now.region_count && i < before->region_count; i++) {
        const MEMORY_BASIC_INFORMATION *is = &now.regions[i], *was = &before->regions[i];
        check_equal(file, line, is->RegionSize, was->RegionSize, "RegionSize afterwards");
        check_equal(file, line, is->State, was->State, "State afterwards");
        check_equal(file, line, is->Protect, was->Protect, "Protect afterwards");
        check_equal(file, line, is->Type, was->Type, "Type afterwards");
        check_equal(file, line, is->AllocationProtect, was->AllocationProtect,
                    "AllocationProtect afterwards");
        check_equal(file, line, (uintptr_t)is->AllocationBase, (uintptr_t)was->AllocationBase,
                    "AllocationBase afterwards");
    }
}
#define CHECK_UNCHANGED(before) check_unchanged(__FILE__, __LINE__, before)

// A call that must be refused with this error and change nothing in [base, base + byte_count).
#define REFUSED_UNCHANGED(base, byte_count, call, error)                                           \
    do {                                                                                           \
        struct snapshot before_the_call = snapshot_of(base, byte_count);                           \
        REFUSED(call, error);                                                                      \
        CHECK_UNCHANGED(&before_the_call);                                                         \
    } while (0)

#endif
