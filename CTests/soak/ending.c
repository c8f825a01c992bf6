// For `run --self-check`: the second test ends the program as --only says. The runner must name that test.
#include "soak.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv) {
    soak_begin(argc, argv, "ending");
    soak_running("the_first", 1, 60);
    soak_ended();
    soak_running("ends_the_program", 2, soak_wanted("alarm") ? 1 : 60);
    if (soak_wanted("crash"))
        *(volatile int *)NULL = 0;
    if (soak_wanted("kill"))
        raise(SIGKILL);
    // A stopped process runs no handler that could print the test.
    if (soak_wanted("stop"))
        raise(SIGSTOP);
    for (;;)
        pause();
}
