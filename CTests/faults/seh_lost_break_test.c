// __try without optimization: a break directly in a __finally block compiles, and ends the program.
#include "child_process.h"

static void break_in_a_block(void) {
    for (int i = 0; i < 2; i++) {
        __try {
            (void)i;
        } __finally {
            break;
        }
        fprintf(stderr, "went on\n");
    }
}
static void a_break_directly_in_a_finally_block_ends_the_program(void) {
    run_child(break_in_a_block);
    CHECK_DIED_OF(SIGSEGV);
    CHECK_SAID("0xC0000409");
    CHECK(strstr(child.errors, "went on") == NULL);
}

static int rounds(void) {
    int count = 0;
    for (;;) {
        __try {
            count++;
        } __finally {
            while (count < 5)
                if (count++ == 2)
                    break;
        }
        if (count > 4)
            return count;
    }
}
static void a_break_of_a_loop_inside_a_finally_block_ends_the_loop(void) {
    CHECK_EQUAL(rounds(), 5);
}

TEST_PROGRAM(TEST(a_break_directly_in_a_finally_block_ends_the_program),
             TEST(a_break_of_a_loop_inside_a_finally_block_ends_the_loop))
