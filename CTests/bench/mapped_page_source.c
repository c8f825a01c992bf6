// Bare system calls with the one thing that they lack: bases at multiples of 64 KiB.
#include "mapped_page_source.h"

#include "bare.h"

#include <stdint.h>

static const size_t alignment = 64 * 1024;

static size_t round_up(size_t byte_count) {
    return (byte_count + alignment - 1) / alignment * alignment;
}

// Whole multiples keep the next mapping aligned too, so that the first try nearly always does.
static void *map_aligned(size_t byte_count, void *(*map)(size_t byte_count)) {
    size_t mapped = round_up(byte_count);
    char *base = map(mapped);
    if ((uintptr_t)base % alignment == 0)
        return base;
    bare_release(base, mapped);
    char *wide = map(mapped + alignment);
    char *aligned = wide + (alignment - (uintptr_t)wide % alignment) % alignment;
    if (aligned != wide)
        bare_release(wide, (size_t)(aligned - wide));
    bare_release(aligned + mapped, (size_t)(wide + alignment - aligned));
    return aligned;
}

static void *reserve(size_t byte_count) {
    return map_aligned(byte_count, bare_reserve);
}

static void *reserve_committed(size_t byte_count) {
    return map_aligned(byte_count, bare_allocate);
}

static bool commit(void *address, size_t byte_count) {
    return bare_try_commit(address, byte_count);
}

static void release(void *base, size_t byte_count) {
    bare_release(base, round_up(byte_count));
}

const struct page_source mapped_page_source = {reserve, reserve_committed, commit,
                                               bare_decommit_by_advice, release};
