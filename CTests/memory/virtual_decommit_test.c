// VirtualFree with MEM_DECOMMIT: which pages it decommits, and that their contents are gone.
#include "fault_probe.h"
#include "memory_checks.h"

#define BLOCK_PAGES 16
#define BLOCK_BYTES (BLOCK_PAGES * (SIZE_T)page_size)

static BYTE *filled_block(void) {
    BYTE *base = committed_pages(BLOCK_PAGES);
    memset(base, 0x71, BLOCK_BYTES);
    return base;
}

// 4.23
static void every_page_with_a_byte_of_the_range_is_decommitted(void) {
    BYTE *base = filled_block();
    GRANTED(VirtualFree(base + 0x1FFF, 2, MEM_DECOMMIT));
    CHECK_COMMITTED(base, PAGE_READWRITE, page_size);
    CHECK_RESERVED(base + page_size, 2 * page_size);
    CHECK_COMMITTED(base + 3 * page_size, PAGE_READWRITE, 13 * page_size);
    CHECK(every_byte_is(base, 0x71, page_size));
    CHECK(every_byte_is(base + 3 * page_size, 0x71, 13 * page_size));
    release(base);
}

// 4.24, 4.36
static void size_zero_in_the_first_page_decommits_the_whole_region(void) {
    static const SIZE_T offsets[] = {0, 1, 0xFFE, 0xFFF};
    for (SIZE_T i = 0; i < sizeof offsets / sizeof offsets[0]; i++) {
        check_row("offset 0x%x", (unsigned)offsets[i]);
        BYTE *base = filled_block();
        GRANTED(VirtualFree(base + offsets[i], 0, MEM_DECOMMIT));
        CHECK_RESERVED(base, BLOCK_BYTES);
        release(base);
    }
}

// 4.36
static void the_exact_size_decommits_the_whole_region(void) {
    BYTE *base = filled_block();
    GRANTED(VirtualFree(base, BLOCK_BYTES, MEM_DECOMMIT));
    CHECK_RESERVED(base, BLOCK_BYTES);
    release(base);
}

// 4.25, 4.36
static void size_zero_in_a_later_page_is_refused(void) {
    static const SIZE_T offsets[] = {0x1000, 0x1001, 0xF000, 0xFFFF};
    BYTE *base = filled_block();
    for (SIZE_T i = 0; i < sizeof offsets / sizeof offsets[0]; i++) {
        check_row("offset 0x%x", (unsigned)offsets[i]);
        REFUSED_UNCHANGED(base, BLOCK_BYTES, VirtualFree(base + offsets[i], 0, MEM_DECOMMIT),
                          ERROR_INVALID_ADDRESS);
    }
    release(base);
}

// 4.26
static void reserved_pages_in_the_range_are_fine(void) {
    BYTE *base = reserved_pages(BLOCK_PAGES);
    GRANTED(VirtualFree(base, 0, MEM_DECOMMIT));
    GRANTED(VirtualFree(base, BLOCK_BYTES, MEM_DECOMMIT));
    GRANTED(VirtualAlloc(base + 4 * page_size, page_size, MEM_COMMIT, PAGE_READWRITE));
    GRANTED(VirtualFree(base + page_size, 8 * page_size, MEM_DECOMMIT));
    GRANTED(VirtualFree(base + page_size, 8 * page_size, MEM_DECOMMIT));
    for (SIZE_T page = 0; page < BLOCK_PAGES; page++)
        CHECK_RESERVED(base + page * page_size, 0);
    release(base);
}

// 4.8, 4.10, 4.27, 4.36, 14.3
static void a_range_past_the_end_of_the_region_is_refused_whole(void) {
    static const SIZE_T rows[][2] = {{0, 0x10001}, {1, 0x10000}, {0xF000, 0x1001},
                                     {0xFFFF, 2},  {0, 0x20000}, {0, 1u << 30}};
    BYTE *base = filled_block();
    for (SIZE_T i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        check_row("offset 0x%x size 0x%x", (unsigned)rows[i][0], (unsigned)rows[i][1]);
        REFUSED_UNCHANGED(base, BLOCK_BYTES,
                          VirtualFree(base + rows[i][0], rows[i][1], MEM_DECOMMIT),
                          ERROR_INVALID_PARAMETER);
    }
    release(base);
}

// 4.8, 4.27
static void a_range_into_an_adjacent_region_is_refused_whole(void) {
    BYTE *lower = free_space(2 * BLOCK_BYTES);
    BYTE *upper = lower + BLOCK_BYTES;
    GRANTED(VirtualAlloc(lower, BLOCK_BYTES, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE));
    GRANTED(VirtualAlloc(upper, BLOCK_BYTES, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE));
    memset(lower, 0x72, 2 * BLOCK_BYTES);
    REFUSED_UNCHANGED(lower, 2 * BLOCK_BYTES, VirtualFree(lower, BLOCK_BYTES + 1, MEM_DECOMMIT),
                      ERROR_INVALID_PARAMETER);
    REFUSED_UNCHANGED(lower, 2 * BLOCK_BYTES, VirtualFree(lower + 1, BLOCK_BYTES, MEM_DECOMMIT),
                      ERROR_INVALID_PARAMETER);
    release(upper);
    release(lower);
}

