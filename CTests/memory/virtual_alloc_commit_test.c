// VirtualAlloc with MEM_COMMIT: which pages it commits, what becomes of their contents and
// protection, and what it refuses.
#include "fault_probe.h"
#include "memory_checks.h"

// 2.7, 2.8, 3.49
static void every_commit_gives_zero_filled_pages(void) {
    BYTE *base = reserved_pages(4);
    for (int round = 0; round < 3; round++) {
        GRANTED(VirtualAlloc(base, 4 * page_size, MEM_COMMIT, PAGE_READWRITE));
        CHECK(every_byte_is(base, 0, 4 * page_size));
        memset(base, 0xA0 + round, 4 * page_size);
        GRANTED(VirtualFree(base, 4 * page_size, MEM_DECOMMIT));
    }
    release(base);
}

// 3.26, 3.27
static void two_bytes_across_a_boundary_commit_two_pages(void) {
    BYTE *base = reserved_pages(4);
    void *answer = GRANTED(VirtualAlloc(base + 2 * page_size - 1, 2, MEM_COMMIT, PAGE_READWRITE));
    CHECK_EQUAL((uintptr_t)answer, (uintptr_t)(base + page_size));
    CHECK_RESERVED(base, page_size);
    CHECK_COMMITTED(base + page_size, PAGE_READWRITE, 2 * page_size);
    CHECK_RESERVED(base + 3 * page_size, page_size);
    release(base);
}

// 3.39
static void commit_without_an_address_reserves_too(void) {
    BYTE *base = (BYTE *)GRANTED(VirtualAlloc(NULL, page_size + 1, MEM_COMMIT, PAGE_READWRITE));
    CHECK_EQUAL((uintptr_t)base % allocation_granularity, 0);
    CHECK_COMMITTED(base, PAGE_READWRITE, 2 * page_size);
    CHECK_ALLOCATION(base, base, PAGE_READWRITE);
    release(base);
}

// 3.40, 3.66
static void committing_free_memory_is_refused(void) {
    BYTE *space = free_space(allocation_granularity);
    REFUSED_UNCHANGED(space, allocation_granularity,
                      VirtualAlloc(space, page_size, MEM_COMMIT, PAGE_READWRITE),
                      ERROR_INVALID_ADDRESS);
}

// 3.41, 3.66
static void a_range_past_the_end_of_the_reservation_is_refused_whole(void) {
    BYTE *base = reserved_pages(3);
    REFUSED_UNCHANGED(base, 4 * page_size,
                      VirtualAlloc(base + 2 * page_size, 2 * page_size, MEM_COMMIT, PAGE_READWRITE),
                      ERROR_INVALID_ADDRESS);
    REFUSED_UNCHANGED(base, 4 * page_size,
                      VirtualAlloc(base + 1, 3 * page_size, MEM_COMMIT, PAGE_READWRITE),
                      ERROR_INVALID_ADDRESS);
    release(base);
}

// 3.42
static void a_range_over_two_adjacent_reservations_is_refused(void) {
    BYTE *space = free_space(2 * allocation_granularity);
    BYTE *second = space + allocation_granularity;
    GRANTED(VirtualAlloc(space, allocation_granularity, MEM_RESERVE, PAGE_READWRITE));
    GRANTED(VirtualAlloc(second, allocation_granularity, MEM_RESERVE, PAGE_READWRITE));
    REFUSED_UNCHANGED(space, 2 * allocation_granularity,
                      VirtualAlloc(second - page_size, 2 * page_size, MEM_COMMIT, PAGE_READWRITE),
                      ERROR_INVALID_ADDRESS);
    release(second);
    release(space);
}

// 3.43, 3.66
static void a_range_right_after_the_last_page_is_refused(void) {
    BYTE *base = reserved_pages(3);
    REFUSED_UNCHANGED(base, 4 * page_size,
                      VirtualAlloc(base + 3 * page_size, page_size, MEM_COMMIT, PAGE_READWRITE),
                      ERROR_INVALID_ADDRESS);
    release(base);
}

