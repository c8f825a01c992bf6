// VirtualLock and VirtualUnlock: what can be locked, and what unlocking asks for.
#include "memory_checks.h"

// 12.5
static void locking_keeps_contents_states_and_protections(void) {
    BYTE *base = reserved_pages(4);
    GRANTED(VirtualAlloc(base, 3 * page_size, MEM_COMMIT, PAGE_READWRITE));
    memset(base, 0x31, page_size);
    struct snapshot before = snapshot_of(base, 4 * page_size);
    GRANTED(VirtualLock(base, 3 * page_size));
    CHECK_UNCHANGED(&before);
    GRANTED(VirtualUnlock(base, 3 * page_size));
    CHECK_UNCHANGED(&before);
    release(base);
}

// 12.1
static void readable_pages_of_every_protection_can_be_locked(void) {
    static const DWORD protections[] = {PAGE_READONLY, PAGE_READWRITE, PAGE_EXECUTE_READ,
                                        PAGE_EXECUTE_READWRITE};
    for (SIZE_T i = 0; i < sizeof protections / sizeof protections[0]; i++) {
        check_row("protection 0x%x", (unsigned)protections[i]);
        void *base = GRANTED(VirtualAlloc(NULL, page_size, MEM_COMMIT, protections[i]));
        GRANTED(VirtualLock(base, page_size));
        GRANTED(VirtualUnlock(base, page_size));
        release(base);
    }
}

// 12.1, 14.24
static void reserved_free_and_noaccess_pages_cannot_be_locked(void) {
    BYTE *base = reserved_pages(4);
    DWORD before;
    GRANTED(VirtualAlloc(base, 2 * page_size, MEM_COMMIT, PAGE_READWRITE));
    GRANTED(VirtualProtect(base + page_size, page_size, PAGE_NOACCESS, &before));
    for (SIZE_T page = 1; page < 6; page++) {
        check_row("page %d", (int)page);
        REFUSED_UNCHANGED(base, 4 * page_size, VirtualLock(base + page * page_size, page_size),
                          ERROR_NOACCESS);
    }
    release(base);
}

// 12.1
static void one_bad_page_in_the_range_refuses_the_whole_lock(void) {
    BYTE *base = committed_pages(4);
    GRANTED(VirtualFree(base + 2 * page_size, page_size, MEM_DECOMMIT));
    REFUSED_UNCHANGED(base, 4 * page_size, VirtualLock(base, 4 * page_size), ERROR_NOACCESS);
    REFUSED(VirtualUnlock(base, page_size), ERROR_NOT_LOCKED);
    release(base);
}

// 12.1
static void a_size_of_zero_is_refused(void) {
    BYTE *base = committed_pages(1);
    REFUSED(VirtualLock(base, 0), ERROR_INVALID_PARAMETER);
    release(base);
}

// 12.1
static void a_range_past_the_top_is_refused(void) {
    BYTE *base = committed_pages(1);
    REFUSED(VirtualLock((void *)0xFFFF800000000000ull, page_size), ERROR_INVALID_PARAMETER);
    REFUSED(VirtualLock(base, 0x8000000000000000ull), ERROR_INVALID_PARAMETER);
    REFUSED(VirtualLock(base, 0xFFFFFFFFFFFFFFFFull), ERROR_INVALID_PARAMETER);
    release(base);
}

// 12.2
static void two_locks_are_undone_by_one_unlock(void) {
    BYTE *base = committed_pages(2);
    GRANTED(VirtualLock(base, 2 * page_size));
    GRANTED(VirtualLock(base, 2 * page_size));
    GRANTED(VirtualUnlock(base, 2 * page_size));
    REFUSED(VirtualUnlock(base, 2 * page_size), ERROR_NOT_LOCKED);
    release(base);
}

// 12.4
static void unlocking_needs_every_page_locked_and_else_unlocks_none(void) {
    BYTE *base = committed_pages(4);
    GRANTED(VirtualLock(base, 2 * page_size));
    REFUSED(VirtualUnlock(base, 3 * page_size), ERROR_NOT_LOCKED);
    REFUSED(VirtualUnlock(base + 3 * page_size, page_size), ERROR_NOT_LOCKED);
    GRANTED(VirtualUnlock(base, 2 * page_size));
    release(base);
}

// 12.4
static void the_range_unlocked_need_not_be_the_range_locked(void) {
    BYTE *base = committed_pages(4);
    GRANTED(VirtualLock(base, page_size));
    GRANTED(VirtualLock(base + page_size, 3 * page_size));
    GRANTED(VirtualUnlock(base + page_size - 1, 2));
    GRANTED(VirtualUnlock(base + 2 * page_size, 2 * page_size));
    release(base);
}

// 12.4
static void unlocking_memory_that_is_not_allocated_is_refused(void) {
    BYTE *space = free_space(allocation_granularity);
    REFUSED(VirtualUnlock(space, page_size), ERROR_NOT_LOCKED);
}

// 4.20
static void releasing_takes_the_lock_away(void) {
    BYTE *base = committed_pages(2);
    GRANTED(VirtualLock(base, 2 * page_size));
    release(base);
    GRANTED(VirtualAlloc(base, 2 * page_size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE));
    REFUSED(VirtualUnlock(base, 2 * page_size), ERROR_NOT_LOCKED);
    release(base);
}

TEST_PROGRAM(TEST(locking_keeps_contents_states_and_protections),
             TEST(readable_pages_of_every_protection_can_be_locked),
             TEST(reserved_free_and_noaccess_pages_cannot_be_locked),
             TEST(one_bad_page_in_the_range_refuses_the_whole_lock),
             TEST(a_size_of_zero_is_refused), TEST(a_range_past_the_top_is_refused),
             TEST(two_locks_are_undone_by_one_unlock),
             TEST(unlocking_needs_every_page_locked_and_else_unlocks_none),
             TEST(the_range_unlocked_need_not_be_the_range_locked),
             TEST(unlocking_memory_that_is_not_allocated_is_refused),
             TEST(releasing_takes_the_lock_away))
