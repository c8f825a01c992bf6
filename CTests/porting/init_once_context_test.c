// The context of a one-time initialization. Wine would wait for ever in it.
#include "memory_checks.h"

static PVOID found_in_slot;
static PVOID *slot_of_callback;

static BOOL CALLBACK leave_context_alone(PINIT_ONCE unused, PVOID parameter, PVOID *context) {
    (void)unused, (void)parameter;
    slot_of_callback = context;
    found_in_slot = context ? *context : NULL;
    return TRUE;
}

// A15.10: the callback gets the caller's own pointer; what stands there afterwards is the context.
static void the_callback_gets_the_callers_context(void) {
    INIT_ONCE other = INIT_ONCE_STATIC_INIT;
    PVOID context = (PVOID)0x123456789A0, second = NULL;
    GRANTED(InitOnceExecuteOnce(&other, leave_context_alone, NULL, &context));
    CHECK(slot_of_callback == &context && found_in_slot == (PVOID)0x123456789A0);
    CHECK(context == (PVOID)0x123456789A0);
    CHECK(other.Ptr == (PVOID)0x123456789A2);
    GRANTED(InitOnceExecuteOnce(&other, leave_context_alone, NULL, &second));
    CHECK(second == (PVOID)0x123456789A0);
    INIT_ONCE none = INIT_ONCE_STATIC_INIT;
    slot_of_callback = &context;
    GRANTED(InitOnceExecuteOnce(&none, leave_context_alone, NULL, NULL));
    CHECK(slot_of_callback == NULL && none.Ptr == (PVOID)2);
    // The low bits are the library's; nobody waits for ever for want of them.
    INIT_ONCE odd = INIT_ONCE_STATIC_INIT;
    context = (PVOID)0x1003;
    GRANTED(InitOnceExecuteOnce(&odd, leave_context_alone, NULL, &context));
    GRANTED(InitOnceExecuteOnce(&odd, leave_context_alone, NULL, &second));
    CHECK(second == (PVOID)0x1000);
}

TEST_PROGRAM(TEST(the_callback_gets_the_callers_context))
