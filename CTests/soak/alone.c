// A process of one thread whose handlers use the library on top of its calls. Rule: a handler that
// asks for the very pages of the call below it may be told ERROR_BUSY, and then changed nothing; all
// else is done. A call left by siglongjmp holds nothing. A fork in a handler ends.
#include "soak.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { page_count = 40 };

static BYTE *base;
static uint64_t random_state;
static volatile long handled, jumps;
static sigjmp_buf start;
static volatile sig_atomic_t may_jump;
static timer_t timer;

static void check_granted(int granted, const char *what) {
    if (!granted)
        soak_wrong("after %ld signals, %ld jumps: %s: error 0x%x", handled, jumps, what,
                   (unsigned)GetLastError());
}

static void check_granted_or_busy(int granted, const char *what) {
    if (!granted && GetLastError() != ERROR_BUSY)
        check_granted(0, what);
}

static void arm_timer(void) {
    struct itimerspec in = {{0, 0}, {0, 20000 + (long)random_below(&random_state, 200000)}};
    timer_settime(timer, 0, &in, NULL);
}

// Half of the calls are about pages that the interrupted call may be changing.
static void change_in_handler(uint64_t random) {
    DWORD before;
    SIZE_T size = (1 + random % page_count) * page_bytes;
    BYTE *block = VirtualAlloc(NULL, size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    check_granted(block != NULL && block[0] == 0, "a new block in a handler");
    check_granted(VirtualFree(block, 0, MEM_RELEASE), "release in a handler");
    if (random >> 32 & 1)
        check_granted_or_busy(VirtualAlloc(base, size, MEM_COMMIT, PAGE_READWRITE) != NULL,
                              "commit in a handler");
    else
        check_granted_or_busy(
            VirtualProtect(base + page_count * page_bytes, page_bytes, PAGE_READWRITE, &before),
            "protect in a handler");
}

static void fork_in_handler(uint64_t random) {
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        signal(SIGALRM, SIG_DFL);
        alarm(5);
        BYTE *block = VirtualAlloc(NULL, (1 + random % 50) * page_bytes, MEM_RESERVE | MEM_COMMIT,
                                   PAGE_READWRITE);
        _exit(block != NULL && block[0] == 0 && VirtualFree(block, 0, MEM_RELEASE) ? 0 : 9);
    }
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (status != 0)
        soak_wrong("a child forked in a handler ended with status 0x%x", (unsigned)status);
}

static void on_signal(int number) {
    int error = errno;
    DWORD last_error = GetLastError();
    uint64_t random = random_word(&random_state);
    (void)number;
    handled++;
    if (may_jump && random % 4 == 0) {
        may_jump = 0;
        jumps++;
        siglongjmp(start, 1);
    }
    if (random % 50 == 1)
        fork_in_handler(random);
    else
        change_in_handler(random);
    arm_timer();
    SetLastError(last_error);
    errno = error;
}

// Answers are known as long as no jump comes in between: the handler only opens pages.
static void call_something(uint64_t random) {
    DWORD before;
    SIZE_T size = (1 + random % page_count) * page_bytes;
    switch (random >> 16 & 3) {
    case 0:
        check_granted(VirtualAlloc(base, size, MEM_COMMIT, PAGE_READWRITE) != NULL, "commit");
        break;
    case 1:
        check_granted(VirtualFree(base, size, MEM_DECOMMIT), "decommit");
        break;
    case 2:
        check_granted(
            VirtualProtect(base + page_count * page_bytes, page_bytes, PAGE_READONLY, &before),
            "protect");
        break;
    default:
        check_granted(VirtualAlloc(base, size, MEM_RESET, PAGE_READWRITE) != NULL, "reset");
    }
}

// The pages can be made new, and are zero then.
static void check_pages(void) {
    check_granted(VirtualFree(base, page_count * page_bytes, MEM_DECOMMIT), "decommit of all");
    check_granted(VirtualAlloc(base, page_count * page_bytes, MEM_COMMIT, PAGE_READWRITE) == base,
                  "commit of all");
    for (int page = 0; page < page_count && !soak_is_wrong(); page++)
        if (base[page * page_bytes] != 0)
            soak_wrong("page %d is not zero when it is new", page);
        else
            base[page * page_bytes] = 1;
}

static void run_test(int jump, uint64_t seed, double seconds) {
    volatile double end = soak_now() + seconds;
    random_state = seed;
    soak_running(jump ? "a_call_left_by_a_jump_holds_nothing"
                      : "handlers_on_top_of_calls_are_served_or_told_busy",
                 seed, (unsigned)seconds + 10);
    base = VirtualAlloc(NULL, (page_count + 1) * page_bytes, MEM_RESERVE, PAGE_READWRITE);
    VirtualAlloc(base + page_count * page_bytes, page_bytes, MEM_COMMIT, PAGE_READWRITE);
    while (soak_now() < end && !soak_is_wrong()) {
        sigsetjmp(start, 1);
        may_jump = 0;
        check_pages();
        arm_timer();
        may_jump = jump;
        for (int i = 0; i < 300 && !soak_is_wrong(); i++)
            call_something(random_word(&random_state));
        may_jump = 0;
    }
    struct itimerspec never = {{0, 0}, {0, 0}};
    timer_settime(timer, 0, &never, NULL);
    check_granted(VirtualFree(base, 0, MEM_RELEASE), "release");
    soak_ended();
}

int main(int argc, char **argv) {
    struct sigaction action;
    struct sigevent event;
    soak_begin(argc, argv, "alone");
    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART;
    sigaction(SIGUSR1, &action, NULL);
    memset(&event, 0, sizeof event);
    event.sigev_notify = SIGEV_SIGNAL;
    event.sigev_signo = SIGUSR1;
    timer_create(CLOCK_MONOTONIC, &event, &timer);
    double end = soak_now() + options.seconds, each = options.seconds / 2;
    for (uint64_t seed = options.seed; soak_now() < end; seed++)
        for (int jump = 0; jump < 2; jump++)
            run_test(jump, seed, each > 5 ? 5 : each);
    return soak_end();
}
