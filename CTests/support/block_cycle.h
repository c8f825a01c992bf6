// The whole life of one block, checked at each step: for places where a test cannot run, such as
// a signal handler, a fork child, a constructor or another thread. Calls no function but ours.
#ifndef BLOCK_CYCLE_H
#define BLOCK_CYCLE_H

#include <windows.h>

enum { cycle_page_bytes = 0x1000, cycle_pages = 8 };

static inline int bytes_are(const BYTE *bytes, BYTE value, SIZE_T byte_count) {
    for (SIZE_T i = 0; i < byte_count; i++)
        if (((const volatile BYTE *)bytes)[i] != value)
            return 0;
    return 1;
}

static inline void fill_bytes(BYTE *bytes, BYTE value, SIZE_T byte_count) {
    for (SIZE_T i = 0; i < byte_count; i++)
        ((volatile BYTE *)bytes)[i] = value;
}

static inline int query_says(const BYTE *address, DWORD state, DWORD protection, SIZE_T bytes) {
    MEMORY_BASIC_INFORMATION region;
    return VirtualQuery(address, &region, sizeof region) == sizeof region &&
           region.State == state && region.Protect == protection && region.RegionSize == bytes;
}

// Goes on with the line number of the first step that went wrong.
#define CYCLE_STEP(condition)                                                                      \
    do {                                                                                           \
        if (!(condition))                                                                          \
            return __LINE__;                                                                       \
    } while (0)

// Reserves, commits, writes, protects, decommits, recommits and releases. Zero if all was right,
// else the line of the step that failed.
static inline int block_cycle(BYTE value) {
    const SIZE_T page = cycle_page_bytes, all = cycle_pages * page;
    DWORD before = 0;
    BYTE *base = (BYTE *)VirtualAlloc(NULL, all, MEM_RESERVE, PAGE_READWRITE);
    CYCLE_STEP(base != NULL);
    CYCLE_STEP(query_says(base, MEM_RESERVE, 0, all));
    CYCLE_STEP(VirtualAlloc(base + page, 4 * page, MEM_COMMIT, PAGE_READWRITE) == base + page);
    CYCLE_STEP(bytes_are(base + page, 0, 4 * page));
    fill_bytes(base + page, value, 4 * page);
    CYCLE_STEP(VirtualProtect(base + page, page, PAGE_READONLY, &before));
    CYCLE_STEP(before == PAGE_READWRITE);
    CYCLE_STEP(query_says(base + page, MEM_COMMIT, PAGE_READONLY, page));
    CYCLE_STEP(VirtualFree(base + 2 * page, 2 * page, MEM_DECOMMIT));
    CYCLE_STEP(query_says(base + 2 * page, MEM_RESERVE, 0, 2 * page));
    CYCLE_STEP(bytes_are(base + page, value, page));
    CYCLE_STEP(bytes_are(base + 4 * page, value, page));
    CYCLE_STEP(VirtualAlloc(base, all, MEM_COMMIT, PAGE_READWRITE) == base);
    CYCLE_STEP(bytes_are(base + 2 * page, 0, 2 * page));
    CYCLE_STEP(bytes_are(base + 4 * page, value, page));
    CYCLE_STEP(query_says(base, MEM_COMMIT, PAGE_READWRITE, all));
    CYCLE_STEP(!VirtualFree(base, all, MEM_RELEASE));
    CYCLE_STEP(VirtualFree(base, 0, MEM_RELEASE));
    return 0;
}

#endif
