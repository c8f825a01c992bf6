// Conformance of __try, part 2: filters - what they see, which are evaluated, and what their answers do
// (Learn, try-except statement (C), Writing an exception filter; facts 8.5, 8.15, 8.25, A15.18).
#include "seh_parts.h"

static void a_filter_may_execute_its_handler(void) {
    __try {
        raise();
        note('!');
    } __except (note('f'), EXCEPTION_EXECUTE_HANDLER) {
        note('h');
    }
    note('z');
    CHECK_PATH("fhz");
}
static void any_answer_above_zero_executes_the_handler(void) {
    __try {
        raise();
    } __except (yes + 76) {
        note('h');
    }
    CHECK_PATH("h");
}
static void a_filter_may_continue_execution(void) {
    __try {
        raise();
        note('b');
    } __except (note('f'), EXCEPTION_CONTINUE_EXECUTION) {
        note('!');
    }
    CHECK_PATH("fb");
}
static void after_continue_search_the_next_filter_is_asked(void) {
    __try {
        __try {
            raise();
        } __except (note('i'), EXCEPTION_CONTINUE_SEARCH) {
            note('!');
        }
        note('!');
    } __except (note('o')) {
        note('h');
    }
    CHECK_PATH("ioh");
}
SEPARATE void declining(void) {
    __try {
        raise();
    } __except (note('i'), EXCEPTION_CONTINUE_SEARCH) {
        note('!');
    }
    note('b');
}
static void the_next_filter_may_be_in_another_function(void) {
    __try {
        declining();
        note('!');
    } __except (note('o')) {
        note('h');
    }
    CHECK_PATH("ioh");
}
static void an_outer_filter_may_continue_execution_in_an_inner_body(void) {
    __try {
        declining();
        note('c');
    } __except (note('o'), EXCEPTION_CONTINUE_EXECUTION) {
        note('!');
    }
    CHECK_PATH("iobc");
}
static void a_filter_is_asked_for_each_exception(void) {
    int count = 0;
    __try {
        for (;;)
            raise();
    } __except (note('f'),
                ++count == 3 ? EXCEPTION_EXECUTE_HANDLER : EXCEPTION_CONTINUE_EXECUTION) {
        note('h');
    }
    CHECK_PATH("fffh");
}
static void all_filters_run_before_any_finally_block(void) {
    __try {
        with_block(raise);
    } __except (note('f')) {
        note('h');
    }
    CHECK_PATH("fah");
}
static void continuing_execution_runs_no_finally_block(void) {
    __try {
        with_block(raise);
        note('b');
    } __except (note('f'), EXCEPTION_CONTINUE_EXECUTION) {
        note('!');
    }
    CHECK_PATH("fnb");
}
static void code_and_record_are_those_of_the_exception(void) {
    ULONG_PTR arguments[2] = {7, 8};
    __try {
        RaiseException(0xE0000002u, EXCEPTION_NONCONTINUABLE, 2, arguments);
    } __except (GetExceptionCode() == 0xE0000002u &&
                GetExceptionInformation()->ExceptionRecord->ExceptionFlags ==
                    EXCEPTION_NONCONTINUABLE &&
                GetExceptionInformation()->ExceptionRecord->NumberParameters == 2 &&
                GetExceptionInformation()->ExceptionRecord->ExceptionInformation[1] == 8) {
        note(GetExceptionCode() == 0xE0000002u ? 'h' : '!');
    }
    CHECK_PATH("h");
}
static void an_access_violation_has_its_kind_and_address(void) {
    __try {
        fault();
    } __except (GetExceptionInformation()->ExceptionRecord->ExceptionInformation[0] == WRITE_KIND &&
                GetExceptionInformation()->ExceptionRecord->ExceptionInformation[1] == 16) {
        note(GetExceptionCode() == EXCEPTION_ACCESS_VIOLATION ? 'h' : '!');
    }
    CHECK_PATH("h");
}
static void an_inner_statement_has_its_own_exception_code(void) {
    __try {
        raise();
    } __except (1) {
        __try {
            fault();
        } __except (GetExceptionCode() == EXCEPTION_ACCESS_VIOLATION) {
            note(GetExceptionCode() == EXCEPTION_ACCESS_VIOLATION ? 'i' : '!');
        }
        note(GetExceptionCode() == CODE ? 'o' : '!');
    }
    CHECK_PATH("io");
}
static LONG caught_within(void) {
    __try {
        fault();
    } __except (note('x')) {
        note('y');
    }
    return EXCEPTION_EXECUTE_HANDLER;
}
static void a_filter_may_handle_an_exception_that_occurs_in_it(void) {
    __try {
        raise();
    } __except (caught_within()) {
        note(GetExceptionCode() == CODE ? 'h' : '!');
    }
    CHECK_PATH("xyh");
}

// The filter of the exception and the exception in the filter.
static int asked;
static LONG raise_once(DWORD flags) {
    note(flags & 0x10 ? 'N' : 'f');
    if (asked++ == 0)
        raise();
    return EXCEPTION_CONTINUE_SEARCH;
}
static void an_exception_in_a_filter_asks_all_filters_again_innermost_first(void) {
    asked = 0;
    __try {
        __try {
            raise();
        } __except (raise_once(GetExceptionInformation()->ExceptionRecord->ExceptionFlags)) {
            note('!');
        }
    } __except (note('o')) {
        note('h');
    }
    CHECK_PATH("fNoh");
}
static void a_statement_may_handle_the_exception_of_its_own_filter(void) {
    asked = 0;
    __try {
        raise();
    } __except (asked++ == 0 ? (note('f'), raise(), 0) : (note('g'), 1)) {
        note('h');
    }
    CHECK_PATH("fgh");
}
static void a_filter_whose_exception_is_continued_runs_to_its_end(void) {
    asked = 0;
    __try {
        raise();
        note('b');
    } __except (asked++ == 0 ? (note('f'), raise(), note('e'), EXCEPTION_CONTINUE_EXECUTION)
                             : (note('g'), EXCEPTION_CONTINUE_EXECUTION)) {
        note('!');
    }
    CHECK_PATH("fgeb");
}

TEST_PROGRAM(TEST(a_filter_may_execute_its_handler),
             TEST(any_answer_above_zero_executes_the_handler),
             TEST(a_filter_may_continue_execution),
             TEST(after_continue_search_the_next_filter_is_asked),
             TEST(the_next_filter_may_be_in_another_function),
             TEST(an_outer_filter_may_continue_execution_in_an_inner_body),
             TEST(a_filter_is_asked_for_each_exception),
             TEST(all_filters_run_before_any_finally_block),
             TEST(continuing_execution_runs_no_finally_block),
             TEST(code_and_record_are_those_of_the_exception),
             TEST(an_access_violation_has_its_kind_and_address),
             TEST(an_inner_statement_has_its_own_exception_code),
             TEST(a_filter_may_handle_an_exception_that_occurs_in_it),
             TEST(an_exception_in_a_filter_asks_all_filters_again_innermost_first),
             TEST(a_statement_may_handle_the_exception_of_its_own_filter),
             TEST(a_filter_whose_exception_is_continued_runs_to_its_end))
