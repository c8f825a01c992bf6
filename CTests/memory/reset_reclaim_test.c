// Linux only: MEM_RESET_UNDO and ReclaimVirtualMemory tell the truth after the kernel has taken pages, which
// madvise(MADV_PAGEOUT) makes it do.
#include "memory_checks.h"

#include <sys/mman.h>

#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT 21
#endif

enum { page_count = 64 };
#define BLOCK_BYTES ((SIZE_T)page_count * page_size)

// Each page is filled with a value of its own.
static BYTE page_value(SIZE_T page) {
    return (BYTE)(page + 1);
}

static BYTE *filled_block(void) {
    BYTE *base = committed_pages(page_count);
    for (SIZE_T page = 0; page < page_count; page++)
        memset(base + page * page_size, page_value(page), page_size);
    return base;
}

static SIZE_T lost_pages(const BYTE *base) {
    SIZE_T lost = 0;
    for (SIZE_T page = 0; page < page_count; page++) {
        const BYTE *bytes = base + page * page_size;
        if (every_byte_is(bytes, 0, page_size))
            lost++;
        else
            CHECK(every_byte_is(bytes, page_value(page), page_size));
    }
    return lost;
}

static void reset(BYTE *base, SIZE_T byte_count) {
    GRANTED(VirtualAlloc(base, byte_count, MEM_RESET, PAGE_READWRITE));
}

static void make_the_kernel_take(BYTE *base, SIZE_T byte_count) {
    CHECK_EQUAL(madvise(base, byte_count, MADV_PAGEOUT), 0);
}

// Answers whether undo succeeded; success with lost data is the error that this program is for.
static int undo(BYTE *base, SIZE_T byte_count) {
    SetLastError(UNTOUCHED_ERROR);
    void *answer = VirtualAlloc(base, byte_count, MEM_RESET_UNDO, PAGE_READWRITE);
    DWORD error = GetLastError();
    CHECK(answer == NULL ? error != UNTOUCHED_ERROR : error == UNTOUCHED_ERROR);
    return answer != NULL;
}

// 7.10
static void undo_fails_when_the_kernel_took_the_pages(void) {
    BYTE *base = filled_block();
    reset(base, BLOCK_BYTES);
    make_the_kernel_take(base, BLOCK_BYTES);
    int undone = undo(base, BLOCK_BYTES);
    SIZE_T lost = lost_pages(base);
    CHECK(lost > 0);
    CHECK_EQUAL(undone, lost == 0);
    CHECK_COMMITTED(base, PAGE_READWRITE, BLOCK_BYTES);
    release(base);
}

// 7.10
static void undo_fails_when_one_page_of_many_was_taken(void) {
    static const SIZE_T pages[] = {0, 1, 31, page_count - 1};
    for (SIZE_T i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        check_row("page %d", (int)pages[i]);
        BYTE *base = filled_block();
        reset(base, BLOCK_BYTES);
        make_the_kernel_take(base + pages[i] * page_size, page_size);
        int undone = undo(base, BLOCK_BYTES);
        CHECK_EQUAL(undone, lost_pages(base) == 0);
        release(base);
    }
}

// 7.10
static void undo_succeeds_before_and_its_pages_are_safe_afterwards(void) {
    BYTE *base = filled_block();
    reset(base, BLOCK_BYTES);
    CHECK(undo(base, BLOCK_BYTES));
    make_the_kernel_take(base, BLOCK_BYTES);
    CHECK_EQUAL(lost_pages(base), 0);
    release(base);
}

// 7.10: the part that is undone is safe, the rest may go.
static void undo_of_a_part_saves_that_part(void) {
    BYTE *base = filled_block();
    reset(base, BLOCK_BYTES);
    CHECK(undo(base, BLOCK_BYTES / 2));
    make_the_kernel_take(base, BLOCK_BYTES);
    for (SIZE_T page = 0; page < page_count / 2; page++)
        CHECK(every_byte_is(base + page * page_size, page_value(page), page_size));
    CHECK(lost_pages(base) <= page_count / 2);
    release(base);
}

// 7.8
static void a_page_written_after_the_reset_is_kept(void) {
    BYTE *base = filled_block();
    reset(base, BLOCK_BYTES);
    memset(base + 3 * page_size, 0xF3, page_size);
    base[5 * page_size] = 0xF5;
    BYTE rest = base[5 * page_size + 1];
    make_the_kernel_take(base, BLOCK_BYTES);
    CHECK(every_byte_is(base + 3 * page_size, 0xF3, page_size));
    CHECK_EQUAL(base[5 * page_size], 0xF5);
    CHECK(every_byte_is(base + 5 * page_size + 1, rest, page_size - 1));
    release(base);
}

