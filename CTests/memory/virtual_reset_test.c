// VirtualAlloc with MEM_RESET and MEM_RESET_UNDO: contents may go, states never change.
#include "fault_probe.h"
#include "memory_checks.h"

// 7.8: a page is old or zero as a whole, never mixed.
static int page_is_old_or_zero(const BYTE *page, BYTE old) {
    return every_byte_is(page, old, page_size) || every_byte_is(page, 0, page_size);
}

static BYTE *filled_pages(SIZE_T page_count, BYTE value) {
    BYTE *base = committed_pages(page_count);
    memset(base, value, page_count * page_size);
    return base;
}

// 7.1
static void reset_pages_stay_committed_and_read_as_old_or_zero(void) {
    BYTE *base = filled_pages(4, 0x41);
    void *answer =
        GRANTED(VirtualAlloc(base + page_size, 2 * page_size, MEM_RESET, PAGE_READWRITE));
    CHECK_EQUAL((uintptr_t)answer, (uintptr_t)(base + page_size));
    CHECK_COMMITTED(base, PAGE_READWRITE, 4 * page_size);
    CHECK(every_byte_is(base, 0x41, page_size));
    CHECK(page_is_old_or_zero(base + page_size, 0x41));
    CHECK(page_is_old_or_zero(base + 2 * page_size, 0x41));
    CHECK(every_byte_is(base + 3 * page_size, 0x41, page_size));
    release(base);
}

// 7.1, 3.27
static void the_answer_is_the_address_rounded_down_to_a_page(void) {
    BYTE *base = filled_pages(3, 0x42);
    void *answer = GRANTED(VirtualAlloc(base + page_size + 5, 10, MEM_RESET, PAGE_READWRITE));
    CHECK_EQUAL((uintptr_t)answer, (uintptr_t)(base + page_size));
    release(base);
}

// 7.2
static void the_protection_argument_changes_no_protection(void) {
    static const DWORD protections[] = {PAGE_NOACCESS, PAGE_READONLY, PAGE_EXECUTE_READWRITE,
                                        PAGE_READWRITE | PAGE_GUARD};
    BYTE *base = filled_pages(2, 0x43);
    for (SIZE_T i = 0; i < sizeof protections / sizeof protections[0]; i++) {
        check_row("protection 0x%x", (unsigned)protections[i]);
        GRANTED(VirtualAlloc(base, 2 * page_size, MEM_RESET, protections[i]));
        CHECK_COMMITTED(base, PAGE_READWRITE, 2 * page_size);
        CHECK(!faults_on_write(base));
    }
    release(base);
}

// 7.1
static void every_protection_of_the_pages_can_be_reset(void) {
    static const DWORD protections[] = {PAGE_READONLY, PAGE_NOACCESS, PAGE_EXECUTE_READ,
                                        PAGE_READWRITE | PAGE_GUARD};
    for (SIZE_T i = 0; i < sizeof protections / sizeof protections[0]; i++) {
        check_row("protection 0x%x", (unsigned)protections[i]);
        BYTE *base = filled_pages(3, 0x44);
        DWORD before;
        GRANTED(VirtualProtect(base + page_size, page_size, protections[i], &before));
        GRANTED(VirtualAlloc(base, 3 * page_size, MEM_RESET, PAGE_READWRITE));
        CHECK_COMMITTED(base + page_size, protections[i], page_size);
        GRANTED(VirtualProtect(base + page_size, page_size, PAGE_READWRITE, &before));
        CHECK_EQUAL(before, protections[i]);
        CHECK(page_is_old_or_zero(base + page_size, 0x44));
        release(base);
    }
}

// 7.3
static void reserved_pages_in_the_range_stay_reserved(void) {
    BYTE *base = reserved_pages(4);
    GRANTED(VirtualAlloc(base + page_size, page_size, MEM_COMMIT, PAGE_READWRITE));
    base[page_size] = 0x45;
    GRANTED(VirtualAlloc(base, 4 * page_size, MEM_RESET, PAGE_READWRITE));
    CHECK_RESERVED(base, page_size);
    CHECK_COMMITTED(base + page_size, PAGE_READWRITE, page_size);
    CHECK_RESERVED(base + 2 * page_size, 2 * page_size);
    CHECK(faults_on_read(base));
    release(base);
}

// 7.4
static void a_range_that_leaves_the_allocation_is_refused(void) {
    BYTE *base = filled_pages(16, 0x46);
    REFUSED_UNCHANGED(base, 0x10000, VirtualAlloc(base + 0xF000, 0x2000, MEM_RESET, PAGE_READWRITE),
                      ERROR_INVALID_ADDRESS);
    REFUSED_UNCHANGED(base, 0x10000, VirtualAlloc(base + 1, 0x10000, MEM_RESET, PAGE_READWRITE),
                      ERROR_INVALID_ADDRESS);
    release(base);
    REFUSED(VirtualAlloc(base, page_size, MEM_RESET, PAGE_READWRITE), ERROR_INVALID_ADDRESS);
}

