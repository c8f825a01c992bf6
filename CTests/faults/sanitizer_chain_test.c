// A program under AddressSanitizer, whose own handler stands before ours: faults that we handle
// stay ours, all others are its (issue text "Good citizenship").
#include "child_process.h"
#include "exception_log.h"

static LONG commit_above_the_first_64_kib(EXCEPTION_POINTERS *exception) {
    return exception->ExceptionRecord->ExceptionInformation[1] < allocation_granularity
               ? EXCEPTION_CONTINUE_SEARCH
               : commit_the_page(exception);
}

static void a_handler_cures_faults_under_a_sanitizer(void) {
    BYTE *base = reserved_pages(1);
    begin_log(commit_above_the_first_64_kib);
    write_byte(base, 7);
    end_log();
    CHECK_EQUAL(exception_log.count, 1);
    CHECK_EQUAL(base[0], 7);
    release(base);
}

static void fault_that_nobody_wants(void) {
    begin_log(commit_above_the_first_64_kib);
    write_byte((BYTE *)8, 1);
}

static void an_unclaimed_fault_gets_the_report_of_the_sanitizer(void) {
    run_child_with_handlers(fault_that_nobody_wants);
    CHECK_EXITED_WITH(1);
    CHECK_SAID("AddressSanitizer: SEGV on unknown address 0x000000000008");
    CHECK(strstr(child.errors, "libwin32memory:") == NULL);
}

TEST_PROGRAM(TEST(a_handler_cures_faults_under_a_sanitizer),
             TEST(an_unclaimed_fault_gets_the_report_of_the_sanitizer))
