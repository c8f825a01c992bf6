// NtFreeVirtualMemory with MEM_RELEASE and a size: a part goes, the rest stays.
#include "native_checks.h"

static BYTE *patterned_pages(SIZE_T page_count) {
    BYTE *base = committed_pages(page_count);
    for (SIZE_T i = 0; i < page_count; i++)
        memset(base + i * page_size, (int)(i + 1), page_size);
    return base;
}

static int keeps_its_pattern(const BYTE *base, SIZE_T first, SIZE_T end) {
    for (SIZE_T i = first; i < end; i++)
        if (!every_byte_is(base + i * page_size, (BYTE)(i + 1), page_size))
            return 0;
    return 1;
}

// 4.31
static void just_the_pages_spanned_are_released(void) {
    BYTE *base = patterned_pages(4);
    struct native_range part = native_range(base + 0x1001, 0xFFF);
    CHECK_STATUS(free_range(&part, MEM_RELEASE), STATUS_SUCCESS);
    CHECK_RANGE(part, base + 0x1000, page_size);
    CHECK_FREE(base + page_size);
    CHECK_COMMITTED(base, PAGE_READWRITE, page_size);
    CHECK_COMMITTED(base + 2 * page_size, PAGE_READWRITE, 2 * page_size);
    CHECK(keeps_its_pattern(base, 0, 1) && keeps_its_pattern(base, 2, 4));
    release(base);
    release(base + 2 * page_size);
}

// 4.32
static void the_upper_survivor_has_a_base_of_its_own(void) {
    BYTE *base = (BYTE *)GRANTED(VirtualAlloc(NULL, 64 * page_size, MEM_RESERVE, PAGE_READONLY));
    GRANTED(VirtualAlloc(base + 20 * page_size, 30 * page_size, MEM_COMMIT, PAGE_READWRITE));
    struct native_range part = native_range(base + 16 * page_size, 8 * page_size);
    CHECK_STATUS(free_range(&part, MEM_RELEASE), STATUS_SUCCESS);
    CHECK_ALLOCATION(base + 15 * page_size, base, PAGE_READONLY);
    CHECK_ALLOCATION(base + 24 * page_size, base + 24 * page_size, PAGE_READONLY);
    CHECK_ALLOCATION(base + 63 * page_size, base + 24 * page_size, PAGE_READONLY);
    CHECK_RESERVED(base, 16 * page_size);
    CHECK_COMMITTED(base + 24 * page_size, PAGE_READWRITE, 26 * page_size);
    CHECK_RESERVED(base + 50 * page_size, 14 * page_size);
    release(base + 24 * page_size);
    CHECK_FREE(base + 24 * page_size);
    CHECK_RESERVED(base, 16 * page_size);
    release(base);
    CHECK_FREE(base);
}

// 4.33
static void a_size_past_the_allocation_is_refused(void) {
    BYTE *base = patterned_pages(8);
    struct native_range hole = native_range(base + 3 * page_size, page_size);
    CHECK_STATUS(free_range(&hole, MEM_RELEASE), STATUS_SUCCESS);
    const struct native_range rows[] = {{base, 9 * page_size},
                                        {base, 4 * page_size},
                                        {base + 4 * page_size, 5 * page_size},
                                        {base + 1, 3 * page_size}};
    for (SIZE_T i = 0; i < 4; i++) {
        struct snapshot before = snapshot_of(base, 8 * page_size);
        struct native_range range = rows[i];
        check_row("row %u", (unsigned)i);
        CHECK_STATUS(free_range(&range, MEM_RELEASE), STATUS_UNABLE_TO_FREE_VM);
        CHECK_RANGE(range, rows[i].base, rows[i].byte_count);
        CHECK_STATUS(free_range(&range, MEM_DECOMMIT), STATUS_UNABLE_TO_FREE_VM);
        CHECK_RANGE(range, rows[i].base, rows[i].byte_count);
        CHECK_UNCHANGED(&before);
    }
    release(base);
    release(base + 4 * page_size);
}

