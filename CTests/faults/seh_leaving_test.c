// __try: the ways out of bodies, handlers and blocks (Learn, try-except and try-finally statement
// (C), leave statement (C); order observed with Microsoft's compiler).
#include "seh_trace.h"

#define SEPARATE static __attribute__((noinline))
#define CODE 0xE0000001u

SEPARATE void raise(void) {
    RaiseException(CODE, 0, 0, NULL);
}

static void leave_ends_the_body_and_no_more(void) {
    begin_trace();
    __try {
        note('a');
        if (trace[0])
            __leave;
        note('!');
    } __except (note('!')) {
        note('!');
    }
    note('z');
    CHECK_TRACE("az");
}

static void leave_in_a_handler_ends_the_body_around(void) {
    begin_trace();
    __try {
        __try {
            raise();
        } __except (note('f')) {
            note('h');
            __leave;
        }
        note('!');
    } __finally {
        note(AbnormalTermination() ? '!' : 'n');
    }
    CHECK_TRACE("fhn");
}

static void leave_in_a_finally_block_ends_the_body_around(void) {
    begin_trace();
    __try {
        __try {
            note('a');
        } __finally {
            note('b');
            __leave;
        }
        note('!');
    } __finally {
        note(AbnormalTermination() ? '!' : 'n');
    }
    CHECK_TRACE("abn");
}

// An exception that was on its way is forgotten.
static void leave_in_a_finally_block_ends_an_unwinding(void) {
    begin_trace();
    __try {
        __try {
            __try {
                raise();
            } __finally {
                note('a');
                __leave;
            }
            note('!');
        } __finally {
            note(AbnormalTermination() ? '!' : 'n');
        }
        note('b');
    } __except (note('f')) {
        note('!');
    }
    CHECK_TRACE("fanb");
}

SEPARATE int break_and_continue(int count) {
    int rounds = 0;
    for (int i = 0; i < count; i++) {
        __try {
            if (i == 1)
                continue;
            if (i == 3)
                break;
            note('b');
        } __finally {
            note(AbnormalTermination() ? 'a' : 'n');
        }
        rounds++;
        note('.');
    }
    return rounds;
}
static void break_and_continue_leave_a_body_for_the_loop_around(void) {
    begin_trace();
    CHECK_EQUAL(break_and_continue(9), 2);
    CHECK_TRACE("bn.abn.a");
}

SEPARATE int break_and_continue_in_handlers(int count) {
    int rounds = 0;
    for (int i = 0; i < count; i++) {
        __try {
            raise();
        } __except (EXCEPTION_EXECUTE_HANDLER) {
            note('h');
            if (i < 2)
                continue;
            if (i == 3)
                break;
        }
        rounds++;
        note('.');
    }
    return rounds;
}
static void break_and_continue_leave_a_handler_for_the_loop_around(void) {
    begin_trace();
    CHECK_EQUAL(break_and_continue_in_handlers(9), 1);
    CHECK_TRACE("hhh.h");
}

SEPARATE char in_a_switch(int which) {
    switch (which) {
    case 1:
        __try {
            break;
        } __finally {
            note('f');
        }
        return '!';
    case 2:
        __try {
            raise();
        } __except (1) {
            break;
        }
        return '!';
    default:
        return 'd';
    }
    return 'e';
}
static void break_leaves_a_switch_around(void) {
    begin_trace();
    CHECK_EQUAL(in_a_switch(1), 'e');
    CHECK_EQUAL(in_a_switch(2), 'e');
    CHECK_EQUAL(in_a_switch(3), 'd');
    CHECK_TRACE("f");
}

SEPARATE int goto_through_two(int far) {
    __try {
        __try {
            if (far)
                goto outside;
            goto between;
        } __finally {
            note(AbnormalTermination() ? 'a' : 'n');
        }
        note('!');
    between:
        note('b');
    } __finally {
        note(AbnormalTermination() ? 'A' : 'N');
    }
    note('.');
outside:
    return 5;
}
static void goto_runs_the_finally_blocks_that_it_leaves(void) {
    begin_trace();
    CHECK_EQUAL(goto_through_two(0), 5);
    CHECK_TRACE("abN.");
    begin_trace();
    CHECK_EQUAL(goto_through_two(1), 5);
    CHECK_TRACE("aA");
}

SEPARATE int return_from(int where) {
    __try {
        __try {
            if (where == 0)
                return 10;
            raise();
        } __except (EXCEPTION_EXECUTE_HANDLER) {
            if (where == 1)
                return 11;
        }
    } __finally {
        note(AbnormalTermination() ? 'a' : 'n');
        if (where == 2)
            return 12;
    }
    return 13;
}
static void return_leaves_bodies_handlers_and_finally_blocks(void) {
    begin_trace();
    for (int i = 0; i < 4; i++)
        CHECK_EQUAL(return_from(i), 10 + i);
    CHECK_TRACE("aann");
}

SEPARATE int return_during_an_unwinding(void) {
    __try {
        raise();
    } __finally {
        note('f');
        if (trace[0])
            return 77;
    }
    return 78;
}
static void return_from_a_finally_block_ends_an_unwinding(void) {
    begin_trace();
    __try {
        CHECK_EQUAL(return_during_an_unwinding(), 77);
        note('b');
    } __except (note('o')) {
        note('!');
    }
    __try {
        raise();
    } __except (note('p')) {
    }
    CHECK_TRACE("ofbp");
}

TEST_PROGRAM(TEST(leave_ends_the_body_and_no_more), TEST(leave_in_a_handler_ends_the_body_around),
             TEST(leave_in_a_finally_block_ends_the_body_around),
             TEST(leave_in_a_finally_block_ends_an_unwinding),
             TEST(break_and_continue_leave_a_body_for_the_loop_around),
             TEST(break_and_continue_leave_a_handler_for_the_loop_around),
             TEST(break_leaves_a_switch_around), TEST(goto_runs_the_finally_blocks_that_it_leaves),
             TEST(return_leaves_bodies_handlers_and_finally_blocks),
             TEST(return_from_a_finally_block_ends_an_unwinding))
