// VirtualAlloc with MEM_RESERVE: where reservations lie, how they round, what they exclude.
#include "fault_probe.h"
#include "memory_checks.h"

// 2.4
static void a_base_chosen_by_the_system_is_a_multiple_of_the_granularity(void) {
    BYTE *blocks[16];
    for (SIZE_T i = 0; i < 16; i++) {
        blocks[i] = reserved_pages(i + 1);
        CHECK_EQUAL((uintptr_t)blocks[i] % allocation_granularity, 0);
    }
    for (SIZE_T i = 0; i < 16; i++)
        release(blocks[i]);
}

// 2.5, 3.33
static void the_tail_of_a_slot_is_free_and_cannot_be_reserved(void) {
    BYTE *base = free_space(allocation_granularity);
    GRANTED(VirtualAlloc(base, page_size, MEM_RESERVE, PAGE_READWRITE));
    CHECK_RESERVED(base, page_size);
    CHECK_FREE(base + page_size);
    REFUSED_UNCHANGED(base, allocation_granularity,
                      VirtualAlloc(base + page_size, page_size, MEM_RESERVE, PAGE_READWRITE),
                      ERROR_INVALID_ADDRESS);
    REFUSED(VirtualAlloc(base + 15 * page_size, page_size, MEM_RESERVE, PAGE_READWRITE),
            ERROR_INVALID_ADDRESS);
    release(base);
}

// 2.12
static void a_terabyte_can_be_reserved(void) {
    const SIZE_T terabyte = (SIZE_T)1 << 40;
    BYTE *base = (BYTE *)GRANTED(VirtualAlloc(NULL, terabyte, MEM_RESERVE, PAGE_NOACCESS));
    CHECK_RESERVED(base, terabyte);
    CHECK_RESERVED(base + terabyte - page_size, page_size);
    release(base);
    CHECK_FREE(base);
}

// 3.22
static void without_an_address_the_size_rounds_up_to_pages(void) {
    static const SIZE_T sizes[][2] = {
        {1, 0x1000}, {0xFFC, 0x1000}, {0x1000, 0x1000}, {0x1001, 0x2000}, {0xFFFC, 0x10000},
    };
    for (SIZE_T i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        check_row("size 0x%x", (unsigned)sizes[i][0]);
        BYTE *base = (BYTE *)GRANTED(VirtualAlloc(NULL, sizes[i][0], MEM_RESERVE, PAGE_NOACCESS));
        CHECK_RESERVED(base, sizes[i][1]);
        release(base);
    }
}

// 3.23, 3.24: rows are the offset asked for, the size, and the length that results; the base is
// the lowest address of the slot.
static void an_address_rounds_down_to_the_granularity_and_the_end_up_to_a_page(void) {
    static const SIZE_T rows[][4] = {
        {0x0, 0x1, 0x0, 0x1000},        {0x8000, 0x1, 0x0, 0x9000},
        {0x10, 0x1000, 0x0, 0x2000},    {0x10000, 0x2000, 0x10000, 0x2000},
        {0xFFFF, 0x3000, 0x0, 0x13000}, {0x1010, 0x7000, 0x0, 0x9000},
        {0x1010, 0xC000, 0x0, 0xE000},
    };
    BYTE *space = free_space(0x20000);
    for (SIZE_T i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        check_row("offset 0x%x size 0x%x", (unsigned)rows[i][0], (unsigned)rows[i][1]);
        BYTE *expected = space + rows[i][2];
        void *base =
            GRANTED(VirtualAlloc(space + rows[i][0], rows[i][1], MEM_RESERVE, PAGE_NOACCESS));
        CHECK_EQUAL((uintptr_t)base, (uintptr_t)expected);
        CHECK_RESERVED(expected, rows[i][3]);
        CHECK_ALLOCATION(expected, expected, PAGE_NOACCESS);
        CHECK_FREE(expected + rows[i][3]);
        release(base);
    }
}

// 3.25, 3.27
static void reserve_and_commit_rounds_the_same_way_and_commits_all_of_it(void) {
    BYTE *space = free_space(allocation_granularity);
    BYTE *base = (BYTE *)GRANTED(
        VirtualAlloc(space + 0x4080, 0x1000, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE));
    CHECK_EQUAL((uintptr_t)base, (uintptr_t)space);
    CHECK_COMMITTED(space, PAGE_READWRITE, 0x6000);
    CHECK(!faults_on_write(space));
    CHECK(!faults_on_write(space + 0x5FFF));
    CHECK(faults_on_read(space + 0x6000));
    release(space);
}

// 3.31, 3.19, 14.6
static void a_reserved_page_reports_no_protection_and_keeps_that_of_the_reserve(void) {
    static const DWORD protections[] = {
        PAGE_NOACCESS,
        PAGE_READONLY,
        PAGE_READWRITE,
        PAGE_EXECUTE,
        PAGE_EXECUTE_READ,
        PAGE_EXECUTE_READWRITE,
        PAGE_READWRITE | PAGE_GUARD,
    };
    for (SIZE_T i = 0; i < sizeof protections / sizeof protections[0]; i++) {
        check_row("protection 0x%x", (unsigned)protections[i]);
        void *base = GRANTED(VirtualAlloc(NULL, 2 * page_size, MEM_RESERVE, protections[i]));
        CHECK_RESERVED(base, 2 * page_size);
        CHECK_ALLOCATION(base, base, protections[i]);
        release(base);
    }
}

