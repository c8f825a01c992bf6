// Conformance of __try, part 1: the ways through and out of statements without an exception
// (Learn, try-except statement (C), try-finally statement (C), leave statement (C)).
#include "seh_parts.h"

static void a_body_that_ends_normally_skips_its_handler(void) {
    __try {
        note('b');
    } __except (note('!')) {
        note('!');
    }
    CHECK_PATH("b");
}
static void a_body_that_ends_normally_runs_its_finally_block(void) {
    __try {
        note('b');
    } __finally {
        END_OF_BLOCK;
    }
    CHECK_PATH("bn");
}
static void empty_bodies_and_blocks_do_nothing(void) {
    __try {
    } __finally {
    }
    __try {
    } __except (note('!')) {
    }
    CHECK_PATH("");
}
static void finally_blocks_run_innermost_first(void) {
    __try {
        __try {
            __try {
                note('b');
            } __finally {
                note('1');
            }
        } __finally {
            note('2');
        }
    } __finally {
        note('3');
    }
    CHECK_PATH("b123");
}
static void several_statements_may_follow_each_other(void) {
    for (int i = 0; i < 2; i++) {
        __try {
            note('a');
        } __finally {
            note('b');
        }
        __try {
            raise();
        } __except (note('f')) {
            note('h');
        }
    }
    CHECK_PATH("abfhabfh");
}
static void leave_ends_a_body_before_its_end(void) {
    __try {
        note('a');
        if (yes)
            __leave;
        note('!');
    } __finally {
        END_OF_BLOCK;
    }
    CHECK_PATH("an");
}
static void leave_ends_the_innermost_body(void) {
    __try {
        __try {
            if (yes)
                __leave;
            note('!');
        } __finally {
            END_OF_BLOCK;
        }
        note('o');
    } __finally {
        END_OF_BLOCK;
    }
    CHECK_PATH("non");
}
static void leave_out_of_a_loop_ends_the_body(void) {
    __try {
        for (int i = 0;; i++)
            while (yes)
                if (i == 0)
                    __leave;
    } __finally {
        END_OF_BLOCK;
    }
    CHECK_PATH("n");
}
static void leave_out_of_a_switch_ends_the_body(void) {
    __try {
        switch (yes) {
        case 1:
            __leave;
        default:
            note('!');
        }
        note('!');
    } __except (note('!')) {
    }
    note('z');
    CHECK_PATH("z");
}
static void leave_in_a_handler_ends_the_body_around_the_statement(void) {
    __try {
        __try {
            raise();
        } __except (note('f')) {
            if (yes)
                __leave;
        }
        note('!');
    } __except (note('!')) {
    }
    CHECK_PATH("f");
}
static void leave_in_a_finally_block_ends_the_body_around_the_statement(void) {
    __try {
        __try {
        } __finally {
            if (yes)
                __leave;
        }
        note('!');
    } __finally {
        END_OF_BLOCK;
    }
    CHECK_PATH("n");
}
static void goto_within_a_body_runs_no_finally_block(void) {
    int rounds = 0;
    __try {
    again:
        note('b');
        if (++rounds < 3)
            goto again;
    } __finally {
        END_OF_BLOCK;
    }
    CHECK_PATH("bbbn");
}
static void goto_out_of_a_body_runs_its_finally_block(void) {
    __try {
        if (yes)
            goto outside;
    } __finally {
        END_OF_BLOCK;
    }
    note('!');
outside:
    CHECK_PATH("a");
}
static void goto_out_of_two_bodies_runs_both_finally_blocks(void) {
    __try {
        __try {
            if (yes)
                goto outside;
        } __finally {
            END_OF_BLOCK;
        }
    } __finally {
        note('o');
    }
    note('!');
outside:
    CHECK_PATH("ao");
}
static void goto_backwards_out_of_a_body_may_enter_it_again(void) {
    volatile int rounds = 0;
again:
    __try {
        if (++rounds < 3)
            goto again;
        note('e');
    } __finally {
        END_OF_BLOCK;
    }
    CHECK_PATH("aaen");
}
static void goto_out_of_a_handler_runs_the_enclosing_finally_blocks(void) {
    __try {
        __try {
            raise();
        } __except (1) {
            if (yes)
                goto outside;
        }
        note('!');
    } __finally {
        END_OF_BLOCK;
    }
outside:
    CHECK_PATH("a");
}
SEPARATE int return_out_of_two_bodies(void) {
    __try {
        __try {
            return note('r') + 1;
        } __finally {
            END_OF_BLOCK;
        }
    } __finally {
        END_OF_BLOCK;
    }
    return -1;
}
static void return_keeps_its_value_while_finally_blocks_run(void) {
    CHECK_EQUAL(return_out_of_two_bodies(), 2);
    CHECK_PATH("raa");
}

TEST_PROGRAM(TEST(a_body_that_ends_normally_skips_its_handler),
             TEST(a_body_that_ends_normally_runs_its_finally_block),
             TEST(empty_bodies_and_blocks_do_nothing), TEST(finally_blocks_run_innermost_first),
             TEST(several_statements_may_follow_each_other), TEST(leave_ends_a_body_before_its_end),
             TEST(leave_ends_the_innermost_body), TEST(leave_out_of_a_loop_ends_the_body),
             TEST(leave_out_of_a_switch_ends_the_body),
             TEST(leave_in_a_handler_ends_the_body_around_the_statement),
             TEST(leave_in_a_finally_block_ends_the_body_around_the_statement),
             TEST(goto_within_a_body_runs_no_finally_block),
             TEST(goto_out_of_a_body_runs_its_finally_block),
             TEST(goto_out_of_two_bodies_runs_both_finally_blocks),
             TEST(goto_backwards_out_of_a_body_may_enter_it_again),
             TEST(goto_out_of_a_handler_runs_the_enclosing_finally_blocks),
             TEST(return_keeps_its_value_while_finally_blocks_run))
