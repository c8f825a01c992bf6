// The ways of filling memory, named by madvise's advice. See first_touch.h.
#define _GNU_SOURCE
#include "first_touch.h"

#include <sys/mman.h>

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25 // Linux 6.1
#endif

static const size_t huge_page_bytes = (size_t)2 << 20;

static bool any_size(size_t byte_count) {
    return byte_count > 0;
}

static bool small_size(size_t byte_count) {
    return byte_count < huge_page_bytes;
}

static bool huge_size(size_t byte_count) {
    return byte_count >= huge_page_bytes;
}

const struct first_touch_way first_touch_ways[] = {
    {.name = "plain", .suits = any_size},
    {.name = "HUGEPAGE", .before = {MADV_HUGEPAGE}, .before_count = 1, .suits = any_size},
    {.name = "HUGEPAGE, POPULATE_WRITE",
     .before = {MADV_HUGEPAGE, MADV_POPULATE_WRITE},
     .before_count = 2,
     .suits = huge_size},
    {.name = "POPULATE_WRITE",
     .before = {MADV_POPULATE_WRITE},
     .before_count = 1,
     .bare_populate = true,
     .suits = any_size},
    {.name = "COLLAPSE, touched", .before = {MADV_COLLAPSE}, .before_count = 1, .suits = huge_size},
    {.name = "touched, COLLAPSE", .after = MADV_COLLAPSE, .suits = huge_size},
    {.name = "plain, one page touched", .one_page_only = true, .suits = small_size},
    {.name = "POPULATE_WRITE, one page touched",
     .before = {MADV_POPULATE_WRITE},
     .before_count = 1,
     .one_page_only = true,
     .suits = small_size},
};

const size_t first_touch_way_count = sizeof first_touch_ways / sizeof first_touch_ways[0];

void first_touch_ask(const int *advice, unsigned count, char *base, size_t byte_count) {
    for (unsigned index = 0; index < count; index++) {
        int result = madvise(base, byte_count, advice[index]);
        // A collapse may be refused: where nothing is mapped yet, at a guard marker, without a free
        // huge page. The row shows how much became huge.
        bench_require(result == 0 || advice[index] == MADV_COLLAPSE, "madvise");
    }
}
