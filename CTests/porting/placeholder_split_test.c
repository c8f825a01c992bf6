// Placeholders: how they are made, divided and released.
#include "placeholder_checks.h"

// 10.12
static void a_placeholder_is_reserved_without_access(void) {
    BYTE *base = (BYTE *)GRANTED(VirtualAlloc2(NULL, NULL, 0x8801,
                                               MEM_RESERVE | MEM_RESERVE_PLACEHOLDER | MEM_TOP_DOWN,
                                               PAGE_NOACCESS, NULL, 0));
    CHECK_EQUAL((ULONG_PTR)base % allocation_granularity, 0);
    CHECK_PLACEHOLDER(base, 9);
    release(base);
    CHECK_FREE(base);
}

// 10.12, 3.23
static void a_placeholder_at_an_address_begins_on_a_granule(void) {
    BYTE *space = free_space(16 * page_size);
    CHECK(GRANTED(placeholder_at(space + 0x1234, 2)) == space);
    CHECK_PLACEHOLDER(space, 4);
    REFUSED_PAGES(space, 4, placeholder_at(space, 1), ERROR_INVALID_ADDRESS);
    release(space);
}

// 10.12, A10.6, 10.18; both placeholder flags together: derived
static void types_that_are_no_placeholder_call_are_refused(void) {
    static const struct {
        DWORD type, protection;
    } rows[] = {
        {MEM_RESERVE | MEM_RESERVE_PLACEHOLDER, PAGE_READWRITE},
        {MEM_RESERVE | MEM_RESERVE_PLACEHOLDER, PAGE_READONLY},
        {MEM_RESERVE | MEM_RESERVE_PLACEHOLDER, PAGE_NOACCESS | PAGE_GUARD},
        {MEM_RESERVE | MEM_RESERVE_PLACEHOLDER | MEM_COMMIT, PAGE_NOACCESS},
        {MEM_RESERVE | MEM_RESERVE_PLACEHOLDER | MEM_WRITE_WATCH, PAGE_NOACCESS},
        {MEM_RESERVE_PLACEHOLDER, PAGE_NOACCESS},
        {MEM_COMMIT | MEM_RESERVE_PLACEHOLDER, PAGE_NOACCESS},
        {MEM_RESERVE | MEM_RESERVE_PLACEHOLDER | MEM_REPLACE_PLACEHOLDER, PAGE_NOACCESS},
        {MEM_REPLACE_PLACEHOLDER, PAGE_READWRITE},
        {MEM_COMMIT | MEM_REPLACE_PLACEHOLDER, PAGE_READWRITE},
        {MEM_RESET | MEM_REPLACE_PLACEHOLDER, PAGE_READWRITE},
    };
    BYTE *base = new_placeholder(4);
    for (SIZE_T i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        check_row("type 0x%x, protection 0x%x", (unsigned)rows[i].type,
                  (unsigned)rows[i].protection);
        REFUSED_PAGES(
            base, 4,
            VirtualAlloc2(NULL, base, 4 * page_size, rows[i].type, rows[i].protection, NULL, 0),
            ERROR_INVALID_PARAMETER);
    }
    release(base);
}

// 3B: only VirtualAlloc2 may
static void other_allocating_functions_know_no_placeholders(void) {
    BYTE *base = new_placeholder(4);
    const DWORD types[] = {MEM_RESERVE | MEM_RESERVE_PLACEHOLDER, in_place};
    for (int i = 0; i < 2; i++) {
        check_row("type 0x%x", (unsigned)types[i]);
        REFUSED_PAGES(base, 4, VirtualAlloc(base, 4 * page_size, types[i], PAGE_NOACCESS),
                      ERROR_INVALID_PARAMETER);
        REFUSED_PAGES(
            base, 4,
            VirtualAllocEx(GetCurrentProcess(), base, 4 * page_size, types[i], PAGE_NOACCESS),
            ERROR_INVALID_PARAMETER);
    }
    release(base);
}

// 10.13
static void the_addressed_part_and_both_rests_are_placeholders(void) {
    static const struct {
        SIZE_T start, count;
    } rows[] = {{0, 16}, {16, 16}, {48, 16}, {0, 4}, {5, 3}, {17, 30}, {63, 1}, {0, 63}, {1, 63}};
    for (SIZE_T i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        SIZE_T start = rows[i].start, count = rows[i].count;
        check_row("pages %u, %u", (unsigned)start, (unsigned)count);
        BYTE *base = new_placeholder(64);
        GRANTED(preserve(base + start * page_size, count));
        if (start > 0)
            CHECK_PLACEHOLDER(base, start);
        CHECK_PLACEHOLDER(base + start * page_size, count);
        if (start + count < 64)
            CHECK_PLACEHOLDER(base + (start + count) * page_size, 64 - start - count);
        GRANTED(VirtualFree(base + start * page_size, 0, MEM_RELEASE));
        CHECK_FREE(base + start * page_size);
        if (start > 0)
            release(base);
        if (start + count < 64)
            release(base + (start + count) * page_size);
    }
}

