// Uses up the mappings that the kernel grants the process (vm.max_map_count).
#ifndef MAPPING_LIMIT_H
#define MAPPING_LIMIT_H

#include "memory_checks.h"

#include <sys/mman.h>

enum { most_mappings = 2000000 };

static BYTE *filler;
static SIZE_T filler_pages;

// Uses up the mappings that are left, by unlike neighbours in one stretch.
static void reach_the_limit(void) {
    filler_pages = 2 * most_mappings;
    filler = (BYTE *)mmap(NULL, filler_pages * page_size, PROT_NONE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    CHECK(filler != MAP_FAILED);
    SIZE_T page = 0;
    while (page < filler_pages && mprotect(filler + page * page_size, page_size, PROT_READ) == 0)
        page += 2;
    CHECK(page < filler_pages);
}

static void leave_the_limit(void) {
    CHECK_EQUAL(munmap(filler, filler_pages * page_size), 0);
}

#endif