// 4.33
static void a_start_in_a_hole_is_refused(void) {
    BYTE *base = patterned_pages(4);
    struct native_range hole = native_range(base + page_size, page_size);
    CHECK_STATUS(free_range(&hole, MEM_RELEASE), STATUS_SUCCESS);
    CHECK_STATUS(free_range(&hole, MEM_RELEASE), STATUS_MEMORY_NOT_ALLOCATED);
    CHECK_STATUS(free_range(&hole, MEM_DECOMMIT), STATUS_MEMORY_NOT_ALLOCATED);
    release(base);
    release(base + 2 * page_size);
}

// 4.34
static void a_hole_on_a_granule_can_be_reserved_again(void) {
    BYTE *base = patterned_pages(48);
    struct native_range hole = native_range(base + 16 * page_size, 16 * page_size);
    CHECK_STATUS(free_range(&hole, MEM_RELEASE), STATUS_SUCCESS);
    GRANTED(VirtualAlloc(base + 16 * page_size, 16 * page_size, MEM_RESERVE | MEM_COMMIT,
                         PAGE_READWRITE));
    CHECK(every_byte_is(base + 16 * page_size, 0, 16 * page_size));
    struct native_range both = native_range(base, 32 * page_size);
    CHECK_STATUS(free_range(&both, MEM_RELEASE), STATUS_UNABLE_TO_FREE_VM);
    CHECK_STATUS(free_range(&both, MEM_DECOMMIT), STATUS_UNABLE_TO_FREE_VM);
    CHECK(keeps_its_pattern(base, 0, 16) && keeps_its_pattern(base, 32, 48));
    release(base);
    release(base + 16 * page_size);
    release(base + 32 * page_size);
}

// 4.31, 3.44, 2.8: survivors that share a granule of 64 KiB commit and decommit on their own
static void survivors_in_one_granule_are_independent(void) {
    for (int committed = 0; committed < 2; committed++) {
        check_row("committed before: %d", committed);
        BYTE *base = reserved_pages(48);
        if (committed)
            GRANTED(VirtualAlloc(base, 48 * page_size, MEM_COMMIT, PAGE_READWRITE));
        struct native_range hole = native_range(base + 4 * page_size, 2 * page_size);
        CHECK_STATUS(free_range(&hole, MEM_RELEASE), STATUS_SUCCESS);
        BYTE *upper = base + 6 * page_size;
        GRANTED(VirtualAlloc(upper, 2 * page_size, MEM_COMMIT, PAGE_READWRITE));
        memset(upper, 0x55, 2 * page_size);
        GRANTED(VirtualAlloc(base, 4 * page_size, MEM_COMMIT, PAGE_READWRITE));
        memset(base, 0x66, 4 * page_size);
        GRANTED(VirtualFree(upper, 0, MEM_RELEASE));
        CHECK(every_byte_is(base, 0x66, 4 * page_size));
        CHECK_FREE(upper);
        GRANTED(VirtualFree(base, 0, MEM_DECOMMIT));
        GRANTED(VirtualAlloc(base, page_size, MEM_COMMIT, PAGE_READWRITE));
        CHECK(every_byte_is(base, 0, page_size));
        release(base);
    }
}

// 4.31: at either end the allocation shrinks, and its last page takes it away
static void parts_at_the_ends_shrink_the_allocation(void) {
    BYTE *base = patterned_pages(6);
    struct native_range head = native_range(base, page_size);
    struct native_range tail = native_range(base + 5 * page_size, page_size);
    CHECK_STATUS(free_range(&head, MEM_RELEASE), STATUS_SUCCESS);
    CHECK_STATUS(free_range(&tail, MEM_RELEASE), STATUS_SUCCESS);
    CHECK_ALLOCATION(base + page_size, base + page_size, PAGE_READWRITE);
    CHECK_COMMITTED(base + page_size, PAGE_READWRITE, 4 * page_size);
    CHECK(keeps_its_pattern(base, 1, 5));
    struct native_range rest = native_range(base + page_size, 4 * page_size);
    CHECK_STATUS(free_range(&rest, MEM_RELEASE), STATUS_SUCCESS);
    CHECK_FREE(base + page_size);
    GRANTED(VirtualAlloc(base, 6 * page_size, MEM_RESERVE, PAGE_NOACCESS));
    release(base);
}

