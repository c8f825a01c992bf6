// Conformance of __try, part 4: handlers, causes of exceptions, and statements inside loops, calls and
// other handlers (Learn, try-except statement (C); facts 8.13, 8.17, 8.24).
#include "seh_parts.h"

static void an_exception_in_a_handler_is_offered_to_outer_statements(void) {
    __try {
        __try {
            raise();
        } __except (note('i')) {
            note('h');
            raise();
            note('!');
        }
    } __except (note('o')) {
        note('H');
    }
    CHECK_PATH("ihoH");
}
static void a_handler_may_contain_a_try_statement(void) {
    __try {
        raise();
    } __except (note('f')) {
        __try {
            raise();
        } __except (note('g')) {
            note('h');
        }
        note('e');
    }
    CHECK_PATH("fghe");
}
static void a_handler_may_raise_the_exception_again(void) {
    __try {
        __try {
            raise();
        } __except (note('i')) {
            RaiseException(GetExceptionCode(), 0, 0, NULL);
        }
    } __except (note('o')) {
        note(GetExceptionCode() == CODE ? 'h' : '!');
    }
    CHECK_PATH("ioh");
}
static void a_finally_block_around_a_handler_ends_normally(void) {
    __try {
        __try {
            raise();
        } __except (note('f')) {
            note('h');
        }
    } __finally {
        END_OF_BLOCK;
    }
    CHECK_PATH("fhn");
}
static void a_finally_block_around_an_exception_in_a_handler_runs(void) {
    __try {
        __try {
            __try {
                raise();
            } __except (1) {
                raise();
            }
        } __finally {
            END_OF_BLOCK;
        }
    } __except (note('f')) {
        note('h');
    }
    CHECK_PATH("fah");
}
SEPARATE int return_out_of_a_handler(void) {
    __try {
        raise();
    } __except (note('f')) {
        return 4;
    }
    return -1;
}
static void return_out_of_a_handler_is_a_return(void) {
    CHECK_EQUAL(return_out_of_a_handler(), 4);
    __try {
        raise();
    } __except (note('g')) {
    }
    CHECK_PATH("fg");
}
static void a_loop_continues_after_each_handler(void) {
    for (int i = 0; i < 3; i++) {
        __try {
            if (i == 1)
                continue;
            raise();
        } __except (note('f')) {
            note((char)('0' + i));
            continue;
        }
        note('!');
    }
    CHECK_PATH("f0f2");
}
static void break_leaves_a_loop_from_a_body_and_from_a_handler(void) {
    for (;;) {
        __try {
            break;
        } __finally {
            END_OF_BLOCK;
        }
    }
    while (yes) {
        __try {
            raise();
        } __except (note('f')) {
            break;
        }
    }
    CHECK_PATH("af");
}
static void many_handled_exceptions_leave_no_frames_behind(void) {
    volatile unsigned handled = 0, blocks = 0;
    for (int i = 0; i < 2000; i++) {
        __try {
            __try {
                raise();
            } __finally {
                blocks++;
            }
        } __except (1) {
            handled++;
        }
    }
    CHECK_EQUAL(handled, 2000);
    CHECK_EQUAL(blocks, 2000);
}

SEPARATE DWORD code_of(void (*cause)(void)) {
    DWORD code = 0;
    __try {
        cause();
    } __except (code = GetExceptionCode(), EXCEPTION_EXECUTE_HANDLER) {
        note('h');
    }
    return code;
}
static volatile int zero, dividend = 12, sink;
UNCHECKED void divide(void) {
    sink = dividend / zero;
}
static void trap(void) {
    __asm__ volatile("int3");
}
static void no_instruction(void) {
    __asm__ volatile("ud2");
}
static void privileged(void) {
    __asm__ volatile("hlt");
}
static void each_cause_has_its_exception_code(void) {
    CHECK_EQUAL(code_of(fault), EXCEPTION_ACCESS_VIOLATION);
    CHECK_EQUAL(code_of(divide), EXCEPTION_INT_DIVIDE_BY_ZERO);
    CHECK_EQUAL(code_of(trap), EXCEPTION_BREAKPOINT);
    CHECK_EQUAL(code_of(no_instruction), EXCEPTION_ILLEGAL_INSTRUCTION);
    CHECK_EQUAL(code_of(privileged), EXCEPTION_PRIV_INSTRUCTION);
    CHECK_EQUAL(code_of(raise), CODE);
    CHECK_PATH("hhhhhh");
}

static LONG CALLBACK seen_first(EXCEPTION_POINTERS *exception) {
    (void)exception;
    note('v');
    return EXCEPTION_CONTINUE_SEARCH;
}
static void vectored_handlers_come_before_filters(void) {
    void *handle = AddVectoredExceptionHandler(1, seen_first);
    CHECK_EQUAL(code_of(fault), EXCEPTION_ACCESS_VIOLATION);
    CHECK(RemoveVectoredExceptionHandler(handle) != 0);
    CHECK_PATH("vh");
}
static void fault_with_values(int a, int b) {
    int kept = a * 10 + b;
    __try {
        fault();
    } __except (kept == 45) {
        note(kept == 45 && a == 4 && b == 5 ? 'h' : '!');
    }
}
static void arguments_and_locals_set_before_the_statement_are_kept(void) {
    fault_with_values(4, 5);
    CHECK_PATH("h");
}
static void floating_point_values_are_kept(void) {
    volatile double start = 1.5;
    double value = start * 2;
    __try {
        fault();
    } __except (value == 3.0) {
        note(value == 3.0 ? 'h' : '!');
    }
    CHECK_PATH("h");
}
static void continuing_a_noncontinuable_exception_raises_another(void) {
    __try {
        __try {
            RaiseException(CODE, EXCEPTION_NONCONTINUABLE, 0, NULL);
        } __except (GetExceptionCode() == CODE ? EXCEPTION_CONTINUE_EXECUTION : 0) {
            note('!');
        }
    } __except (GetExceptionCode() == EXCEPTION_NONCONTINUABLE_EXCEPTION) {
        note('h');
    }
    CHECK_PATH("h");
}

TEST_PROGRAM(TEST(an_exception_in_a_handler_is_offered_to_outer_statements),
             TEST(a_handler_may_contain_a_try_statement),
             TEST(a_handler_may_raise_the_exception_again),
             TEST(a_finally_block_around_a_handler_ends_normally),
             TEST(a_finally_block_around_an_exception_in_a_handler_runs),
             TEST(return_out_of_a_handler_is_a_return), TEST(a_loop_continues_after_each_handler),
             TEST(break_leaves_a_loop_from_a_body_and_from_a_handler),
             TEST(many_handled_exceptions_leave_no_frames_behind),
             TEST(each_cause_has_its_exception_code), TEST(vectored_handlers_come_before_filters),
             TEST(arguments_and_locals_set_before_the_statement_are_kept),
             TEST(floating_point_values_are_kept),
             TEST(continuing_a_noncontinuable_exception_raises_another))
