// Rows: the cost of calls in a program with a vectored handler, compared with the same calls without one.
// Both sides are this library.
#include "bench.h"
#include "ours.h"

static const size_t page_bytes = 4096;
static const size_t block_bytes = 64 * 1024;
static const size_t reservation_bytes = (size_t)1 << 20;
static const double limit = 1.03;

static char *base;

static LONG CALLBACK search_on(EXCEPTION_POINTERS *exception) {
    (void)exception;
    return EXCEPTION_CONTINUE_SEARCH;
}

static bool prepare(void) {
    base = ours_reserve(reservation_bytes);
    ours_commit(base + block_bytes, block_bytes);
    return true;
}

static void finish(void) {
    ours_release(base);
}

static void page_calls(uint64_t operations) {
    for (uint64_t done = 0; done < operations; done++) {
        ours_commit(base, page_bytes);
        ours_decommit(base, page_bytes);
    }
}

static void block_calls(uint64_t operations) {
    for (uint64_t done = 0; done < operations; done++)
        ours_release(ours_allocate(block_bytes));
}

static void protect_calls(uint64_t operations) {
    for (uint64_t done = 0; done < operations; done++) {
        ours_protect(base + block_bytes, block_bytes, PAGE_READONLY);
        ours_protect(base + block_bytes, block_bytes, PAGE_READWRITE);
    }
}

static void reserve_calls(uint64_t operations) {
    for (uint64_t done = 0; done < operations; done++)
        ours_release(ours_reserve(reservation_bytes));
}

static void query_calls(uint64_t operations) {
    for (uint64_t done = 0; done < operations; done++)
        ours_query(base);
}

static void with_handler(struct bench_clock *clock, void (*calls)(uint64_t), uint64_t operations) {
    bench_clock_pause(clock);
    void *handler = AddVectoredExceptionHandler(1, search_on);
    bench_require(handler != NULL, "AddVectoredExceptionHandler");
    bench_clock_resume(clock);
    calls(operations);
    bench_clock_pause(clock);
    bench_require(RemoveVectoredExceptionHandler(handler) != 0, "RemoveVectoredExceptionHandler");
    bench_clock_resume(clock);
}

#define SIDES(calls)                                                                               \
    static void calls##_with(struct bench_clock *clock, uint64_t operations) {                     \
        with_handler(clock, calls, operations);                                                    \
    }                                                                                              \
    static void calls##_without(struct bench_clock *clock, uint64_t operations) {                  \
        (void)clock;                                                                               \
        calls(operations);                                                                         \
    }

SIDES(page_calls)
SIDES(block_calls)
SIDES(protect_calls)
SIDES(reserve_calls)
SIDES(query_calls)

#define ROW(calls, words)                                                                          \
    {                                                                                              \
        .name = words ", a handler; bare: none", .ours = calls##_with, .bare = calls##_without,    \
        .prepare = prepare, .finish = finish, .ratio_limit = limit                                 \
    }

static const struct bench_row rows[] = {
    ROW(page_calls, "page commit, decommit"),
    ROW(block_calls, "64 KiB reserve+commit, release"),
    ROW(protect_calls, "64 KiB read-only and back"),
    ROW(reserve_calls, "reserve 1 MiB, release"),
    ROW(query_calls, "VirtualQuery"),
};

int main(int argument_count, char **arguments) {
    bench_read_options(argument_count, arguments);
    return bench_run(rows, sizeof rows / sizeof rows[0]);
}
