// Conformance of __try, part 3: unwinding, in one function and over several (Learn, try-finally
// statement (C), Termination handler syntax; A15.18's source).
#include "seh_parts.h"

static void an_exception_runs_the_finally_blocks_of_the_bodies_that_it_leaves(void) {
    __try {
        __try {
            __try {
                raise();
            } __finally {
                note('1');
            }
        } __finally {
            note('2');
        }
        note('!');
    } __except (note('f')) {
        note('h');
    }
    CHECK_PATH("f12h");
}
SEPARATE void twice_within(void) {
    with_block(raise);
    note('!');
}
static void the_finally_blocks_of_all_functions_in_between_run(void) {
    __try {
        with_block(twice_within);
    } __except (note('f')) {
        note('h');
    }
    CHECK_PATH("faah");
}
static void finally_blocks_run_only_once(void) {
    __try {
        __try {
            note('b');
        } __finally {
            END_OF_BLOCK;
        }
        raise();
    } __except (note('f')) {
        note('h');
    }
    CHECK_PATH("bnfh");
}
SEPARATE void recursion(int depth) {
    __try {
        if (depth == 0)
            raise();
        recursion(depth - 1);
        note('!');
    } __finally {
        note((char)('0' + depth));
    }
}
static void each_recursive_call_runs_its_finally_block(void) {
    __try {
        recursion(4);
    } __except (note('f')) {
        note('h');
    }
    CHECK_PATH("f01234h");
}
SEPARATE void handled_halfway(int depth) {
    __try {
        if (depth == 0)
            raise();
        handled_halfway(depth - 1);
        note((char)('A' + depth));
    } __except (depth == 2) {
        note((char)('0' + depth));
    }
}
static void an_unwinding_ends_where_the_exception_is_handled(void) {
    handled_halfway(4);
    CHECK_PATH("2DE");
}

static void an_exception_in_a_finally_block_replaces_the_one_that_unwinds(void) {
    __try {
        __try {
            __try {
                raise();
            } __finally {
                note('1');
                fault();
                note('!');
            }
        } __except (note('i'), GetExceptionCode() == EXCEPTION_ACCESS_VIOLATION) {
            note('v');
        }
        note('z');
    } __except (note('o'), GetExceptionCode() == CODE) {
        note('!');
    }
    // The outer statement was to handle the first exception; the inner one handles the second.
    CHECK_PATH("io1ivz");
}
SEPARATE void block_that_faults(void) {
    __try {
        raise();
    } __finally {
        note('1');
        fault();
    }
}
static void a_collided_unwinding_runs_the_outer_finally_blocks_once(void) {
    __try {
        with_block(block_that_faults);
    } __except (note('f')) {
        note(GetExceptionCode() == EXCEPTION_ACCESS_VIOLATION ? 'h' : '!');
    }
    CHECK_PATH("f1fah");
}
static void an_exception_in_a_finally_block_is_offered_to_outer_statements(void) {
    __try {
        __try {
            note('b');
        } __finally {
            END_OF_BLOCK;
            raise();
        }
        note('!');
    } __except (note('f')) {
        note('h');
    }
    CHECK_PATH("bnfh");
}
static void an_exception_that_a_finally_block_handles_does_not_disturb_the_unwinding(void) {
    __try {
        __try {
            raise();
        } __finally {
            __try {
                fault();
            } __except (note('i')) {
                note('j');
            }
            END_OF_BLOCK;
        }
        note('!');
    } __except (note('o')) {
        note(GetExceptionCode() == CODE ? 'h' : '!');
    }
    CHECK_PATH("oijah");
}
static void a_nested_finally_block_has_its_own_abnormal_termination(void) {
    __try {
        __try {
            raise();
        } __finally {
            __try {
                note('b');
            } __finally {
                END_OF_BLOCK;
            }
            END_OF_BLOCK;
        }
    } __except (1) {
        note('h');
    }
    CHECK_PATH("bnah");
}

SEPARATE int return_out_of_a_block(void) {
    __try {
        raise();
    } __finally {
        note('r');
        if (yes)
            return 9;
    }
    return -1;
}
static void return_out_of_a_finally_block_ends_the_unwinding(void) {
    __try {
        CHECK_EQUAL(return_out_of_a_block(), 9);
        note('b');
        raise();
    } __except (note('f')) {
        note('h');
    }
    CHECK_PATH("frbfh");
}
static void goto_out_of_a_finally_block_ends_the_unwinding(void) {
    __try {
        __try {
            raise();
        } __finally {
            note('1');
            if (yes)
                goto inside;
        }
        note('!');
    inside:
        note('b');
    } __except (note('f')) {
        note('!');
    }
    CHECK_PATH("f1b");
}
static void leave_out_of_a_finally_block_ends_the_unwinding(void) {
    __try {
        __try {
            raise();
        } __finally {
            note('1');
            if (yes)
                __leave;
        }
        note('!');
    } __except (note('f')) {
        note('!');
    }
    note('z');
    CHECK_PATH("f1z");
}
SEPARATE void unwinding_in_an_unwinding(void) {
    __try {
        raise();
    } __finally {
        __try {
            with_block(raise);
        } __except (note('i')) {
            note('j');
        }
    }
}
static void unwindings_may_nest(void) {
    __try {
        unwinding_in_an_unwinding();
    } __except (note('o')) {
        note('h');
    }
    CHECK_PATH("oiajh");
}

TEST_PROGRAM(TEST(an_exception_runs_the_finally_blocks_of_the_bodies_that_it_leaves),
             TEST(the_finally_blocks_of_all_functions_in_between_run),
             TEST(finally_blocks_run_only_once), TEST(each_recursive_call_runs_its_finally_block),
             TEST(an_unwinding_ends_where_the_exception_is_handled),
             TEST(an_exception_in_a_finally_block_replaces_the_one_that_unwinds),
             TEST(a_collided_unwinding_runs_the_outer_finally_blocks_once),
             TEST(an_exception_in_a_finally_block_is_offered_to_outer_statements),
             TEST(an_exception_that_a_finally_block_handles_does_not_disturb_the_unwinding),
             TEST(a_nested_finally_block_has_its_own_abnormal_termination),
             TEST(return_out_of_a_finally_block_ends_the_unwinding),
             TEST(goto_out_of_a_finally_block_ends_the_unwinding),
             TEST(leave_out_of_a_finally_block_ends_the_unwinding), TEST(unwindings_may_nest))
