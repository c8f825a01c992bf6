// Linux only: commits that get their memory at once, which WIN32MEMORY_POPULATE asks for. What is in
// RAM is what mincore(2) says.
#include "memory_checks.h"

#include <sys/mman.h>

#define SMALL_PAGES 16

// Before the library's first use, which is when it looks.
__attribute__((constructor)) static void ask_for_memory_at_once(void) {
    setenv("WIN32MEMORY_POPULATE", "64K", 1);
}

static SIZE_T pages_in_ram(void *base, SIZE_T page_count) {
    unsigned char flags[4 * SMALL_PAGES];
    SIZE_T count = 0;
    CHECK(page_count <= sizeof flags && mincore(base, page_count * page_size, flags) == 0);
    for (SIZE_T page = 0; page < page_count; page++)
        count += flags[page] & 1;
    return count;
}

static void commit(BYTE *base, SIZE_T page_count, DWORD protection) {
    GRANTED(VirtualAlloc(base, page_count * page_size, MEM_COMMIT, protection));
}

// README, environment variables; 2.8, 3.49
static void a_small_commit_has_its_memory_at_once_and_reads_as_zero(void) {
    BYTE *base = reserved_pages(4 * SMALL_PAGES);
    for (SIZE_T round = 0; round < 3; round++) {
        commit(base + round * page_size, SMALL_PAGES, PAGE_READWRITE);
        CHECK_EQUAL(pages_in_ram(base, 4 * SMALL_PAGES), SMALL_PAGES);
        CHECK_COMMITTED(base + round * page_size, PAGE_READWRITE, SMALL_PAGES * page_size);
        CHECK(every_byte_is(base + round * page_size, 0, SMALL_PAGES * page_size));
        memset(base + round * page_size, 0x5A, SMALL_PAGES * page_size);
        GRANTED(VirtualFree(base + round * page_size, SMALL_PAGES * page_size, MEM_DECOMMIT));
        CHECK_EQUAL(pages_in_ram(base, 4 * SMALL_PAGES), 0);
    }
    release(base);
}

// README, environment variables; 2.8
static void a_small_block_that_comes_and_goes_has_its_memory_at_once_and_reads_as_zero(void) {
    for (SIZE_T round = 0; round < 20; round++) {
        BYTE *base = committed_pages(SMALL_PAGES);
        CHECK_EQUAL(pages_in_ram(base, SMALL_PAGES), SMALL_PAGES);
        CHECK(every_byte_is(base, 0, SMALL_PAGES * page_size));
        memset(base, 0x5A, SMALL_PAGES * page_size);
        release(base);
        CHECK_FREE(base);
    }
}

// Design page, section 5: lazy physical memory stays lazy.
static void a_larger_commit_takes_no_memory_until_it_is_touched(void) {
    BYTE *base = reserved_pages(4 * SMALL_PAGES);
    commit(base, SMALL_PAGES + 1, PAGE_READWRITE);
    CHECK_EQUAL(pages_in_ram(base, 4 * SMALL_PAGES), 0);
    BYTE *other = committed_pages(SMALL_PAGES + 1);
    CHECK_EQUAL(pages_in_ram(other, SMALL_PAGES + 1), 0);
    release(other);
    release(base);
}

static void commits_that_cannot_be_written_take_no_memory(void) {
    static const DWORD protections[] = {PAGE_NOACCESS, PAGE_READONLY, PAGE_EXECUTE_READ,
                                        PAGE_READWRITE | PAGE_GUARD};
    for (SIZE_T i = 0; i < sizeof protections / sizeof protections[0]; i++) {
        check_row("protection 0x%x", (unsigned)protections[i]);
        BYTE *base = reserved_pages(SMALL_PAGES);
        commit(base, SMALL_PAGES, protections[i]);
        CHECK_EQUAL(pages_in_ram(base, SMALL_PAGES), 0);
        CHECK_COMMITTED(base, protections[i], SMALL_PAGES * page_size);
        release(base);
    }
}

// 3.44
static void what_was_committed_before_keeps_its_contents(void) {
    BYTE *base = reserved_pages(SMALL_PAGES);
    commit(base + 3 * page_size, 2, PAGE_READWRITE);
    memset(base + 3 * page_size, 0x77, 2 * page_size);
    commit(base, SMALL_PAGES, PAGE_READWRITE);
    CHECK_EQUAL(pages_in_ram(base, SMALL_PAGES), SMALL_PAGES);
    CHECK(every_byte_is(base + 3 * page_size, 0x77, 2 * page_size));
    CHECK(every_byte_is(base, 0, 3 * page_size));
    CHECK(every_byte_is(base + 5 * page_size, 0, 11 * page_size));
    release(base);
}

// 3.3
static void a_refused_commit_takes_no_memory_and_changes_nothing(void) {
    BYTE *base = reserved_pages(4 * SMALL_PAGES);
    commit(base, 2, PAGE_READWRITE);
    memset(base, 0x33, 2 * page_size);
    REFUSED_UNCHANGED(
        base, 4 * SMALL_PAGES * page_size,
        VirtualAlloc(base + (4 * SMALL_PAGES - 1) * page_size, 2 * page_size, MEM_COMMIT, 0x999),
        ERROR_INVALID_PARAMETER);
    CHECK_EQUAL(pages_in_ram(base, 4 * SMALL_PAGES), 2);
    release(base);
}

int main(int argc, char **argv) {
    static const struct test tests[] = {
        TEST(a_small_commit_has_its_memory_at_once_and_reads_as_zero),
        TEST(a_small_block_that_comes_and_goes_has_its_memory_at_once_and_reads_as_zero),
        TEST(a_larger_commit_takes_no_memory_until_it_is_touched),
        TEST(commits_that_cannot_be_written_take_no_memory),
        TEST(what_was_committed_before_keeps_its_contents),
        TEST(a_refused_commit_takes_no_memory_and_changes_nothing)};
    return check_main(__FILE__, tests, sizeof tests / sizeof tests[0], argc, argv);
}