// 10.13, 4.23: the bytes name the pages that hold them
static void a_split_covers_every_page_that_holds_a_byte_of_it(void) {
    BYTE *base = new_placeholder(8);
    GRANTED(VirtualFree(base + 0x1FFF, 2, split_off));
    CHECK_PLACEHOLDER(base, 1);
    CHECK_PLACEHOLDER(base + page_size, 2);
    CHECK_PLACEHOLDER(base + 3 * page_size, 5);
    for (int page = 0; page < 4; page += page == 0 ? 1 : 2)
        release(base + page * page_size);
}

// 10.13, 10.27: pieces of one page, each released by itself
static void every_page_can_be_a_placeholder(void) {
    BYTE *base = new_placeholder(40);
    for (int page = 0; page < 39; page++)
        GRANTED(preserve(base + page * page_size, 1));
    for (int page = 0; page < 40; page++)
        CHECK_PLACEHOLDER(base + page * page_size, 1);
    for (int page = 1; page < 40; page += 2)
        release(base + page * page_size);
    for (int page = 0; page < 40; page++) {
        if (page % 2 == 1)
            CHECK_FREE(base + page * page_size);
        else
            CHECK_PLACEHOLDER(base + page * page_size, 1);
    }
    for (int page = 0; page < 40; page += 2)
        release(base + page * page_size);
    GRANTED(VirtualAlloc(base, 40 * page_size, MEM_RESERVE, PAGE_NOACCESS));
    release(base);
}

// 10.13, with a placeholder that has a mapping of its own: far from all others
static void a_placeholder_at_a_chosen_address_is_divided_too(void) {
    BYTE *base = (BYTE *)0x5A1000000000;
    GRANTED(placeholder_at(base, 40));
    GRANTED(preserve(base + 14 * page_size, 20));
    CHECK_PLACEHOLDER(base, 14);
    CHECK_PLACEHOLDER(base + 14 * page_size, 20);
    CHECK_PLACEHOLDER(base + 34 * page_size, 6);
    release(base + 14 * page_size);
    GRANTED(replace(base, 14, MEM_COMMIT, PAGE_READWRITE));
    memset(base, 0x31, 14 * page_size);
    release(base + 34 * page_size);
    CHECK(every_byte_is(base, 0x31, 14 * page_size));
    release(base);
    CHECK_FREE(base);
    GRANTED(VirtualAlloc(base, 40 * page_size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE));
    CHECK(every_byte_is(base, 0, 40 * page_size));
    release(base);
}

// 10.14, A10.9
static void splits_of_nothing_of_all_and_of_more_are_refused(void) {
    BYTE *base = new_placeholder(16);
    GRANTED(preserve(base + 8 * page_size, 8));
    REFUSED_PAGES(base, 16, VirtualFree(base, 0, split_off), ERROR_INVALID_PARAMETER);
    REFUSED_PAGES(base, 16, preserve(base, 8), ERROR_INVALID_ADDRESS);
    REFUSED_PAGES(base, 16, preserve(base + 8 * page_size, 8), ERROR_INVALID_ADDRESS);
    REFUSED_PAGES(base, 16, VirtualFree(base + 1, 8 * page_size - 1, split_off),
                  ERROR_INVALID_ADDRESS);
    REFUSED_PAGES(base, 16, preserve(base, 9), ERROR_INVALID_ADDRESS);
    REFUSED_PAGES(base, 16, preserve(base + 7 * page_size, 2), ERROR_INVALID_ADDRESS);
    release(base);
    release(base + 8 * page_size);
    REFUSED(preserve(base, 1), ERROR_INVALID_ADDRESS);
    REFUSED(preserve((BYTE *)USER_SPACE_END, 1), ERROR_INVALID_PARAMETER);
    REFUSED(VirtualFree(base, USER_SPACE_END, split_off), ERROR_INVALID_PARAMETER);
}

// 10.15
static void ordinary_memory_does_not_become_a_placeholder(void) {
    BYTE *reserved = reserved_pages(16), *committed = committed_pages(16);
    memset(committed, 0x32, 16 * page_size);
    for (int count = 4; count <= 16; count += 12) {
        check_row("%d pages", count);
        REFUSED_PAGES(reserved, 16, preserve(reserved, count), ERROR_INVALID_ADDRESS);
        REFUSED_PAGES(committed, 16, preserve(committed, count), ERROR_INVALID_ADDRESS);
    }
    release(reserved);
    release(committed);
}

TEST_PROGRAM(TEST(a_placeholder_is_reserved_without_access),
             TEST(a_placeholder_at_an_address_begins_on_a_granule),
             TEST(types_that_are_no_placeholder_call_are_refused),
             TEST(other_allocating_functions_know_no_placeholders),
             TEST(the_addressed_part_and_both_rests_are_placeholders),
             TEST(a_split_covers_every_page_that_holds_a_byte_of_it),
             TEST(every_page_can_be_a_placeholder),
             TEST(a_placeholder_at_a_chosen_address_is_divided_too),
             TEST(splits_of_nothing_of_all_and_of_more_are_refused),
             TEST(ordinary_memory_does_not_become_a_placeholder))