// 3.44, 3.66
static void committing_committed_pages_keeps_their_contents(void) {
    BYTE *base = reserved_pages(3);
    GRANTED(VirtualAlloc(base + page_size, page_size, MEM_COMMIT, PAGE_READWRITE));
    memset(base + page_size, 0x5A, page_size);
    GRANTED(VirtualAlloc(base, 3 * page_size, MEM_COMMIT, PAGE_READWRITE));
    CHECK(every_byte_is(base, 0, page_size));
    CHECK(every_byte_is(base + page_size, 0x5A, page_size));
    CHECK(every_byte_is(base + 2 * page_size, 0, page_size));
    CHECK_COMMITTED(base, PAGE_READWRITE, 3 * page_size);
    release(base);
}

// 3.45
static void committing_again_gives_the_whole_range_the_new_protection(void) {
    BYTE *base = reserved_pages(3);
    GRANTED(VirtualAlloc(base, page_size, MEM_COMMIT, PAGE_READWRITE));
    base[0] = 0x77;
    GRANTED(VirtualAlloc(base + 2 * page_size, page_size, MEM_COMMIT, PAGE_NOACCESS));
    GRANTED(VirtualAlloc(base, 3 * page_size, MEM_COMMIT, PAGE_READONLY));
    CHECK_COMMITTED(base, PAGE_READONLY, 3 * page_size);
    CHECK(faults_on_write(base));
    CHECK(!faults_on_read(base + 2 * page_size));
    CHECK_EQUAL(base[0], 0x77);
    release(base);
}

// 3.46
static void committing_again_arms_and_disarms_a_guard(void) {
    BYTE *base = committed_pages(1);
    base[1] = 0x33;
    GRANTED(VirtualAlloc(base, page_size, MEM_COMMIT, PAGE_READWRITE | PAGE_GUARD));
    CHECK_COMMITTED(base, PAGE_READWRITE | PAGE_GUARD, page_size);
    GRANTED(VirtualAlloc(base, page_size, MEM_COMMIT, PAGE_READWRITE));
    CHECK_COMMITTED(base, PAGE_READWRITE, page_size);
    CHECK(!faults_on_write(base));
    CHECK_EQUAL(base[1], 0x33);
    release(base);
}

// 3.47
static void pages_of_one_region_carry_their_own_protections(void) {
    static const DWORD protections[] = {PAGE_READWRITE, PAGE_READONLY, PAGE_NOACCESS,
                                        PAGE_EXECUTE_READ};
    BYTE *base = reserved_pages(5);
    for (SIZE_T i = 0; i < 4; i++)
        GRANTED(VirtualAlloc(base + i * page_size, page_size, MEM_COMMIT, protections[i]));
    for (SIZE_T i = 0; i < 4; i++) {
        check_row("page %d", (int)i);
        CHECK_COMMITTED(base + i * page_size, protections[i], page_size);
        CHECK_ALLOCATION(base + i * page_size, base, PAGE_NOACCESS);
    }
    CHECK_RESERVED(base + 4 * page_size, page_size);
    release(base);
}

// 3.48
static void committing_the_last_page_leaves_the_others_reserved(void) {
    BYTE *base = reserved_pages(8);
    BYTE *last = base + 7 * page_size;
    GRANTED(VirtualAlloc(last, page_size, MEM_COMMIT, PAGE_READWRITE));
    CHECK_COMMITTED(last, PAGE_READWRITE, page_size);
    CHECK_ALLOCATION(last, base, PAGE_NOACCESS);
    CHECK_RESERVED(base, 7 * page_size);
    CHECK(faults_on_read(last - 1));
    release(base);
}

