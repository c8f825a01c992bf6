// RaiseException, the top-level filter and the error mode (behaviour 8.15, 8.25, 8.26).
#include "exception_log.h"

// 8.25
static void continuing_returns_from_raise_exception(void) {
    ULONG_PTR arguments[3] = {11, 22, 33};
    begin_log(just_continue);
    RaiseException(0xE0000042, 0, 3, arguments);
    end_log();
    const EXCEPTION_RECORD *record = &exception_log.last.record;
    CHECK_EQUAL(exception_log.count, 1);
    CHECK_EQUAL(record->ExceptionCode, 0xE0000042);
    CHECK_EQUAL(record->ExceptionFlags, 0);
    CHECK_EQUAL(record->NumberParameters, 3);
    CHECK_EQUAL(record->ExceptionInformation[0], 11);
    CHECK_EQUAL(record->ExceptionInformation[2], 33);
    CHECK(record->ExceptionAddress != NULL);
}

// 8.15
static void at_most_fifteen_parameters_are_kept(void) {
    ULONG_PTR arguments[20] = {1,  2,  3,  4,  5,  6,  7,  8,  9,  10,
                               11, 12, 13, 14, 15, 16, 17, 18, 19, 20};
    begin_log(just_continue);
    RaiseException(0xE0000042, 0, 20, arguments);
    CHECK_EQUAL(exception_log.last.record.NumberParameters, 15);
    CHECK_EQUAL(exception_log.last.record.ExceptionInformation[14], 15);
    RaiseException(0xE0000042, 0, 3, NULL);
    CHECK_EQUAL(exception_log.last.record.NumberParameters, 0);
    end_log();
}

// A15.5
static void the_code_arrives_as_it_was_given(void) {
    begin_log(just_continue);
    RaiseException(0xF0000042, 0, 0, NULL);
    end_log();
    CHECK_EQUAL(exception_log.last.record.ExceptionCode, 0xF0000042);
}

static volatile double kept = 0.5;

// 8.20, 8.25: the registers that a function may rely on over a call are what they were.
static void registers_survive_a_raised_exception(void) {
    double sum = kept;
    uint64_t a = 1, b = 2, c = 3, d = 4;
    begin_log(just_continue);
    for (int i = 0; i < 50; i++) {
        RaiseException(0xE0000042, 0, 0, NULL);
        sum += kept, a += 1, b += a, c += b, d += c;
    }
    end_log();
    CHECK_EQUAL(exception_log.count, 50);
    CHECK(sum == 25.5);
    CHECK_EQUAL(a, 51);
    CHECK_EQUAL(b, 1327);
    CHECK_EQUAL(c, 23478);
    CHECK_EQUAL(d, 317629);
}

static BYTE *page_for_the_filter;
static int filter_calls;

static LONG WINAPI commit_in_the_filter(EXCEPTION_POINTERS *exception) {
    filter_calls++;
    return exception->ExceptionRecord->ExceptionInformation[1] == (ULONG_PTR)page_for_the_filter
               ? commit_the_page(exception)
               : EXCEPTION_CONTINUE_SEARCH;
}

// 8.26
static void the_top_level_filter_may_continue_execution(void) {
    page_for_the_filter = reserved_pages(1);
    LPTOP_LEVEL_EXCEPTION_FILTER before = SetUnhandledExceptionFilter(commit_in_the_filter);
#ifndef _WIN32
    CHECK(before == NULL); // on Windows the C library may have set one
#endif
    write_byte(page_for_the_filter, 3);
    CHECK_EQUAL(filter_calls, 1);
    CHECK_EQUAL(page_for_the_filter[0], 3);
    CHECK(SetUnhandledExceptionFilter(before) == commit_in_the_filter);
    release(page_for_the_filter);
}

// 8.17: last of all.
static void vectored_handlers_come_before_the_filter(void) {
    page_for_the_filter = reserved_pages(1);
    filter_calls = 0;
    LPTOP_LEVEL_EXCEPTION_FILTER before = SetUnhandledExceptionFilter(commit_in_the_filter);
    begin_log(commit_the_page);
    write_byte(page_for_the_filter, 3);
    end_log();
    CHECK_EQUAL(exception_log.count, 1);
    CHECK_EQUAL(filter_calls, 0);
    SetUnhandledExceptionFilter(before);
    release(page_for_the_filter);
}

// Learn, SetErrorMode
static void the_error_mode_is_returned_and_replaced(void) {
    UINT before = SetErrorMode(SEM_FAILCRITICALERRORS);
    CHECK_EQUAL(SetErrorMode(SEM_NOGPFAULTERRORBOX), SEM_FAILCRITICALERRORS);
    CHECK_EQUAL(GetErrorMode(), SEM_NOGPFAULTERRORBOX);
    CHECK_EQUAL(SetErrorMode(before), SEM_NOGPFAULTERRORBOX);
}

TEST_PROGRAM(TEST(continuing_returns_from_raise_exception),
             TEST(at_most_fifteen_parameters_are_kept), TEST(the_code_arrives_as_it_was_given),
             TEST(registers_survive_a_raised_exception),
             TEST(the_top_level_filter_may_continue_execution),
             TEST(vectored_handlers_come_before_the_filter),
             TEST(the_error_mode_is_returned_and_replaced))
