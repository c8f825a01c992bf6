// This library's side of the rows: the Win32 calls, each checked. Byte counts are whole pages.
#ifndef OURS_H
#define OURS_H

#include "bench.h"

#include <windows.h>

static inline void *ours_reserve(size_t byte_count) {
    void *base = VirtualAlloc(NULL, byte_count, MEM_RESERVE, PAGE_NOACCESS);
    bench_require(base != NULL, "VirtualAlloc(MEM_RESERVE)");
    return base;
}

// Reserves and commits in one call.
static inline void *ours_allocate(size_t byte_count) {
    void *base = VirtualAlloc(NULL, byte_count, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    bench_require(base != NULL, "VirtualAlloc(MEM_RESERVE | MEM_COMMIT)");
    return base;
}

static inline void *ours_allocate_executable(size_t byte_count) {
    void *base = VirtualAlloc(NULL, byte_count, MEM_RESERVE | MEM_COMMIT, PAGE_EXECUTE_READWRITE);
    bench_require(base != NULL, "VirtualAlloc(PAGE_EXECUTE_READWRITE)");
    return base;
}

static inline bool ours_try_commit(void *address, size_t byte_count) {
    return VirtualAlloc(address, byte_count, MEM_COMMIT, PAGE_READWRITE) != NULL;
}

static inline void ours_commit(void *address, size_t byte_count) {
    bench_require(ours_try_commit(address, byte_count), "VirtualAlloc(MEM_COMMIT)");
}

static inline void ours_decommit(void *address, size_t byte_count) {
    bench_require(VirtualFree(address, byte_count, MEM_DECOMMIT), "VirtualFree(MEM_DECOMMIT)");
}

static inline void ours_release(void *base) {
    bench_require(VirtualFree(base, 0, MEM_RELEASE), "VirtualFree(MEM_RELEASE)");
}

static inline void ours_protect(void *address, size_t byte_count, DWORD protection) {
    DWORD old_protection;
    bench_require(VirtualProtect(address, byte_count, protection, &old_protection),
                  "VirtualProtect");
}

static inline void ours_reset(void *address, size_t byte_count) {
    bench_require(VirtualAlloc(address, byte_count, MEM_RESET, PAGE_READWRITE) != NULL,
                  "VirtualAlloc(MEM_RESET)");
}

// The length of the region from `address` on.
static inline size_t ours_query(const void *address) {
    MEMORY_BASIC_INFORMATION region;
    bench_require(VirtualQuery(address, &region, sizeof region) == sizeof region, "VirtualQuery");
    return region.RegionSize;
}

#endif
