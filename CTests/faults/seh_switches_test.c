// __try frames on stacks that a program switches itself, as coroutine libraries do. The C library does not
// know where such a stack ends (Learn, Fibers: a fiber has its own stack, and so its own frames).
#include "seh_trace.h"

enum { COROUTINES = 3, STACK = 1 << 17, CODE = (int)0xE0000001u };

// Saves the registers that a function must preserve, and continues at the place where `to` was left.
void switch_stacks(void **from, void *to) __attribute__((visibility("hidden")));
__asm__(".pushsection .text\n.globl switch_stacks\n.hidden switch_stacks\n"
        ".type switch_stacks,@function\nswitch_stacks:\n"
        "pushq %rbp\n pushq %rbx\n pushq %r12\n pushq %r13\n pushq %r14\n pushq %r15\n"
        "movq %rsp, (%rdi)\n movq %rsi, %rsp\n"
        "popq %r15\n popq %r14\n popq %r13\n popq %r12\n popq %rbx\n popq %rbp\n ret\n"
        ".size switch_stacks,.-switch_stacks\n.popsection\n");

static void *main_place, *places[COROUTINES];
static volatile int current;
static char *stacks;

static void yield(void) {
    int me = current;
    switch_stacks(&places[me], main_place);
    current = me;
}
static void resume(int index) {
    current = index;
    switch_stacks(&main_place, places[index]);
}
static void begin(int index, void (*function)(void)) {
    void **top = (void **)(stacks + (index + 1) * STACK);
    memset(top - 8, 0, 8 * sizeof *top);
    top[-2] = (void *)(ULONG_PTR)function;
    places[index] = top - 8;
}
static void make_stacks(void) {
    stacks = VirtualAlloc(NULL, COROUTINES * STACK, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    CHECK(stacks != NULL);
    begin_trace();
}

static __attribute__((noinline)) void raise(void) {
    RaiseException((DWORD)CODE, 0, 0, NULL);
}

static void bodies_for_ever(void) {
    for (;;) {
        __try {
            __try {
                yield();
                raise();
                note('!');
            } __finally {
                note((char)('x' + current));
            }
        } __except (1) {
            note((char)('a' + current));
        }
        yield();
    }
}
static void coroutines_may_yield_inside_their_bodies(void) {
    make_stacks();
    for (int i = 0; i < COROUTINES; i++)
        begin(i, bodies_for_ever);
    for (int turn = 0; turn < 4; turn++)
        for (int i = 0; i < COROUTINES; i++)
            resume(i);
    CHECK_TRACE("xaybzcxaybzc");
    release((BYTE *)stacks);
}

static void a_body_on_the_main_stack_stays_active_while_coroutines_run_theirs(void) {
    make_stacks();
    begin(0, bodies_for_ever);
    __try {
        resume(0); // enters its body
        __try {
            raise();
        } __except (note('f')) {
            note('h');
        }
        resume(0); // raises its own exception
        raise();
    } __except (note('g')) {
        note('H');
    }
    CHECK_TRACE("fhxagH");
    release((BYTE *)stacks);
}

static void raise_without_a_body(void) {
    for (;;) {
        raise();
        note('c');
        yield();
    }
}
static LONG CALLBACK go_on(EXCEPTION_POINTERS *exception) {
    (void)exception;
    return EXCEPTION_CONTINUE_EXECUTION;
}
static void an_exception_is_not_offered_to_bodies_on_other_stacks(void) {
    make_stacks();
    begin(1, raise_without_a_body);
    void *handle = AddVectoredContinueHandler(1, go_on);
    LPTOP_LEVEL_EXCEPTION_FILTER before = SetUnhandledExceptionFilter(go_on);
    __try {
        resume(1);
        note('b');
    } __except (note('!')) {
        note('!');
    }
    SetUnhandledExceptionFilter(before);
    CHECK(RemoveVectoredContinueHandler(handle) != 0);
    CHECK_TRACE("cb");
    release((BYTE *)stacks);
}

static void fault_in_a_body(void) {
    static BYTE *volatile nowhere = (BYTE *)16;
    for (;;) {
        __try {
            yield();
            write_byte(nowhere, 1);
        } __except (GetExceptionCode() == EXCEPTION_ACCESS_VIOLATION) {
            note((char)('a' + current));
        }
    }
}
static void a_fault_is_offered_to_the_bodies_on_its_own_stack(void) {
    make_stacks();
    begin(0, fault_in_a_body);
    begin(1, fault_in_a_body);
    for (int turn = 0; turn < 3; turn++) {
        resume(1);
        resume(0);
    }
    CHECK_TRACE("baba");
    release((BYTE *)stacks);
}

TEST_PROGRAM(TEST(coroutines_may_yield_inside_their_bodies),
             TEST(a_body_on_the_main_stack_stays_active_while_coroutines_run_theirs),
             TEST(an_exception_is_not_offered_to_bodies_on_other_stacks),
             TEST(a_fault_is_offered_to_the_bodies_on_its_own_stack))
