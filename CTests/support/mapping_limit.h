// Uses up the mappings that the kernel grants the process (vm.max_map_count).
#ifndef MAPPING_LIMIT_H
#define MAPPING_LIMIT_H

#include "memory_checks.h"

#include <sys/mman.h>

enum { most_mappings = 2000000 };

static BYTE *filler, *last_mappings[1024];
static SIZE_T filler_pages, last_count;

// The kernel never joins it with another, because it is shared.
static inline void *mapping_of_its_own(void) {
    return mmap(NULL, page_size, PROT_NONE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

static inline void give_back_one_mapping(void) {
    CHECK(last_count > 0);
    CHECK_EQUAL(munmap(last_mappings[--last_count], page_size), 0);
}

// Takes the mappings that have become free. Then the kernel divides none, but may make a last one.
static inline void stay_at_the_limit(void) {
    const SIZE_T most = sizeof last_mappings / sizeof *last_mappings, before = last_count;
    while (last_count < most) {
        void *page = mapping_of_its_own();
        if (page == MAP_FAILED)
            break;
        last_mappings[last_count++] = (BYTE *)page;
    }
    CHECK(last_count < most);
    if (last_count > before)
        give_back_one_mapping();
}

// Uses up the mappings that are left, by unlike neighbours in one stretch.
static inline void reach_the_limit(void) {
    filler_pages = 2 * most_mappings;
    filler = (BYTE *)mmap(NULL, filler_pages * page_size, PROT_NONE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    CHECK(filler != MAP_FAILED);
    SIZE_T page = 0;
    while (page < filler_pages && mprotect(filler + page * page_size, page_size, PROT_READ) == 0)
        page += 2;
    CHECK(page > 16 && page < filler_pages);
    // Some of them as single ones, which can be given back.
    CHECK_EQUAL(mprotect(filler + (page - 16) * page_size, 16 * page_size, PROT_NONE), 0);
    stay_at_the_limit();
}

static inline void leave_the_limit(void) {
    while (last_count > 0)
        give_back_one_mapping();
    CHECK_EQUAL(munmap(filler, filler_pages * page_size), 0);
}

#endif