// 3.32, 3.34: the request overlaps a reservation of four slots from below, within, above, whole.
static void an_overlap_with_an_allocation_is_refused(void) {
    const SIZE_T slot = allocation_granularity;
    BYTE *space = free_space(6 * slot);
    BYTE *taken = space + slot;
    static const int rows[][2] = {{0, 2}, {1, 4}, {1, 1}, {2, 2}, {3, 1}, {4, 2}, {0, 6}};
    GRANTED(VirtualAlloc(taken, 4 * slot, MEM_RESERVE, PAGE_READWRITE));
    for (SIZE_T i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        BYTE *address = space + rows[i][0] * slot;
        check_row("slot %d, %d slots", rows[i][0], rows[i][1]);
        REFUSED_UNCHANGED(space, 6 * slot,
                          VirtualAlloc(address, rows[i][1] * slot, MEM_RESERVE, PAGE_READWRITE),
                          ERROR_INVALID_ADDRESS);
        REFUSED_UNCHANGED(
            space, 6 * slot,
            VirtualAlloc(address, rows[i][1] * slot, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE),
            ERROR_INVALID_ADDRESS);
    }
    release(taken);
}

// 3.35
static void a_released_base_can_be_reserved_again_at_once(void) {
    BYTE *base = reserved_pages(16);
    for (int round = 0; round < 8; round++) {
        release(base);
        void *again = GRANTED(VirtualAlloc(base, 16 * page_size, MEM_RESERVE, PAGE_READWRITE));
        CHECK_EQUAL((uintptr_t)again, (uintptr_t)base);
    }
    release(base);
}

static int function_of_the_program(void) {
    return 1;
}

// 3.36, 2.11
static void reserving_over_the_program_image_is_refused(void) {
    static int variable_of_the_program;
    int (*code)(void) = function_of_the_program;
    void *code_address;
    memcpy(&code_address, &code, sizeof code_address);
    REFUSED(VirtualAlloc(code_address, page_size, MEM_RESERVE, PAGE_READWRITE),
            ERROR_INVALID_ADDRESS);
    REFUSED(
        VirtualAlloc(&variable_of_the_program, page_size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE),
        ERROR_INVALID_ADDRESS);
    CHECK_EQUAL(code() + variable_of_the_program, 1);
}

// 2.11
static void reserving_over_the_stack_or_the_c_heap_is_refused(void) {
    volatile int variable_on_the_stack = 1;
    void *block = malloc(100);
    REFUSED(VirtualAlloc((void *)(uintptr_t)&variable_on_the_stack, 1, MEM_RESERVE, PAGE_READWRITE),
            ERROR_INVALID_ADDRESS);
    REFUSED(VirtualAlloc(block, 1, MEM_RESERVE, PAGE_READWRITE), ERROR_INVALID_ADDRESS);
    CHECK_EQUAL(variable_on_the_stack, 1);
    free(block);
}

// 3.37, 2.2
static void reserved_and_free_pages_and_the_lowest_64_kib_cannot_be_accessed(void) {
    BYTE *base = reserved_pages(1);
    const BYTE *addresses[] = {base, base + page_size, NULL, (BYTE *)8, (BYTE *)0xFFFF};
    for (SIZE_T i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        check_row("address %p", (const void *)addresses[i]);
        CHECK(faults_on_read(addresses[i]));
        CHECK(faults_on_write(addresses[i]));
        CHECK(faults_on_execute(addresses[i]));
    }
    release(base);
}

// 3.38
static void the_next_reservation_begins_at_the_next_multiple_of_the_granularity(void) {
    BYTE *space = free_space(2 * allocation_granularity);
    GRANTED(VirtualAlloc(space, 3 * page_size, MEM_RESERVE, PAGE_READWRITE));
    BYTE *next = space + allocation_granularity;
    REFUSED(VirtualAlloc(next - page_size, page_size, MEM_RESERVE, PAGE_READWRITE),
            ERROR_INVALID_ADDRESS);
    CHECK_EQUAL((uintptr_t)GRANTED(VirtualAlloc(next, page_size, MEM_RESERVE, PAGE_READWRITE)),
                (uintptr_t)next);
    release(next);
    release(space);
}

// 3.59
static void top_down_takes_a_higher_place_and_yields_to_an_explicit_address(void) {
    BYTE *low = reserved_pages(16);
    BYTE *high = (BYTE *)GRANTED(
        VirtualAlloc(NULL, 16 * page_size, MEM_RESERVE | MEM_TOP_DOWN, PAGE_NOACCESS));
    CHECK(high > low);
    CHECK_EQUAL((uintptr_t)high % allocation_granularity, 0);
    release(high);
    release(low);
    void *asked = GRANTED(
        VirtualAlloc(low, page_size, MEM_RESERVE | MEM_COMMIT | MEM_TOP_DOWN, PAGE_READWRITE));
    CHECK_EQUAL((uintptr_t)asked, (uintptr_t)low);
    release(low);
}

TEST_PROGRAM(TEST(a_base_chosen_by_the_system_is_a_multiple_of_the_granularity),
             TEST(the_tail_of_a_slot_is_free_and_cannot_be_reserved),
             TEST(a_terabyte_can_be_reserved), TEST(without_an_address_the_size_rounds_up_to_pages),
             TEST(an_address_rounds_down_to_the_granularity_and_the_end_up_to_a_page),
             TEST(reserve_and_commit_rounds_the_same_way_and_commits_all_of_it),
             TEST(a_reserved_page_reports_no_protection_and_keeps_that_of_the_reserve),
             TEST(an_overlap_with_an_allocation_is_refused),
             TEST(a_released_base_can_be_reserved_again_at_once),
             TEST(reserving_over_the_program_image_is_refused),
             TEST(reserving_over_the_stack_or_the_c_heap_is_refused),
             TEST(reserved_and_free_pages_and_the_lowest_64_kib_cannot_be_accessed),
             TEST(the_next_reservation_begins_at_the_next_multiple_of_the_granularity),
             TEST(top_down_takes_a_higher_place_and_yields_to_an_explicit_address))
