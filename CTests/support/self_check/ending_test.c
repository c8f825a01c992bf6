// For `run --self-check`: the second test ends the program as ENDING says. The runner must name that test.
#include "check.h"

#include <signal.h>

static void the_first_test_passes(void) {
    CHECK(1);
}

static void ends_the_program(void) {
    const char *ending = getenv("ENDING");
    if (strcmp(ending, "crash") == 0)
        raise(SIGSEGV);
    if (strcmp(ending, "kill") == 0)
        raise(SIGKILL);
    if (strcmp(ending, "exit") == 0)
        exit(0);
    // The child writes to the same output, and does not end either.
    fork();
    for (;;)
        pause();
}

TEST_PROGRAM(TEST(the_first_test_passes), TEST(ends_the_program))