// 4.31, 4.34, with an allocation that has a mapping of its own: far from all others
static void parts_of_an_allocation_at_a_chosen_address_are_released_too(void) {
    BYTE *base = (BYTE *)0x5A0000000000;
    GRANTED(VirtualAlloc(base, 40 * page_size, MEM_RESERVE, PAGE_READWRITE));
    GRANTED(VirtualAlloc(base + 30 * page_size, 10 * page_size, MEM_COMMIT, PAGE_READWRITE));
    memset(base + 30 * page_size, 0x11, 10 * page_size);
    struct native_range hole = native_range(base + 14 * page_size, 20 * page_size);
    CHECK_STATUS(free_range(&hole, MEM_RELEASE), STATUS_SUCCESS);
    CHECK(every_byte_is(base + 34 * page_size, 0x11, 6 * page_size));
    GRANTED(VirtualAlloc(base + 13 * page_size, page_size, MEM_COMMIT, PAGE_READWRITE));
    memset(base + 13 * page_size, 0x22, page_size);
    GRANTED(VirtualAlloc(base + 16 * page_size, 16 * page_size, MEM_RESERVE | MEM_COMMIT,
                         PAGE_READWRITE));
    CHECK(every_byte_is(base + 16 * page_size, 0, 16 * page_size));
    release(base);
    CHECK(every_byte_is(base + 34 * page_size, 0x11, 6 * page_size));
    release(base + 34 * page_size);
    release(base + 16 * page_size);
    CHECK_FREE(base);
    GRANTED(VirtualAlloc(base, 40 * page_size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE));
    CHECK(every_byte_is(base, 0, 40 * page_size));
    release(base);
}

// 4.35
static void release_with_size_zero_writes_the_length_and_decommit_writes_zero(void) {
    BYTE *base = patterned_pages(3);
    struct native_range range = native_range(base + 5, 0);
    CHECK_STATUS(free_range(&range, MEM_DECOMMIT), STATUS_SUCCESS);
    CHECK_RANGE(range, base, 0);
    CHECK_RESERVED(base, 3 * page_size);
    range = native_range(base + 5, 0);
    CHECK_STATUS(free_range(&range, MEM_RELEASE), STATUS_SUCCESS);
    CHECK_RANGE(range, base, 3 * page_size);
    CHECK_FREE(base);
}

// 4.5, 4.2, 4.9, 4.35
static void refused_calls_leave_base_and_size_alone(void) {
    BYTE *base = patterned_pages(3);
    struct native_range range = native_range(base + page_size, 0);
    CHECK_STATUS(free_range(&range, MEM_RELEASE), STATUS_FREE_VM_NOT_AT_BASE);
    CHECK_STATUS(free_range(&range, MEM_RELEASE | MEM_DECOMMIT), STATUS_INVALID_PARAMETER_4);
    CHECK_STATUS(NtFreeVirtualMemory(NULL, &range.base, &range.byte_count, MEM_RELEASE),
                 STATUS_INVALID_HANDLE);
    CHECK_RANGE(range, base + page_size, 0);
    CHECK_COMMITTED(base, PAGE_READWRITE, 3 * page_size);
    release(base);
}

TEST_PROGRAM(TEST(just_the_pages_spanned_are_released),
             TEST(the_upper_survivor_has_a_base_of_its_own),
             TEST(a_size_past_the_allocation_is_refused), TEST(a_start_in_a_hole_is_refused),
             TEST(a_hole_on_a_granule_can_be_reserved_again),
             TEST(survivors_in_one_granule_are_independent),
             TEST(parts_at_the_ends_shrink_the_allocation),
             TEST(parts_of_an_allocation_at_a_chosen_address_are_released_too),
             TEST(release_with_size_zero_writes_the_length_and_decommit_writes_zero),
             TEST(refused_calls_leave_base_and_size_alone))