// 7.7, 7.1: pages outside the range, or partly covered by it, are never taken.
static void pages_not_wholly_in_the_range_are_kept(void) {
    BYTE *base = filled_block();
    reset(base + 100, 2 * page_size);
    make_the_kernel_take(base, BLOCK_BYTES);
    CHECK(every_byte_is(base, page_value(0), page_size));
    CHECK(every_byte_is(base + 2 * page_size, page_value(2), page_size));
    CHECK(lost_pages(base) <= 1);
    release(base);
}

// 7.2, 7.10: the protection at the time of the reset does not matter.
static void undo_tells_the_truth_of_protected_pages(void) {
    static const DWORD protections[] = {PAGE_READONLY, PAGE_NOACCESS, PAGE_EXECUTE_READ};
    for (SIZE_T i = 0; i < sizeof protections / sizeof protections[0]; i++) {
        check_row("protection 0x%x", (unsigned)protections[i]);
        BYTE *base = filled_block();
        DWORD before;
        GRANTED(VirtualProtect(base, BLOCK_BYTES, protections[i], &before));
        reset(base, BLOCK_BYTES);
        make_the_kernel_take(base, BLOCK_BYTES);
        int undone = undo(base, BLOCK_BYTES);
        GRANTED(VirtualProtect(base, BLOCK_BYTES, PAGE_READWRITE, &before));
        CHECK_EQUAL(before, protections[i]);
        CHECK_EQUAL(undone, lost_pages(base) == 0);
        release(base);
    }
}

// 7.10: pages that were committed and never touched have nothing to lose.
static void undo_succeeds_for_pages_that_were_zero_anyway(void) {
    BYTE *base = committed_pages(page_count);
    reset(base, BLOCK_BYTES);
    int undone = undo(base, BLOCK_BYTES);
    CHECK(every_byte_is(base, 0, BLOCK_BYTES));
    CHECK(undone);
    release(base);
}

// 7.16: page 3 is taken, which reclaiming reports once.
static void reclaim_tells_the_truth_of_offered_pages(void) {
    BYTE *base = filled_block();
    CHECK_EQUAL(OfferVirtualMemory(base, BLOCK_BYTES, VmOfferPriorityNormal), ERROR_SUCCESS);
    make_the_kernel_take(base + 3 * page_size, page_size);
    CHECK_EQUAL(ReclaimVirtualMemory(base + 4 * page_size, BLOCK_BYTES - 4 * page_size),
                ERROR_SUCCESS);
    CHECK_EQUAL(ReclaimVirtualMemory(base, BLOCK_BYTES), ERROR_BUSY);
    CHECK_COMMITTED(base, PAGE_READWRITE, BLOCK_BYTES);
    CHECK(every_byte_is(base + 3 * page_size, 0, page_size));
    CHECK_EQUAL(lost_pages(base), 1);
    CHECK_EQUAL(ReclaimVirtualMemory(base, BLOCK_BYTES), ERROR_SUCCESS);
    release(base);
}

// 7.16: what is reclaimed is safe.
static void reclaimed_pages_are_kept(void) {
    BYTE *base = filled_block();
    CHECK_EQUAL(OfferVirtualMemory(base, BLOCK_BYTES, VmOfferPriorityVeryLow), ERROR_SUCCESS);
    CHECK_EQUAL(ReclaimVirtualMemory(base, BLOCK_BYTES), ERROR_SUCCESS);
    make_the_kernel_take(base, BLOCK_BYTES);
    CHECK_EQUAL(lost_pages(base), 0);
    release(base);
}

TEST_PROGRAM(TEST(undo_fails_when_the_kernel_took_the_pages),
             TEST(undo_fails_when_one_page_of_many_was_taken),
             TEST(undo_succeeds_before_and_its_pages_are_safe_afterwards),
             TEST(undo_of_a_part_saves_that_part), TEST(a_page_written_after_the_reset_is_kept),
             TEST(pages_not_wholly_in_the_range_are_kept),
             TEST(undo_tells_the_truth_of_protected_pages),
             TEST(undo_succeeds_for_pages_that_were_zero_anyway),
             TEST(reclaim_tells_the_truth_of_offered_pages), TEST(reclaimed_pages_are_kept))
