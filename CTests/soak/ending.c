// For `run --self-check`: its second test ends the program as --only says. The runner must name it.
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
    // No handler tells anything then.
    if (soak_wanted("stop"))
        raise(SIGSTOP);
    for (;;)
        pause();
}
