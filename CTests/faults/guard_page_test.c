// PAGE_GUARD: one exception, once, for each page (behaviour 8A).
#include "exception_log.h"

static BYTE *guarded_pages(SIZE_T page_count, DWORD protection) {
    return (BYTE *)GRANTED(VirtualAlloc(NULL, page_count * page_size, MEM_RESERVE | MEM_COMMIT,
                                        protection | PAGE_GUARD));
}

// 8.1, 8.2
static void the_first_access_to_each_page_raises_once(void) {
    BYTE *base = guarded_pages(3, PAGE_READWRITE);
    begin_log(just_continue);
    write_byte(base + page_size + 5, 0x42);
    CHECK_EQUAL(exception_log.count, 1);
    CHECK_ACCESS(EXCEPTION_GUARD_PAGE, WRITE_KIND, base + page_size + 5);
    CHECK_EQUAL(read_byte(base + page_size + 5), 0x42);
    CHECK_EQUAL(exception_log.count, 1);
    CHECK_COMMITTED(base, PAGE_READWRITE | PAGE_GUARD, page_size);
    CHECK_COMMITTED(base + page_size, PAGE_READWRITE, page_size);
    CHECK_COMMITTED(base + 2 * page_size, PAGE_READWRITE | PAGE_GUARD, page_size);
    CHECK_EQUAL(read_byte(base), 0);
    CHECK_ACCESS(EXCEPTION_GUARD_PAGE, READ_KIND, base);
    end_log();
    CHECK_EQUAL(exception_log.count, 2);
    release(base);
}

static BYTE byte_seen_by_handler;

static LONG use_the_page(EXCEPTION_POINTERS *exception) {
    BYTE *address = (BYTE *)exception->ExceptionRecord->ExceptionInformation[1];
    byte_seen_by_handler = read_byte(address);
    write_byte(address + 1, 0x5A);
    return EXCEPTION_CONTINUE_EXECUTION;
}

// 8.3
static void the_guard_is_cleared_before_handlers_run_and_the_contents_are_kept(void) {
    BYTE *base = committed_pages(1);
    DWORD before;
    base[8] = 0x11;
    GRANTED(VirtualProtect(base, page_size, PAGE_READWRITE | PAGE_GUARD, &before));
    begin_log(use_the_page);
    CHECK_EQUAL(read_byte(base + 8), 0x11);
    end_log();
    CHECK_EQUAL(exception_log.count, 1);
    CHECK_EQUAL(byte_seen_by_handler, 0x11);
    CHECK_EQUAL(base[9], 0x5A);
    CHECK_EQUAL(exception_log.last.page.Protect, PAGE_READWRITE);
    release(base);
}

// 8.3
static void the_allocation_protection_still_shows_the_guard(void) {
    BYTE *base = guarded_pages(1, PAGE_READWRITE);
    begin_log(just_continue);
    read_byte(base);
    end_log();
    CHECK_ALLOCATION(base, base, PAGE_READWRITE | PAGE_GUARD);
    release(base);
}

static DWORD first_code;

static LONG note_the_first_code(EXCEPTION_POINTERS *exception) {
    if (exception_log.count > 1)
        return return_to_caller(exception);
    first_code = exception->ExceptionRecord->ExceptionCode;
    CHECK_EQUAL(exception->ExceptionRecord->ExceptionInformation[0], EXECUTE_KIND);
    return EXCEPTION_CONTINUE_EXECUTION;
}

// 8.4
static void executing_a_guarded_readwrite_page_raises_guard_then_violation(void) {
    BYTE *base = guarded_pages(1, PAGE_READWRITE);
    begin_log(note_the_first_code);
    execute_at(base);
    end_log();
    CHECK_EQUAL(exception_log.count, 2);
    CHECK_EQUAL(first_code, EXCEPTION_GUARD_PAGE);
    CHECK_ACCESS(EXCEPTION_ACCESS_VIOLATION, EXECUTE_KIND, base);
    release(base);
}

static LONG arm_again_up_to_the_third_time(EXCEPTION_POINTERS *exception) {
    DWORD before;
    void *page = (void *)exception->ExceptionRecord->ExceptionInformation[1];
    if (exception_log.count < 3)
        VirtualProtect(page, 1, PAGE_READWRITE | PAGE_GUARD, &before);
    return EXCEPTION_CONTINUE_EXECUTION;
}

// 8.1, 8.23
static void a_handler_may_arm_the_guard_again(void) {
    BYTE *base = guarded_pages(1, PAGE_READWRITE);
    begin_log(arm_again_up_to_the_third_time);
    write_byte(base, 1);
    end_log();
    CHECK_EQUAL(exception_log.count, 3);
    CHECK_COMMITTED(base, PAGE_READWRITE, page_size);
    release(base);
}

// 8.31
static void locking_fails_once_with_the_raw_status_and_then_works(void) {
    BYTE *base = guarded_pages(1, PAGE_READWRITE);
    REFUSED(VirtualLock(base, page_size), STATUS_GUARD_PAGE_VIOLATION);
    CHECK_COMMITTED(base, PAGE_READWRITE, page_size);
    GRANTED(VirtualLock(base, page_size));
    GRANTED(VirtualUnlock(base, page_size));
    release(base);
}

TEST_PROGRAM(TEST(the_first_access_to_each_page_raises_once),
             TEST(the_guard_is_cleared_before_handlers_run_and_the_contents_are_kept),
             TEST(the_allocation_protection_still_shows_the_guard),
             TEST(executing_a_guarded_readwrite_page_raises_guard_then_violation),
             TEST(a_handler_may_arm_the_guard_again),
             TEST(locking_fails_once_with_the_raw_status_and_then_works))
