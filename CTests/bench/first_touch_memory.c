// Committed memory of this library, fresh and used before, and a bare mapping. See first_touch.h.
#define _GNU_SOURCE
#include "first_touch.h"
#include "ours.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

static const size_t huge_page_bytes = (size_t)2 << 20;

static char *up_to_huge_page(char *address) {
    return (char *)(((uintptr_t)address + huge_page_bytes - 1) & ~(huge_page_bytes - 1));
}

// Addresses that were never used: what is released is reserved again, and its page tables stay.
static char *prepare_ours(size_t byte_count) {
    static char *next, *end;
    if ((size_t)(end - next) < byte_count) {
        const size_t reservation_bytes = (size_t)16 << 30;
        next = up_to_huge_page(ours_reserve(reservation_bytes));
        end = next + reservation_bytes - huge_page_bytes;
    }
    char *base = next;
    next = up_to_huge_page(next + byte_count);
    return base;
}

static void commit_ours(char *base, size_t byte_count, const struct first_touch_way *way) {
    (void)way;
    ours_commit(base, byte_count);
}

static void commit_ours_in_steps(char *base, size_t byte_count, const struct first_touch_way *way) {
    (void)way;
    for (size_t offset = 0; offset < byte_count; offset += first_touch_step_bytes)
        ours_commit(base + offset, first_touch_step_bytes);
}

static void decommit_ours(char *base, size_t byte_count) {
    ours_decommit(base, byte_count);
}

static char *prepare_ours_again(size_t byte_count) {
    char *base = prepare_ours(byte_count);
    ours_commit(base, byte_count);
    memset(base, 1, byte_count);
    ours_decommit(base, byte_count);
    return base;
}

// Inaccessible; it becomes writable on the clock.
static char *prepare_bare(size_t byte_count) {
    char *mapping =
        mmap(NULL, byte_count + huge_page_bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    bench_require(mapping != MAP_FAILED, "mmap");
    char *base = up_to_huge_page(mapping);
    if (base > mapping)
        bench_require(munmap(mapping, (size_t)(base - mapping)) == 0, "munmap");
    size_t after = huge_page_bytes - (size_t)(base - mapping);
    if (after > 0)
        bench_require(munmap(base + byte_count, after) == 0, "munmap");
    return base;
}

static void commit_bare(char *base, size_t byte_count, const struct first_touch_way *way) {
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | (way->bare_populate ? MAP_POPULATE : 0);
    bench_require(mmap(base, byte_count, PROT_READ | PROT_WRITE, flags, -1, 0) == base, "mmap");
}

static void give_back_bare(char *base, size_t byte_count) {
    bench_require(munmap(base, byte_count) == 0, "munmap");
}

const struct first_touch_memory first_touch_ours = {"", prepare_ours, commit_ours, decommit_ours};
const struct first_touch_memory first_touch_ours_again = {" again", prepare_ours_again, commit_ours,
                                                          decommit_ours};
const struct first_touch_memory first_touch_ours_grown = {" grown by 64 KiB", prepare_ours,
                                                          commit_ours_in_steps, decommit_ours};
const struct first_touch_memory first_touch_bare = {"", prepare_bare, commit_bare, give_back_bare};

// From /proc/self/smaps: the figures of the mappings that lie in the range or reach into it.
size_t first_touch_huge_bytes(const char *base, size_t byte_count) {
    char line[512];
    bool is_within = false;
    size_t huge = 0;
    FILE *mappings = fopen("/proc/self/smaps", "r");
    bench_require(mappings != NULL, "opening /proc/self/smaps");
    while (fgets(line, sizeof line, mappings)) {
        unsigned long long start, end, kibibytes;
        if (sscanf(line, "%llx-%llx ", &start, &end) == 2)
            is_within = start < (uintptr_t)base + byte_count && end > (uintptr_t)base;
        else if (is_within && sscanf(line, "AnonHugePages: %llu kB", &kibibytes) == 1)
            huge += (size_t)kibibytes << 10;
    }
    fclose(mappings);
    return huge < byte_count ? huge : byte_count;
}
