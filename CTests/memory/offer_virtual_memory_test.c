// DiscardVirtualMemory, OfferVirtualMemory, ReclaimVirtualMemory.
#include "fault_probe.h"
#include "memory_checks.h"

static BYTE *filled_pages(SIZE_T page_count, BYTE value) {
    BYTE *base = committed_pages(page_count);
    memset(base, value, page_count * page_size);
    return base;
}

// 7.12: the result is the error code, and the last error stays.
static DWORD checked_code(DWORD code) {
    CHECK_EQUAL(GetLastError(), UNTOUCHED_ERROR);
    return code;
}
#define CHECK_CODE(call, code)                                                                     \
    (SetLastError(UNTOUCHED_ERROR), CHECK_EQUAL(checked_code(call), code))

// A call that returns this code and changes nothing in [base, base + byte_count).
#define CODE_UNCHANGED(base, byte_count, call, code)                                               \
    do {                                                                                           \
        struct snapshot before_the_call = snapshot_of(base, byte_count);                           \
        CHECK_CODE(call, code);                                                                    \
        CHECK_UNCHANGED(&before_the_call);                                                         \
    } while (0)

static DWORD offer(void *base, SIZE_T byte_count) {
    return OfferVirtualMemory(base, byte_count, VmOfferPriorityLow);
}

typedef DWORD (*function)(void *, SIZE_T);
static DWORD reclaim(void *base, SIZE_T byte_count) {
    return ReclaimVirtualMemory(base, byte_count);
}
static const function functions[] = {DiscardVirtualMemory, offer, reclaim};
static const char *const names[] = {"discard", "offer", "reclaim"};
enum { function_count = 3 };

// 7.14
static void discarded_pages_stay_committed_and_can_be_written_again(void) {
    BYTE *base = filled_pages(4, 0x41);
    CHECK_CODE(DiscardVirtualMemory(base + page_size, 2 * page_size), ERROR_SUCCESS);
    CHECK_COMMITTED(base, PAGE_READWRITE, 4 * page_size);
    CHECK(every_byte_is(base, 0x41, page_size));
    CHECK(every_byte_is(base + 3 * page_size, 0x41, page_size));
    for (SIZE_T i = 1; i < 3; i++)
        CHECK(every_byte_is(base + i * page_size, 0, page_size) ||
              every_byte_is(base + i * page_size, 0x41, page_size));
    memset(base, 0x42, 4 * page_size);
    CHECK(every_byte_is(base, 0x42, 4 * page_size));
    release(base);
}

// 7.14
static void discarding_and_offering_need_read_write_pages(void) {
    static const DWORD protections[] = {PAGE_NOACCESS, PAGE_READONLY, PAGE_EXECUTE_READWRITE,
                                        PAGE_EXECUTE_READ, PAGE_READWRITE | PAGE_GUARD};
    for (SIZE_T i = 0; i < sizeof protections / sizeof protections[0]; i++) {
        BYTE *base = filled_pages(3, 0x43);
        DWORD before;
        GRANTED(VirtualProtect(base + page_size, page_size, protections[i], &before));
        for (SIZE_T f = 0; f < 2; f++) {
            check_row("%s, protection 0x%x", names[f], (unsigned)protections[i]);
            CODE_UNCHANGED(base, 3 * page_size, functions[f](base, 3 * page_size),
                           ERROR_INVALID_PARAMETER);
        }
        release(base);
    }
}

// 7.13
static void ranges_must_be_whole_pages(void) {
    BYTE *base = filled_pages(3, 0x44);
    for (SIZE_T f = 0; f < function_count; f++) {
        check_row("%s", names[f]);
        CODE_UNCHANGED(base, 3 * page_size, functions[f](base + 1, page_size),
                       ERROR_INVALID_PARAMETER);
        CODE_UNCHANGED(base, 3 * page_size, functions[f](base, 100), ERROR_INVALID_PARAMETER);
        CODE_UNCHANGED(base, 3 * page_size, functions[f](base, 0), ERROR_INVALID_PARAMETER);
        CODE_UNCHANGED(base, 3 * page_size, functions[f](base, (SIZE_T)0 - page_size),
                       ERROR_INVALID_PARAMETER);
        CODE_UNCHANGED(base, 3 * page_size, functions[f]((void *)(LONG_PTR)-page_size, page_size),
                       ERROR_INVALID_PARAMETER);
    }
    release(base);
}

