// Rows: a __try body that begins and ends without an exception. The bare side is setjmp, which only stores
// the registers.
#include "bench.h"

#include <windows.h>

#include <setjmp.h>

// The counters of the loops are not read after a jump.
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wclobbered"
#endif

static volatile unsigned ended;

static void enter_with_except(struct bench_clock *clock, uint64_t operations) {
    (void)clock;
    for (uint64_t done = 0; done < operations; done++) {
        __try {
            ended++;
        } __except (EXCEPTION_EXECUTE_HANDLER) {
            bench_require(false, "__try without an exception");
        }
    }
}

static void enter_with_finally(struct bench_clock *clock, uint64_t operations) {
    (void)clock;
    for (uint64_t done = 0; done < operations; done++) {
        __try {
            ended++;
        } __finally {
            ended++;
        }
    }
}

static void enter_one_in_another(struct bench_clock *clock, uint64_t operations) {
    (void)clock;
    for (uint64_t done = 0; done < operations; done++) {
        __try {
            __try {
                ended++;
            } __finally {
                ended++;
            }
        } __except (EXCEPTION_EXECUTE_HANDLER) {
            bench_require(false, "__try without an exception");
        }
    }
}

static void remember_registers(struct bench_clock *clock, uint64_t operations) {
    (void)clock;
    for (uint64_t done = 0; done < operations; done++) {
        jmp_buf registers;
        if (_setjmp(registers) == 0)
            ended++;
    }
}

static const struct bench_row rows[] = {
    {.name = "__try, __except: enter and end a body",
     .ours = enter_with_except,
     .bare = remember_registers,
     .nanosecond_limit = 30},
    {.name = "__try, __finally: enter and end a body",
     .ours = enter_with_finally,
     .bare = remember_registers,
     .nanosecond_limit = 30},
    {.name = "__try in __try: enter and end both bodies",
     .ours = enter_one_in_another,
     .bare = remember_registers,
     .nanosecond_limit = 60},
};

int main(int argument_count, char **arguments) {
    bench_read_options(argument_count, arguments);
    return bench_run(rows, sizeof rows / sizeof rows[0]);
}
