// __try in signal handlers that interrupt other __try statements (Include/README.md, Exceptions: signal
// handlers may use __try; Learn, try-except statement (C), for the result of each statement).
#include "seh_trace.h"

#include <sys/time.h>

#include <signal.h>

#define SEPARATE static __attribute__((noinline))

static volatile unsigned in_handlers, wrong;

SEPARATE void raise_code(DWORD code) {
    RaiseException(code, 0, 0, NULL);
}

static void on_signal(int signal) {
    (void)signal;
    volatile int is_handled = 0, is_ended = 0;
    __try {
        __try {
            if (in_handlers % 2)
                raise_code(0xE0000002u);
        } __finally {
            is_ended = 1;
        }
    } __except (GetExceptionCode() == 0xE0000002u) {
        is_handled = 1;
    }
    wrong += !is_ended || is_handled != (int)(in_handlers % 2);
    in_handlers++;
}

static void ring(int microseconds) {
    struct itimerval every = {{0, microseconds}, {0, microseconds}};
    setitimer(ITIMER_REAL, &every, NULL);
}

static unsigned rounds_until(unsigned handlers, int (*round)(void)) {
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART}, before;
    unsigned rounds = 0, right = 0;
    in_handlers = wrong = 0;
    sigaction(SIGALRM, &action, &before);
    ring(50);
    while (in_handlers < handlers) {
        rounds++;
        right += round();
    }
    ring(0);
    sigaction(SIGALRM, &before, NULL);
    CHECK_EQUAL(right, rounds);
    CHECK_EQUAL(wrong, 0);
    return rounds;
}

SEPARATE int body_that_ends(void) {
    volatile int ends = 0;
    for (volatile int i = 0; i < 100; i++) {
        __try {
            __try {
                ends++;
            } __finally {
                ends++;
            }
        } __except (1) {
            return 0;
        }
    }
    // No frame may be left over, and no exception lost.
    __try {
        raise_code(0xE0000001u);
    } __except (GetExceptionCode() == 0xE0000001u) {
        return ends == 200;
    }
    return 0;
}
static void signals_do_not_disturb_entering_and_ending_bodies(void) {
    CHECK(rounds_until(4000, body_that_ends) > 0);
}

SEPARATE int body_that_raises(void) {
    volatile int blocks = 0;
    __try {
        __try {
            raise_code(0xE0000001u);
        } __finally {
            blocks++;
        }
    } __except (GetExceptionCode() == 0xE0000001u) {
        return blocks == 1 && GetExceptionCode() == 0xE0000001u;
    }
    return 0;
}
static void signals_do_not_disturb_the_dispatch_of_exceptions(void) {
    CHECK(rounds_until(2000, body_that_raises) > 0);
}

SEPARATE int body_that_is_left(void) {
    volatile int blocks = 0;
    for (volatile int i = 0; i < 10; i++) {
        __try {
            if (i % 2)
                continue;
            blocks += 10;
        } __finally {
            blocks++;
        }
    }
    return blocks == 60;
}
static void signals_do_not_disturb_leaving_bodies(void) {
    CHECK(rounds_until(2000, body_that_is_left) > 0);
}

TEST_PROGRAM(TEST(signals_do_not_disturb_entering_and_ending_bodies),
             TEST(signals_do_not_disturb_the_dispatch_of_exceptions),
             TEST(signals_do_not_disturb_leaving_bodies))
