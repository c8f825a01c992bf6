// __try, __except, __finally, __leave: which parts run, in which order, and going on after a filter
// (issue text, "FAULTS"; Learn, try-except statement (C), try-finally statement (C)).
#include "seh_trace.h"

static void a_body_without_an_exception_runs_neither_filter_nor_handler(void) {
    begin_trace();
    __try {
        note('b');
    } __except (note('f')) {
        note('h');
    }
    note('.');
    CHECK_TRACE("b.");
}

static void a_filter_that_answers_one_runs_the_handler_and_goes_on_behind(void) {
    BYTE *base = reserved_pages(1);
    volatile DWORD code_in_filter = 0, code_in_handler = 0;
    volatile ULONG_PTR address = 0;
    begin_trace();
    __try {
        note('b');
        write_through_calls(base + 5, 1, 10);
        note('!');
    } __except (code_in_filter = GetExceptionCode(),
                address = GetExceptionInformation()->ExceptionRecord->ExceptionInformation[1],
                note('f'), EXCEPTION_EXECUTE_HANDLER) {
        code_in_handler = GetExceptionCode();
        note('h');
    }
    note('.');
    CHECK_TRACE("bfh.");
    CHECK_EQUAL(code_in_filter, EXCEPTION_ACCESS_VIOLATION);
    CHECK_EQUAL(code_in_handler, EXCEPTION_ACCESS_VIOLATION);
    CHECK_EQUAL(address, (ULONG_PTR)(base + 5));
    release(base);
}

static LONG commit_and_go_on(EXCEPTION_POINTERS *exception) {
    volatile BYTE much_stack[5000]; // over what the interrupted functions have there
    memset((void *)much_stack, 0xEE, sizeof much_stack);
    note('f');
    return much_stack[77] == 0xEE ? commit_the_page(exception) : EXCEPTION_CONTINUE_SEARCH;
}

static void a_filter_may_go_on_at_the_faulting_instruction(void) {
    BYTE *base = reserved_pages(3);
    begin_trace();
    __try {
        write_through_calls(base, 0x11, 0);
        write_through_calls(base + page_size, 0x12, 40);
        write_through_calls(base + 2 * page_size, 0x13, 3);
        note('e');
    } __except (commit_and_go_on(GetExceptionInformation())) {
        note('h');
    }
    CHECK_TRACE("fffe");
    CHECK_EQUAL(base[0], 0x11);
    CHECK_EQUAL(base[page_size], 0x12);
    CHECK_EQUAL(base[2 * page_size], 0x13);
    release(base);
}

static void continue_search_asks_the_next_frame_outward(void) {
    BYTE *base = reserved_pages(1);
    begin_trace();
    __try {
        __try {
            write_byte(base, 1);
        } __except (note('i'), EXCEPTION_CONTINUE_SEARCH) {
            note('!');
        }
        note('!');
    } __except (note('o'), EXCEPTION_EXECUTE_HANDLER) {
        note('h');
    }
    CHECK_TRACE("ioh");
    release(base);
}

static __attribute__((noinline)) void guarded_by_finally(BYTE *address) {
    __try {
        write_byte(address, 1);
        note('!');
    } __finally {
        note(AbnormalTermination() ? 'a' : 'n');
    }
    note('!');
}

static void finally_blocks_run_from_inside_out_before_the_handler(void) {
    BYTE *base = reserved_pages(1);
    begin_trace();
    __try {
        __try {
            guarded_by_finally(base);
        } __finally {
            note(AbnormalTermination() ? 'A' : 'N');
        }
    } __except (note('f'), EXCEPTION_EXECUTE_HANDLER) {
        note('h');
    }
    CHECK_TRACE("faAh");
    release(base);
}

static void a_finally_block_runs_after_a_normal_end_and_a_leave(void) {
    begin_trace();
    __try {
        note('b');
    } __finally {
        note(AbnormalTermination() ? 'a' : 'n');
    }
    for (volatile int i = 0; i < 2; i++) {
        __try {
            for (;;)
                if (note('l'))
                    __leave;
        } __finally {
            note(AbnormalTermination() ? 'a' : 'n');
        }
    }
    CHECK_TRACE("bnlnln");
}

static __attribute__((noinline)) int return_from_body(volatile int value) {
    __try {
        __try {
            if (value > 5)
                return value * 3;
            note('b');
        } __finally {
            note(AbnormalTermination() ? 'a' : 'n');
        }
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        note('!');
    }
    return value;
}

static void return_out_of_a_body_runs_the_finally_block_and_keeps_the_value(void) {
    begin_trace();
    CHECK_EQUAL(return_from_body(7), 21);
    CHECK_EQUAL(return_from_body(2), 2);
    CHECK_TRACE("abn");
}

// The frame must be gone: an exception now is not for it.
static void a_frame_that_was_returned_out_of_is_not_asked(void) {
    BYTE *base = reserved_pages(1);
    begin_trace();
    CHECK_EQUAL(return_from_body(9), 27);
    __try {
        write_byte(base, 1);
    } __except (note('f')) {
        note('h');
    }
    CHECK_TRACE("afh");
    release(base);
}

static void a_statement_in_a_loop_can_be_entered_again_and_again(void) {
    BYTE *base = reserved_pages(1);
    volatile int handled = 0, ended = 0;
    for (volatile int i = 0; i < 200; i++) {
        __try {
            if (i % 2)
                write_byte(base, 1);
            ended++;
        } __except (EXCEPTION_EXECUTE_HANDLER) {
            handled++;
        }
    }
    CHECK_EQUAL(handled, 100);
    CHECK_EQUAL(ended, 100);
    release(base);
}

static void a_statement_may_stand_without_braces(void) {
    begin_trace();
    for (int i = 0; i < 2; i++)
        if (i)
            __try {
                RaiseException(0xE0000001, 0, 0, NULL);
            } __except (note('f')) {
                note('h');
            }
        else
            note('e');
    int i = 2;
    while (i--)
        __try {
            note('b');
        } __finally {
            note('n');
        }
    CHECK_TRACE("efhbnbn");
}

TEST_PROGRAM(TEST(a_body_without_an_exception_runs_neither_filter_nor_handler),
             TEST(a_filter_that_answers_one_runs_the_handler_and_goes_on_behind),
             TEST(a_filter_may_go_on_at_the_faulting_instruction),
             TEST(continue_search_asks_the_next_frame_outward),
             TEST(finally_blocks_run_from_inside_out_before_the_handler),
             TEST(a_finally_block_runs_after_a_normal_end_and_a_leave),
             TEST(return_out_of_a_body_runs_the_finally_block_and_keeps_the_value),
             TEST(a_frame_that_was_returned_out_of_is_not_asked),
             TEST(a_statement_may_stand_without_braces),
             TEST(a_statement_in_a_loop_can_be_entered_again_and_again))
