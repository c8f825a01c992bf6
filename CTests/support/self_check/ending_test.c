// For `run --self-check`: a program whose second test ends it as ENDING says. The runner must name it.
#include "check.h"

#include <signal.h>

static void the_first(void) {
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
    // Its child has the same output, and does not end either.
    fork();
    for (;;)
        pause();
}

TEST_PROGRAM(TEST(the_first), TEST(ends_the_program))