// 7.17
static void pages_that_are_not_committed_are_refused(void) {
    for (SIZE_T f = 0; f < function_count; f++) {
        BYTE *base = reserved_pages(4);
        check_row("%s", names[f]);
        GRANTED(VirtualAlloc(base, 3 * page_size, MEM_COMMIT, PAGE_READWRITE));
        memset(base, 0x45, 3 * page_size);
        CODE_UNCHANGED(base, 4 * page_size, functions[f](base, 4 * page_size),
                       ERROR_INVALID_ADDRESS);
        CODE_UNCHANGED(base, 4 * page_size, functions[f](base, allocation_granularity),
                       ERROR_INVALID_ADDRESS);
        release(base);
        CHECK_CODE(functions[f](base, page_size), ERROR_INVALID_ADDRESS);
        CHECK_CODE(functions[f](NULL, page_size), ERROR_INVALID_ADDRESS);
    }
}

// 7.4 for these functions: pages of two allocations
static void ranges_of_two_allocations_are_refused(void) {
    BYTE *base = free_space(2 * allocation_granularity);
    for (SIZE_T i = 0; i < 2; i++)
        GRANTED(VirtualAlloc(base + i * allocation_granularity, allocation_granularity,
                             MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE));
    for (SIZE_T f = 0; f < function_count; f++) {
        check_row("%s", names[f]);
        CODE_UNCHANGED(base, 2 * allocation_granularity,
                       functions[f](base, 2 * allocation_granularity), ERROR_INVALID_ADDRESS);
    }
    release(base);
    release(base + allocation_granularity);
}

// 7.15
static void priorities_are_one_to_four(void) {
    BYTE *base = filled_pages(1, 0x46);
    CODE_UNCHANGED(base, page_size, OfferVirtualMemory(base, page_size, (OFFER_PRIORITY)0),
                   ERROR_INVALID_PARAMETER);
    CODE_UNCHANGED(base, page_size, OfferVirtualMemory(base, page_size, (OFFER_PRIORITY)5),
                   ERROR_INVALID_PARAMETER);
    for (int priority = 1; priority <= 4; priority++)
        CHECK_CODE(OfferVirtualMemory(base, page_size, (OFFER_PRIORITY)priority), ERROR_SUCCESS);
    CHECK_CODE(ReclaimVirtualMemory(base, page_size), ERROR_SUCCESS);
    CHECK(every_byte_is(base, 0x46, page_size));
    release(base);
}

// 7.15, 7.16, A12.33
static void offered_pages_are_inaccessible_until_they_are_reclaimed(void) {
    BYTE *base = filled_pages(4, 0x47);
    CHECK_CODE(offer(base + page_size, 2 * page_size), ERROR_SUCCESS);
    CHECK_COMMITTED(base, PAGE_READWRITE, page_size);
    CHECK_COMMITTED(base + page_size, PAGE_NOACCESS, 2 * page_size);
    CHECK(faults_on_read(base + page_size) && faults_on_write(base + 2 * page_size));
    CHECK(faults_on_read(base + page_size));
    CHECK(every_byte_is(base, 0x47, page_size));
    CHECK_CODE(offer(base, 4 * page_size), ERROR_SUCCESS);
    CHECK_COMMITTED(base, PAGE_NOACCESS, 4 * page_size);
    DWORD code = ReclaimVirtualMemory(base, 4 * page_size);
    CHECK(code == ERROR_SUCCESS || code == ERROR_BUSY);
    CHECK_COMMITTED(base, PAGE_READWRITE, 4 * page_size);
    if (code == ERROR_SUCCESS)
        CHECK(every_byte_is(base, 0x47, 4 * page_size));
    memset(base, 0x48, 4 * page_size);
    release(base);
}

// 7.16
static void a_part_can_be_reclaimed_and_reclaiming_twice_changes_nothing(void) {
    BYTE *base = filled_pages(3, 0x49);
    CHECK_CODE(offer(base, 3 * page_size), ERROR_SUCCESS);
    CHECK_CODE(ReclaimVirtualMemory(base + page_size, page_size), ERROR_SUCCESS);
    CHECK_COMMITTED(base, PAGE_NOACCESS, page_size);
    CHECK_COMMITTED(base + page_size, PAGE_READWRITE, page_size);
    CHECK_COMMITTED(base + 2 * page_size, PAGE_NOACCESS, page_size);
    CHECK_CODE(ReclaimVirtualMemory(base, 3 * page_size), ERROR_SUCCESS);
    CHECK_CODE(ReclaimVirtualMemory(base, 3 * page_size), ERROR_SUCCESS);
    CHECK(every_byte_is(base, 0x49, 3 * page_size));
    release(base);
}

