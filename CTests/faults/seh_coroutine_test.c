// __try frames belong to the stack that they lie on (Learn, Fibers: a fiber has its own stack and
// with it its own frames). Coroutines of makecontext and swapcontext, stacks side by side.
#include "seh_trace.h"

#include <ucontext.h>

enum { COROUTINES = 3, STACK = 1 << 17 };
static ucontext_t main_context, contexts[COROUTINES];
static volatile int current;
static BYTE *stacks;

static void yield(void) {
    int me = current;
    swapcontext(&contexts[me], &main_context);
    current = me;
}
static void resume(int index) {
    current = index;
    swapcontext(&main_context, &contexts[index]);
}

static void begin(int index, int place, void (*function)(void)) {
    getcontext(&contexts[index]);
    contexts[index].uc_stack.ss_sp = stacks + place * STACK;
    contexts[index].uc_stack.ss_size = STACK;
    contexts[index].uc_link = &main_context;
    makecontext(&contexts[index], function, 0);
}
static void make_stacks(void) {
    stacks = VirtualAlloc(NULL, COROUTINES * STACK, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    CHECK(stacks != NULL);
    begin_trace();
}

static void raise_in_a_body(void) {
    for (volatile int i = 0; i < 2; i++) {
        __try {
            __try {
                yield();
                RaiseException(0xE0000000u + (DWORD)current, 0, 0, NULL);
                note('!');
            } __finally {
                note((char)('x' + current));
            }
        } __except (GetExceptionCode() == 0xE0000000u + (DWORD)current) {
            note((char)('a' + current));
        }
        yield();
    }
}

static void yield_in_turn(const int *places) {
    make_stacks();
    for (int i = 0; i < COROUTINES; i++)
        begin(i, places[i], raise_in_a_body);
    for (int turn = 0; turn < 4; turn++)
        for (int i = 0; i < COROUTINES; i++)
            resume(i);
    CHECK_TRACE("xaybzcxaybzc");
    release(stacks);
}
static void coroutines_may_yield_inside_their_bodies(void) {
    yield_in_turn((const int[]){0, 1, 2});
    yield_in_turn((const int[]){2, 1, 0});
    yield_in_turn((const int[]){1, 2, 0});
}

static int forbidden(void) {
    note('!');
    return EXCEPTION_CONTINUE_SEARCH;
}
static void wait_in_a_body(void) {
    __try {
        yield();
    } __except (forbidden()) {
        note('!');
    }
}
static LONG CALLBACK go_on(EXCEPTION_POINTERS *exception) {
    (void)exception;
    note('t');
    return EXCEPTION_CONTINUE_EXECUTION;
}
static void raise_without_a_body(void) {
    RaiseException(0xE0000001, 0, 0, NULL);
    note('.');
}

static void a_body_on_another_stack_is_not_asked(void) {
    SetUnhandledExceptionFilter(go_on);
    for (int below = 0; below < 2; below++) {
        make_stacks();
        begin(0, below ? 2 : 0, wait_in_a_body);
        begin(1, 1, raise_without_a_body);
        __try {
            resume(0);
            resume(1);
            resume(0);
        } __except (forbidden()) {
        }
        CHECK_TRACE("t.");
        release(stacks);
    }
    SetUnhandledExceptionFilter(NULL);
}

static void the_main_stack_s_body_outlives_coroutines(void) {
    make_stacks();
    __try {
        begin(0, 0, raise_in_a_body);
        resume(0);
        resume(0);
        RaiseException(0xE0000007, 0, 0, NULL);
    } __except (GetExceptionCode() == 0xE0000007) {
        note('m');
    }
    resume(0);
    resume(0);
    CHECK_TRACE("xamxa");
    release(stacks);
}

// A body that nobody returns to, on a stack that is used again.
static void a_coroutine_that_was_thrown_away_is_not_asked(void) {
    make_stacks();
    for (int i = 0; i < 200; i++) {
        begin(0, i % 2, wait_in_a_body);
        resume(0);
    }
    release(stacks);
    make_stacks();
    begin(0, 0, raise_in_a_body);
    begin(1, 1, raise_in_a_body);
    for (int turn = 0; turn < 2; turn++)
        for (int i = 0; i < 2; i++)
            resume(i);
    CHECK_TRACE("xayb");
    release(stacks);
}

TEST_PROGRAM(TEST(coroutines_may_yield_inside_their_bodies),
             TEST(a_body_on_another_stack_is_not_asked),
             TEST(the_main_stack_s_body_outlives_coroutines),
             TEST(a_coroutine_that_was_thrown_away_is_not_asked))
