// Linux only: a million reservations, a million runs of pages, thousands of huge reservations. What
// they take of memory, that it goes back when they go, and what happens when the kernel will not keep
// another mapping. Reads /proc/self/statm.
#include "resident_bytes.h"

#include <sys/mman.h>

enum { RESERVATIONS = 1000000, HUGE_RESERVATIONS = 4096, GOING_ON = 1000 };
#define RUN_BYTES ((SIZE_T)8 << 30)
// What else in the process may grow or shrink meanwhile.
#define TOLERANCE ((SIZE_T)512 << 10)
// What may be kept for the next use.
#define KEPT ((SIZE_T)8 << 20)

static void *bases[RESERVATIONS];

static void shuffle(SIZE_T count) {
    uint64_t random = 88172645463325252u;
    for (SIZE_T i = count - 1; i > 0; i--) {
        random ^= random << 13, random ^= random >> 7, random ^= random << 17;
        SIZE_T other = random % (i + 1);
        void *base = bases[i];
        bases[i] = bases[other], bases[other] = base;
    }
}

static void reserve_all(SIZE_T count, SIZE_T byte_count) {
    for (SIZE_T i = 0; i < count; i++)
        bases[i] = GRANTED(VirtualAlloc(NULL, byte_count, MEM_RESERVE, PAGE_READWRITE));
}

static void release_at_random(SIZE_T count) {
    shuffle(count);
    for (SIZE_T i = 0; i < count; i++)
        release(bases[i]);
}

// README, The book.
static void a_million_reservations_take_64_bytes_each_at_most_and_give_them_back(void) {
    memset(bases, 0xFF, sizeof bases);
    SIZE_T before = resident_bytes();
    reserve_all(RESERVATIONS, allocation_granularity);
    CHECK(resident_bytes() <= before + 64 * (SIZE_T)RESERVATIONS + TOLERANCE);
    release_at_random(RESERVATIONS);
    CHECK(resident_bytes() <= before + KEPT + TOLERANCE);
}

static void reservations_that_are_few_and_far_between_give_their_memory_back(void) {
    memset(bases, 0xFF, sizeof bases);
    SIZE_T before = resident_bytes();
    reserve_all(HUGE_RESERVATIONS, (SIZE_T)4 << 30);
    SIZE_T most = resident_bytes();
    CHECK(most <= before + 24 * 1024 * (SIZE_T)HUGE_RESERVATIONS + TOLERANCE);
    release_at_random(HUGE_RESERVATIONS);
    CHECK(resident_bytes() <= before + KEPT + TOLERANCE);
}

// Linux 6.13; not in Debian 12's headers.
#define GUARD_INSTALL 102

static int has_guard_markers(void) {
    void *page = mmap(NULL, page_size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    int has = madvise(page, page_size, GUARD_INSTALL) == 0;
    munmap(page, page_size);
    return has;
}

static int uses_mappings_for_runs(void) {
    const char *backing = getenv("WIN32MEMORY_BACKING");
    return (backing && strcmp(backing, "mapped") == 0) || !has_guard_markers();
}

// Fewer bytes if each run is a mapping: at the limit on mappings a commit joins runs, which takes several
// system calls.
static SIZE_T run_bytes(void) {
    return uses_mappings_for_runs() ? RUN_BYTES / 8 : RUN_BYTES;
}

// Commits every other page, as far as it is granted; answers how many were.
static SIZE_T commit_every_other_page(BYTE *base) {
    for (SIZE_T offset = 0; offset < run_bytes(); offset += 2 * page_size) {
        SetLastError(UNTOUCHED_ERROR);
        if (!VirtualAlloc(base + offset, page_size, MEM_COMMIT, PAGE_READWRITE)) {
            CHECK(uses_mappings_for_runs());
            CHECK_EQUAL(GetLastError(), ERROR_NOT_ENOUGH_MEMORY);
            CHECK_RESERVED(base + offset, 0);
            return offset / page_size / 2;
        }
    }
    return run_bytes() / page_size / 2;
}

// README, The book.
static void a_million_runs_take_2_bytes_a_page_at_most_and_give_them_back(void) {
    SIZE_T before = resident_bytes();
    BYTE *base = reserved_pages(run_bytes() / page_size);
    SIZE_T runs = commit_every_other_page(base);
    CHECK(resident_bytes() <= before + 2 * (2 * runs) + TOLERANCE);
    release(base);
    CHECK(resident_bytes() <= before + KEPT + TOLERANCE);
}

// Makes every fourth page read-only, until that is refused; answers at which.
static BYTE *protect_every_fourth_page(BYTE *base, SIZE_T runs) {
    for (SIZE_T run = 0; run < runs; run += 2) {
        DWORD old = 0;
        BYTE *page = base + run * 2 * page_size;
        SetLastError(UNTOUCHED_ERROR);
        if (!VirtualProtect(page, page_size, PAGE_READONLY, &old)) {
            CHECK_EQUAL(GetLastError(), ERROR_NOT_ENOUGH_MEMORY);
            return page;
        }
        CHECK_EQUAL(old, PAGE_READWRITE);
    }
    return NULL;
}

static void check_that_commit_and_decommit_go_on(BYTE *refused) {
    CHECK_COMMITTED(refused, PAGE_READWRITE, page_size);
    memset(refused, 0x5A, page_size);
    for (BYTE *page = refused; page < refused + GOING_ON * 2 * page_size; page += 2 * page_size) {
        GRANTED(VirtualAlloc(page + page_size, page_size, MEM_COMMIT, PAGE_READWRITE));
        CHECK_COMMITTED(page + page_size, PAGE_READWRITE, 0);
        GRANTED(VirtualFree(page, page_size, MEM_DECOMMIT));
        CHECK_RESERVED(page, page_size);
    }
    CHECK(every_byte_is(refused + page_size, 0, page_size));
}

// Sources/README.md, Backing: protections need mappings, commits and decommits do not. On a kernel without
// guard markers each run is a mapping in any case.
static void when_no_mapping_is_left_for_a_protection_commit_and_decommit_go_on(void) {
    BYTE *base = reserved_pages(run_bytes() / page_size);
    SIZE_T runs = commit_every_other_page(base);
    BYTE *refused = protect_every_fourth_page(base, runs);
    CHECK_COMMITTED(base, PAGE_READONLY, page_size);
    CHECK_EQUAL(refused != NULL, has_guard_markers());
    if (refused)
        check_that_commit_and_decommit_go_on(refused);
    release(base);
    DWORD old = 0;
    BYTE *block = committed_pages(16);
    GRANTED(VirtualProtect(block + page_size, page_size, PAGE_READONLY, &old));
    release(block);
}

TEST_PROGRAM(TEST(a_million_reservations_take_64_bytes_each_at_most_and_give_them_back),
             TEST(reservations_that_are_few_and_far_between_give_their_memory_back),
             TEST(a_million_runs_take_2_bytes_a_page_at_most_and_give_them_back),
             TEST(when_no_mapping_is_left_for_a_protection_commit_and_decommit_go_on))
