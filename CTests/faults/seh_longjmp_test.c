// longjmp out of bodies of __try (win32memory/setjmp.h; Learn, longjmp; order observed with Microsoft's
// compiler).
#include "seh_parts.h"

#include <ucontext.h>
#include <win32memory/setjmp.h>

static jmp_buf outside;

SEPARATE void jump(int value) {
    longjmp(outside, value);
}

SEPARATE void body_with_a_block(char name, void (*work)(void)) {
    __try {
        work();
    } __finally {
        note(AbnormalTermination() ? name : '!');
    }
}
static void jump_with_7(void) {
    jump(7);
}
static void inner_body(void) {
    body_with_a_block('i', jump_with_7);
}

static void a_jump_runs_the_finally_blocks_of_the_bodies_that_it_leaves_innermost_first(void) {
    begin_trace();
    if (setjmp(outside) == 0) {
        body_with_a_block('o', inner_body);
        note('!');
    }
    note('z');
    CHECK_TRACE("ioz");
}

static void setjmp_returns_the_value_of_longjmp_or_1_if_it_is_0(void) {
    volatile int wanted = 7;
    int got = setjmp(outside);
    if (got == 0)
        jump(wanted);
    CHECK_EQUAL(got, wanted ? wanted : 1);
    if (wanted) {
        wanted = 0;
        jump(0);
    }
}

static void a_jump_within_a_function_leaves_its_bodies_too(void) {
    begin_trace();
    if (setjmp(outside) == 0) {
        __try {
            __try {
                jump(1);
            } __finally {
                note(AbnormalTermination() ? 'a' : '!');
            }
        } __finally {
            note(AbnormalTermination() ? 'b' : '!');
        }
    }
    CHECK_TRACE("ab");
}

SEPARATE void body_with_a_filter(void) {
    __try {
        body_with_a_block('f', jump_with_7);
    } __except (note('!')) {
        note('!');
    }
}
static void a_jump_runs_no_filters_and_no_handlers(void) {
    begin_trace();
    if (setjmp(outside) == 0)
        body_with_a_filter();
    CHECK_TRACE("f");
}

static void a_body_that_contains_the_setjmp_continues(void) {
    begin_trace();
    __try {
        if (setjmp(outside) == 0)
            body_with_a_block('i', jump_with_7);
        note('b');
        raise();
    } __except (note('f')) {
        note('h');
    }
    CHECK_TRACE("ibfh");
}

static LONG jump_from_a_filter(void) {
    note('j');
    jump(1);
    return 0;
}
SEPARATE void filter_that_jumps(void) {
    __try {
        body_with_a_block('i', raise);
    } __except (jump_from_a_filter()) {
        note('!');
    }
}
static void a_filter_may_jump(void) {
    begin_trace();
    for (volatile int round = 0; round < 3; round++)
        if (setjmp(outside) == 0)
            body_with_a_block('o', filter_that_jumps);
    CHECK_TRACE("jiojiojio");
}

SEPARATE void handler_that_jumps(void) {
    __try {
        raise();
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        jump(1);
    }
}
SEPARATE void block_that_jumps(void) {
    __try {
        note('b');
    } __finally {
        jump(1);
    }
}
static void handlers_and_finally_blocks_may_jump(void) {
    begin_trace();
    if (setjmp(outside) == 0)
        body_with_a_block('h', handler_that_jumps);
    if (setjmp(outside) == 0)
        body_with_a_block('f', block_that_jumps);
    CHECK_TRACE("hbf");
}

static LONG CALLBACK jump_from_a_vectored_handler(EXCEPTION_POINTERS *exception) {
    (void)exception;
    jump(1);
    return EXCEPTION_CONTINUE_SEARCH;
}
static void a_vectored_handler_may_jump(void) {
    begin_trace();
    void *handler = AddVectoredExceptionHandler(1, jump_from_a_vectored_handler);
    for (volatile int round = 0; round < 3; round++)
        if (setjmp(outside) == 0)
            body_with_a_block('v', fault);
    CHECK(RemoveVectoredExceptionHandler(handler) != 0);
    CHECK_TRACE("vvv");
}

SEPARATE int block_that_returns(void) {
    __try {
        jump(1);
    } __finally {
        note('r');
        if (trace[0])
            return 5;
    }
    return 6;
}
static void a_finally_block_that_returns_ends_the_jump(void) {
    begin_trace();
    if (setjmp(outside) == 0)
        CHECK_EQUAL(block_that_returns(), 5);
    else
        note('!');
    note('z');
    CHECK_TRACE("rz");
}

SEPARATE void block_that_raises(void) {
    __try {
        jump(1);
    } __finally {
        raise();
    }
}
static void an_exception_in_a_finally_block_ends_the_jump(void) {
    begin_trace();
    if (setjmp(outside) == 0) {
        __try {
            body_with_a_block('o', block_that_raises);
        } __except (note('f')) {
            note('h');
        }
    } else {
        note('!');
    }
    CHECK_TRACE("foh");
}

SEPARATE void two_statements(void) {
    int code = 0;
    __try {
        __try {
            raise();
        } __finally {
            note(code == 9 ? 'k' : '!');
        }
    } __except (code = 9, EXCEPTION_CONTINUE_SEARCH) {
        note('!');
    }
}
SEPARATE void jump_over_two_statements(void) {
    __try {
        two_statements();
    } __except (jump_from_a_filter()) {
        note('!');
    }
}
static void a_finally_block_sees_what_a_filter_stored_before_the_jump(void) {
    begin_trace();
    if (setjmp(outside) == 0)
        jump_over_two_statements();
    CHECK_TRACE("jk");
}

static ucontext_t main_stack, other_stack;
static void body_on_another_stack(void) {
    __try {
        note('c');
        jump(1);
    } __finally {
        note('!');
    }
}
static void a_jump_to_another_stack_runs_no_finally_blocks(void) {
    static char stack[1 << 18];
    begin_trace();
    getcontext(&other_stack);
    other_stack.uc_stack.ss_sp = stack;
    other_stack.uc_stack.ss_size = sizeof stack;
    other_stack.uc_link = &main_stack;
    makecontext(&other_stack, body_on_another_stack, 0);
    if (setjmp(outside) == 0)
        swapcontext(&main_stack, &other_stack);
    note('z');
    CHECK_TRACE("cz");
}

TEST_PROGRAM(TEST(a_jump_runs_the_finally_blocks_of_the_bodies_that_it_leaves_innermost_first),
             TEST(setjmp_returns_the_value_of_longjmp_or_1_if_it_is_0),
             TEST(a_jump_within_a_function_leaves_its_bodies_too),
             TEST(a_jump_runs_no_filters_and_no_handlers),
             TEST(a_body_that_contains_the_setjmp_continues), TEST(a_filter_may_jump),
             TEST(handlers_and_finally_blocks_may_jump), TEST(a_vectored_handler_may_jump),
             TEST(a_finally_block_that_returns_ends_the_jump),
             TEST(an_exception_in_a_finally_block_ends_the_jump),
             TEST(a_finally_block_sees_what_a_filter_stored_before_the_jump),
             TEST(a_jump_to_another_stack_runs_no_finally_blocks))