// 3.58, 2.10
static void a_refused_commit_leaves_earlier_pages_their_protection(void) {
    BYTE *base = reserved_pages(3);
    GRANTED(VirtualAlloc(base, 2 * page_size, MEM_COMMIT, PAGE_READWRITE));
    memset(base, 0x11, 2 * page_size);
    REFUSED_UNCHANGED(base, 4 * page_size,
                      VirtualAlloc(base, 4 * page_size, MEM_COMMIT, PAGE_READONLY),
                      ERROR_INVALID_ADDRESS);
    CHECK(!faults_on_write(base));
    release(base);
}

// 3.66: what reserving or committing does to a block of three pages in each starting state.
static void the_results_on_a_reserved_block_are_those_of_the_table(void) {
    BYTE *base = (BYTE *)GRANTED(VirtualAlloc(NULL, 3 * page_size, MEM_RESERVE, PAGE_EXECUTE));
    REFUSED_UNCHANGED(base, 3 * page_size,
                      VirtualAlloc(base, page_size, MEM_RESERVE, PAGE_READWRITE),
                      ERROR_INVALID_ADDRESS);
    GRANTED(VirtualAlloc(base, page_size, MEM_COMMIT, PAGE_READONLY));
    CHECK_COMMITTED(base, PAGE_READONLY, page_size);
    CHECK_ALLOCATION(base, base, PAGE_EXECUTE);
    CHECK_RESERVED(base + page_size, 2 * page_size);
    REFUSED_UNCHANGED(base, 3 * page_size, VirtualAlloc(base, 0, MEM_COMMIT, PAGE_READWRITE),
                      ERROR_INVALID_PARAMETER);
    REFUSED_UNCHANGED(base, 3 * page_size, VirtualAlloc(base, page_size, MEM_COMMIT, 0),
                      ERROR_INVALID_PARAMETER);
    release(base);
}

// 3.66
static void the_results_on_a_committed_block_are_those_of_the_table(void) {
    const SIZE_T all = 3 * page_size;
    BYTE *base = committed_pages(3);
    memset(base, 0xD0, all);
    REFUSED_UNCHANGED(base, all,
                      VirtualAlloc(base, page_size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE),
                      ERROR_INVALID_ADDRESS);
    REFUSED_UNCHANGED(base, all, VirtualAlloc(base, page_size, MEM_COMMIT, PAGE_WRITECOPY),
                      ERROR_INVALID_PARAMETER);
    REFUSED_UNCHANGED(base, all, VirtualAlloc(base, 0, MEM_COMMIT, PAGE_READWRITE),
                      ERROR_INVALID_PARAMETER);
    REFUSED_UNCHANGED(base, all, VirtualAlloc(base, page_size, MEM_COMMIT, 0),
                      ERROR_INVALID_PARAMETER);
    GRANTED(VirtualAlloc(base, page_size, MEM_COMMIT, PAGE_READONLY));
    CHECK(every_byte_is(base, 0xD0, all));
    CHECK(faults_on_write(base));
    CHECK(!faults_on_write(base + page_size));
    release(base);
}

TEST_PROGRAM(TEST(every_commit_gives_zero_filled_pages),
             TEST(two_bytes_across_a_boundary_commit_two_pages),
             TEST(commit_without_an_address_reserves_too), TEST(committing_free_memory_is_refused),
             TEST(a_range_past_the_end_of_the_reservation_is_refused_whole),
             TEST(a_range_over_two_adjacent_reservations_is_refused),
             TEST(a_range_right_after_the_last_page_is_refused),
             TEST(committing_committed_pages_keeps_their_contents),
             TEST(committing_again_gives_the_whole_range_the_new_protection),
             TEST(committing_again_arms_and_disarms_a_guard),
             TEST(pages_of_one_region_carry_their_own_protections),
             TEST(committing_the_last_page_leaves_the_others_reserved),
             TEST(a_refused_commit_leaves_earlier_pages_their_protection),
             TEST(the_results_on_a_reserved_block_are_those_of_the_table),
             TEST(the_results_on_a_committed_block_are_those_of_the_table))
