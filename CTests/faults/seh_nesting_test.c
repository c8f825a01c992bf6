// __try among other exceptions: in filters, in handlers, raised ones, vectored handlers (issue
// text, "FAULTS"; behaviour 8.15, 8.17, 8.24, 8.25).
#include "seh_trace.h"

static int filter_with_a_fault_of_its_own(BYTE *address) {
    volatile int answer = EXCEPTION_CONTINUE_SEARCH;
    __try {
        write_byte(address, 1);
    } __except (note('x'), EXCEPTION_EXECUTE_HANDLER) {
        answer = EXCEPTION_EXECUTE_HANDLER;
    }
    return answer;
}

static void a_filter_may_use_statements_of_its_own(void) {
    BYTE *base = reserved_pages(2);
    begin_trace();
    __try {
        write_through_calls(base, 1, 20);
    } __except (filter_with_a_fault_of_its_own(base + page_size)) {
        note('h');
    }
    CHECK_TRACE("xh");
    release(base);
}

static void an_exception_in_a_handler_goes_to_the_frames_around(void) {
    BYTE *base = reserved_pages(1);
    begin_trace();
    __try {
        __try {
            write_byte(base, 1);
        } __except (note('i')) {
            write_byte(base, 1);
        }
    } __except (note('o')) {
        note('h');
    }
    CHECK_TRACE("ioh");
    release(base);
}

// 8.25, 8.15
static void raised_exceptions_are_handled_and_can_be_gone_on_from(void) {
    ULONG_PTR arguments[20] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    volatile DWORD count = 0;
    begin_trace();
    __try {
        RaiseException(0xE0001234, 0, 20, arguments);
        note('c');
        RaiseException(0xE0005678, EXCEPTION_NONCONTINUABLE, 0, NULL);
    } __except (GetExceptionCode() == 0xE0001234
                    ? (count = GetExceptionInformation()->ExceptionRecord->NumberParameters,
                       EXCEPTION_CONTINUE_EXECUTION)
                    : EXCEPTION_EXECUTE_HANDLER) {
        note(GetExceptionCode() == 0xE0005678 ? 'h' : '?');
    }
    CHECK_TRACE("ch");
    CHECK_EQUAL(count, 15);
}

// 8.24
static void going_on_after_a_noncontinuable_exception_raises_another(void) {
    volatile DWORD inner = 0;
    begin_trace();
    __try {
        RaiseException(0xE0005678, EXCEPTION_NONCONTINUABLE, 0, NULL);
    } __except (
        GetExceptionCode() == 0xE0005678
            ? EXCEPTION_CONTINUE_EXECUTION
            : (inner = GetExceptionInformation()->ExceptionRecord->ExceptionRecord->ExceptionCode,
               EXCEPTION_EXECUTE_HANDLER)) {
        note(GetExceptionCode() == EXCEPTION_NONCONTINUABLE_EXCEPTION ? 'h' : '?');
    }
    CHECK_TRACE("h");
    CHECK_EQUAL(inner, 0xE0005678);
}

// 8.17: vectored handlers come first.
static void vectored_handlers_are_asked_before_frames(void) {
    BYTE *base = reserved_pages(1);
    begin_log(NULL);
    __try {
        write_byte(base, 1);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        CHECK_EQUAL(exception_log.count, 1);
    }
    end_log();
    release(base);
}

TEST_PROGRAM(TEST(a_filter_may_use_statements_of_its_own),
             TEST(an_exception_in_a_handler_goes_to_the_frames_around),
             TEST(raised_exceptions_are_handled_and_can_be_gone_on_from),
             TEST(going_on_after_a_noncontinuable_exception_raises_another),
             TEST(vectored_handlers_are_asked_before_frames))
