// __try: local variables that the body changes, and whose address was passed to a function before. They
// are right after an exception that a call raised (observed: compilers keep such variables in memory at
// calls).
#include "seh_trace.h"

#define SEPARATE static __attribute__((noinline))

static volatile char *volatile bad_address = (volatile char *)16;

// Raises by a fault or by RaiseException, never by an instruction of the body itself.
SEPARATE void raise_within_a_call(int faults) {
    if (faults)
        *bad_address = 1;
    RaiseException(0xE0000001, 0, 0, NULL);
}
SEPARATE void know(void *address) {
    __asm__ volatile("" : : "r"(address) : "memory");
}

SEPARATE int read_in_the_handler(int faults) {
    int value = 1;
    know(&value);
    __try {
        value = 2;
        raise_within_a_call(faults);
        value = 3;
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return value;
    }
    return -1;
}
SEPARATE int read_behind(int faults) {
    int value = 1;
    know(&value);
    __try {
        value = 2;
        raise_within_a_call(faults);
        value = 3;
    } __except (EXCEPTION_EXECUTE_HANDLER) {
    }
    return value;
}
static void changes_before_a_raising_call_are_seen_in_the_handler_and_after_the_statement(void) {
    for (int faults = 0; faults < 2; faults++) {
        CHECK_EQUAL(read_in_the_handler(faults), 2);
        CHECK_EQUAL(read_behind(faults), 2);
    }
}

SEPARATE int read_in_the_filter(int faults) {
    int value = 1, seen = 0;
    know(&value);
    __try {
        value = 2;
        raise_within_a_call(faults);
        value = 3;
    } __except (seen = value, EXCEPTION_EXECUTE_HANDLER) {
    }
    return seen;
}
SEPARATE int read_in_a_finally_block(int faults) {
    int value = 1, seen = 0;
    know(&value);
    __try {
        __try {
            value = 2;
            raise_within_a_call(faults);
            value = 3;
        } __finally {
            seen = value;
        }
    } __except (EXCEPTION_EXECUTE_HANDLER) {
    }
    return seen;
}
static void changes_before_a_raising_call_are_seen_in_the_filter_and_in_a_finally_block(void) {
    for (int faults = 0; faults < 2; faults++) {
        CHECK_EQUAL(read_in_the_filter(faults), 2);
        CHECK_EQUAL(read_in_a_finally_block(faults), 2);
    }
}

SEPARATE int rounds_until_an_exception(int faults, int last) {
    int rounds = 0;
    know(&rounds);
    __try {
        for (;;) {
            rounds++;
            if (rounds == last)
                raise_within_a_call(faults);
        }
    } __except (EXCEPTION_EXECUTE_HANDLER) {
    }
    return rounds;
}
static void a_loop_counter_of_the_body_is_right_after_an_exception(void) {
    for (int faults = 0; faults < 2; faults++)
        CHECK_EQUAL(rounds_until_an_exception(faults, 7), 7);
}

SEPARATE int block_to_release(int faults) {
    char *block = NULL;
    int released = 0;
    know(&block);
    __try {
        __try {
            block = (char *)reserved_pages(1);
            raise_within_a_call(faults);
        } __finally {
            if (block)
                released = VirtualFree(block, 0, MEM_RELEASE);
        }
    } __except (EXCEPTION_EXECUTE_HANDLER) {
    }
    return released;
}
static void a_finally_block_can_release_memory_that_the_body_allocated(void) {
    for (int faults = 0; faults < 2; faults++)
        CHECK_EQUAL(block_to_release(faults), TRUE);
}

SEPARATE int changed_by_a_filter_that_goes_on(void) {
    int value = 1;
    know(&value);
    __try {
        RaiseException(0xE0000001, 0, 0, NULL);
        return value;
    } __except (value = 2, EXCEPTION_CONTINUE_EXECUTION) {
    }
    return -1;
}
static void the_body_sees_what_a_filter_stored_before_it_continued_execution(void) {
    CHECK_EQUAL(changed_by_a_filter_that_goes_on(), 2);
}

SEPARATE int changed_by_a_block_that_goto_ran(void) {
    int value = 1;
    know(&value);
    __try {
        value = 2;
        goto outside;
    } __finally {
        value++;
    }
outside:
    return value;
}
static void what_a_finally_block_stored_when_goto_ran_it_is_seen_after_the_statement(void) {
    CHECK_EQUAL(changed_by_a_block_that_goto_ran(), 3);
}

// A volatile variable is right after every kind of exception.
SEPARATE int changed_before_the_body_s_own_fault(void) {
    volatile int value = 1;
    __try {
        value = 2;
        *bad_address = 1;
        value = 3;
    } __except (EXCEPTION_EXECUTE_HANDLER) {
    }
    return value;
}
static void a_volatile_variable_is_right_after_a_fault_of_the_body_itself(void) {
    CHECK_EQUAL(changed_before_the_body_s_own_fault(), 2);
}

TEST_PROGRAM(TEST(changes_before_a_raising_call_are_seen_in_the_handler_and_after_the_statement),
             TEST(changes_before_a_raising_call_are_seen_in_the_filter_and_in_a_finally_block),
             TEST(a_loop_counter_of_the_body_is_right_after_an_exception),
             TEST(a_finally_block_can_release_memory_that_the_body_allocated),
             TEST(the_body_sees_what_a_filter_stored_before_it_continued_execution),
             TEST(what_a_finally_block_stored_when_goto_ran_it_is_seen_after_the_statement),
             TEST(a_volatile_variable_is_right_after_a_fault_of_the_body_itself))