// 7.16: pages that were never offered, whatever their protection
static void reclaiming_leaves_pages_that_are_not_offered(void) {
    BYTE *base = filled_pages(3, 0x4A);
    DWORD before;
    GRANTED(VirtualProtect(base, page_size, PAGE_READONLY, &before));
    GRANTED(VirtualProtect(base + page_size, page_size, PAGE_NOACCESS, &before));
    CODE_UNCHANGED(base, 3 * page_size, ReclaimVirtualMemory(base, 3 * page_size), ERROR_SUCCESS);
    release(base);
}

// 7.15
static void offering_unlocks(void) {
    BYTE *base = filled_pages(2, 0x4B);
    GRANTED(VirtualLock(base, 2 * page_size));
    CHECK_CODE(offer(base, page_size), ERROR_SUCCESS);
    REFUSED(VirtualUnlock(base, page_size), ERROR_NOT_LOCKED);
    CHECK_CODE(ReclaimVirtualMemory(base, page_size), ERROR_SUCCESS);
    REFUSED(VirtualUnlock(base, page_size), ERROR_NOT_LOCKED);
    GRANTED(VirtualUnlock(base + page_size, page_size));
    CHECK(every_byte_is(base, 0x4B, 2 * page_size));
    release(base);
}

static void locked_pages_may_be_discarded(void) {
    BYTE *base = filled_pages(1, 0x4C);
    GRANTED(VirtualLock(base, page_size));
    CHECK_CODE(DiscardVirtualMemory(base, page_size), ERROR_SUCCESS);
    CHECK(every_byte_is(base, 0, page_size) || every_byte_is(base, 0x4C, page_size));
    GRANTED(VirtualUnlock(base, page_size));
    release(base);
}

// What other calls make of offered pages.
static void offers_end_with_other_changes_of_the_pages(void) {
    BYTE *base = filled_pages(4, 0x4D);
    DWORD before = 0;
    CHECK_CODE(offer(base, 4 * page_size), ERROR_SUCCESS);
    REFUSED(VirtualLock(base, page_size), ERROR_NOACCESS);
    GRANTED(VirtualProtect(base, page_size, PAGE_READONLY, &before));
    CHECK_EQUAL(before, PAGE_NOACCESS);
    CHECK(every_byte_is(base, 0x4D, page_size) || every_byte_is(base, 0, page_size));
    GRANTED(VirtualFree(base + page_size, page_size, MEM_DECOMMIT));
    CHECK_RESERVED(base + page_size, page_size);
    GRANTED(VirtualAlloc(base + page_size, page_size, MEM_COMMIT, PAGE_READWRITE));
    CHECK(every_byte_is(base + page_size, 0, page_size));
    GRANTED(VirtualAlloc(base + 2 * page_size, page_size, MEM_COMMIT, PAGE_READWRITE));
    CHECK_COMMITTED(base + page_size, PAGE_READWRITE, 2 * page_size);
    CHECK_COMMITTED(base + 3 * page_size, PAGE_NOACCESS, page_size);
    release(base);
    CHECK_FREE(base);
}

// A page that was not touched before an offer is not lost afterwards.
static void untouched_pages_are_not_lost(void) {
    BYTE *base = committed_pages(100);
    base[50 * page_size] = 1;
    CHECK_CODE(offer(base, 100 * page_size), ERROR_SUCCESS);
    CHECK_CODE(ReclaimVirtualMemory(base, 100 * page_size), ERROR_SUCCESS);
    CHECK_EQUAL(base[50 * page_size], 1);
    CHECK(every_byte_is(base, 0, 50 * page_size));
    release(base);
}

TEST_PROGRAM(TEST(discarded_pages_stay_committed_and_can_be_written_again),
             TEST(discarding_and_offering_need_read_write_pages), TEST(ranges_must_be_whole_pages),
             TEST(pages_that_are_not_committed_are_refused),
             TEST(ranges_of_two_allocations_are_refused), TEST(priorities_are_one_to_four),
             TEST(offered_pages_are_inaccessible_until_they_are_reclaimed),
             TEST(a_part_can_be_reclaimed_and_reclaiming_twice_changes_nothing),
             TEST(reclaiming_leaves_pages_that_are_not_offered), TEST(offering_unlocks),
             TEST(locked_pages_may_be_discarded), TEST(offers_end_with_other_changes_of_the_pages),
             TEST(untouched_pages_are_not_lost))