// 4.30
static void decommitted_pages_merge_with_reserved_neighbours(void) {
    BYTE *base = reserved_pages(4);
    GRANTED(VirtualAlloc(base + page_size, 2 * page_size, MEM_COMMIT, PAGE_EXECUTE_READWRITE));
    GRANTED(VirtualFree(base + page_size, page_size, MEM_DECOMMIT));
    CHECK_RESERVED(base, 2 * page_size);
    CHECK_RESERVED(base + page_size, page_size);
    GRANTED(VirtualFree(base + 2 * page_size, page_size, MEM_DECOMMIT));
    CHECK_RESERVED(base, 4 * page_size);
    CHECK_ALLOCATION(base + 2 * page_size, base, PAGE_NOACCESS);
    release(base);
}

// 4.30
static void decommitted_pages_fault_until_they_are_committed_again(void) {
    BYTE *base = filled_block();
    GRANTED(VirtualFree(base + page_size, page_size, MEM_DECOMMIT));
    CHECK(faults_on_read(base + page_size));
    CHECK(faults_on_write(base + 2 * page_size - 1));
    CHECK(faults_on_execute(base + page_size));
    CHECK(!faults_on_read(base));
    CHECK(!faults_on_write(base + 2 * page_size));
    GRANTED(VirtualAlloc(base + page_size, page_size, MEM_COMMIT, PAGE_READWRITE));
    CHECK(!faults_on_write(base + page_size));
    release(base);
}

// 4.30, 3.49, 2.8
static void contents_are_lost_and_recommitted_pages_read_zero(void) {
    static const DWORD protections[] = {PAGE_READWRITE, PAGE_READONLY, PAGE_NOACCESS,
                                        PAGE_READWRITE | PAGE_GUARD, PAGE_EXECUTE_READ};
    for (SIZE_T i = 0; i < sizeof protections / sizeof protections[0]; i++) {
        check_row("protection 0x%x", (unsigned)protections[i]);
        BYTE *base = filled_block();
        DWORD before;
        GRANTED(VirtualProtect(base + 2 * page_size, 4 * page_size, protections[i], &before));
        GRANTED(VirtualFree(base + page_size, 4 * page_size, MEM_DECOMMIT));
        GRANTED(VirtualAlloc(base + page_size, 5 * page_size, MEM_COMMIT, PAGE_READWRITE));
        CHECK(every_byte_is(base, 0x71, page_size));
        CHECK(every_byte_is(base + page_size, 0, 4 * page_size));
        CHECK(every_byte_is(base + 5 * page_size, 0x71, 11 * page_size));
        release(base);
    }
}

// 4.20: decommitting takes the lock away with the pages.
static void locked_pages_can_be_decommitted(void) {
    BYTE *base = filled_block();
    GRANTED(VirtualLock(base, 4 * page_size));
    GRANTED(VirtualFree(base + page_size, 2 * page_size, MEM_DECOMMIT));
    CHECK_RESERVED(base + page_size, 2 * page_size);
    CHECK(faults_on_read(base + page_size));
    CHECK(every_byte_is(base, 0x71, page_size));
    GRANTED(VirtualAlloc(base + page_size, 2 * page_size, MEM_COMMIT, PAGE_READWRITE));
    CHECK(every_byte_is(base + page_size, 0, 2 * page_size));
    CHECK(every_byte_is(base + 3 * page_size, 0x71, page_size));
    release(base);
}

// 2.7, 4.30: every other page of a large block, there and back.
static void every_other_page_can_be_decommitted_and_committed(void) {
    const SIZE_T page_count = 1024;
    BYTE *base = committed_pages(page_count);
    memset(base, 0x73, page_count * page_size);
    for (SIZE_T page = 0; page < page_count; page += 2)
        GRANTED(VirtualFree(base + page * page_size, page_size, MEM_DECOMMIT));
    for (SIZE_T page = 0; page < page_count; page += 2) {
        CHECK_RESERVED(base + page * page_size, page_size);
        CHECK_COMMITTED(base + (page + 1) * page_size, PAGE_READWRITE, page_size);
    }
    GRANTED(VirtualAlloc(base, page_count * page_size, MEM_COMMIT, PAGE_READWRITE));
    CHECK_COMMITTED(base, PAGE_READWRITE, page_count * page_size);
    for (SIZE_T page = 0; page < page_count; page++)
        CHECK(every_byte_is(base + page * page_size, page % 2 ? 0x73 : 0, page_size));
    release(base);
}

TEST_PROGRAM(TEST(every_page_with_a_byte_of_the_range_is_decommitted),
             TEST(size_zero_in_the_first_page_decommits_the_whole_region),
             TEST(the_exact_size_decommits_the_whole_region),
             TEST(size_zero_in_a_later_page_is_refused), TEST(reserved_pages_in_the_range_are_fine),
             TEST(a_range_past_the_end_of_the_region_is_refused_whole),
             TEST(a_range_into_an_adjacent_region_is_refused_whole),
             TEST(decommitted_pages_merge_with_reserved_neighbours),
             TEST(decommitted_pages_fault_until_they_are_committed_again),
             TEST(contents_are_lost_and_recommitted_pages_read_zero),
             TEST(locked_pages_can_be_decommitted),
             TEST(every_other_page_can_be_decommitted_and_committed))