// 7.4
static void undo_of_a_range_that_leaves_the_allocation_is_refused(void) {
    BYTE *base = filled_pages(16, 0x46);
    REFUSED_UNCHANGED(base, 0x10000,
                      VirtualAlloc(base + 0xF000, 0x2000, MEM_RESET_UNDO, PAGE_READWRITE),
                      ERROR_INVALID_ADDRESS);
    release(base);
    REFUSED(VirtualAlloc(base, page_size, MEM_RESET_UNDO, PAGE_READWRITE), ERROR_INVALID_ADDRESS);
}

// 3.17
static void the_protection_argument_must_be_well_formed(void) {
    static const DWORD protections[] = {0, PAGE_WRITECOPY, PAGE_READONLY | PAGE_READWRITE, 0x800};
    BYTE *base = filled_pages(1, 0x47);
    for (SIZE_T i = 0; i < sizeof protections / sizeof protections[0]; i++) {
        check_row("protection 0x%x", (unsigned)protections[i]);
        REFUSED_UNCHANGED(base, page_size, VirtualAlloc(base, page_size, MEM_RESET, protections[i]),
                          ERROR_INVALID_PARAMETER);
        REFUSED_UNCHANGED(base, page_size,
                          VirtualAlloc(base, page_size, MEM_RESET_UNDO, protections[i]),
                          ERROR_INVALID_PARAMETER);
    }
    release(base);
}

// 7.7
static void bytes_outside_the_range_on_partly_covered_pages_are_kept(void) {
    BYTE *base = filled_pages(3, 0x48);
    GRANTED(VirtualAlloc(base + 100, 2 * page_size, MEM_RESET, PAGE_READWRITE));
    CHECK(every_byte_is(base, 0x48, 100));
    CHECK(every_byte_is(base + 2 * page_size + 100, 0x48, page_size - 100));
    GRANTED(VirtualAlloc(base + 1, page_size - 2, MEM_RESET, PAGE_READWRITE));
    CHECK_EQUAL(base[0], 0x48);
    CHECK_EQUAL(base[page_size - 1], 0x48);
    release(base);
}

// 7.8
static void a_write_after_the_reset_makes_a_page_live_again(void) {
    BYTE *base = filled_pages(2, 0x49);
    GRANTED(VirtualAlloc(base, 2 * page_size, MEM_RESET, PAGE_READWRITE));
    memset(base, 0x4A, page_size);
    GRANTED(VirtualAlloc(base, page_size, MEM_COMMIT, PAGE_READWRITE));
    CHECK(every_byte_is(base, 0x4A, page_size));
    CHECK(page_is_old_or_zero(base + page_size, 0x49));
    release(base);
}

// 7.9
static void locked_pages_can_be_reset(void) {
    BYTE *base = filled_pages(2, 0x4B);
    GRANTED(VirtualLock(base, 2 * page_size));
    GRANTED(VirtualAlloc(base, 2 * page_size, MEM_RESET, PAGE_READWRITE));
    CHECK(page_is_old_or_zero(base, 0x4B));
    CHECK_COMMITTED(base, PAGE_READWRITE, 2 * page_size);
    GRANTED(VirtualUnlock(base, 2 * page_size));
    release(base);
}

// 7.10
static void an_undo_that_succeeds_finds_every_byte_intact(void) {
    BYTE *base = filled_pages(64, 0x4C);
    GRANTED(VirtualAlloc(base, 64 * page_size, MEM_RESET, PAGE_READWRITE));
    SetLastError(UNTOUCHED_ERROR);
    void *answer = VirtualAlloc(base, 64 * page_size, MEM_RESET_UNDO, PAGE_READWRITE);
    if (answer != NULL) {
        CHECK_EQUAL((uintptr_t)answer, (uintptr_t)base);
        CHECK(every_byte_is(base, 0x4C, 64 * page_size));
    } else {
        CHECK(GetLastError() != UNTOUCHED_ERROR);
        CHECK(!every_byte_is(base, 0x4C, 64 * page_size));
    }
    CHECK_COMMITTED(base, PAGE_READWRITE, 64 * page_size);
    release(base);
}

TEST_PROGRAM(TEST(reset_pages_stay_committed_and_read_as_old_or_zero),
             TEST(the_answer_is_the_address_rounded_down_to_a_page),
             TEST(the_protection_argument_changes_no_protection),
             TEST(every_protection_of_the_pages_can_be_reset),
             TEST(reserved_pages_in_the_range_stay_reserved),
             TEST(a_range_that_leaves_the_allocation_is_refused),
             TEST(undo_of_a_range_that_leaves_the_allocation_is_refused),
             TEST(the_protection_argument_must_be_well_formed),
             TEST(bytes_outside_the_range_on_partly_covered_pages_are_kept),
             TEST(a_write_after_the_reset_makes_a_page_live_again), TEST(locked_pages_can_be_reset),
             TEST(an_undo_that_succeeds_finds_every_byte_intact))
