// Rows: reservations of 4 and of 64 TiB, whose cost must not grow with their size.
#include "bare.h"
#include "bench.h"
#include "ours.h"

static const size_t huge_bytes = (size_t)4 << 40, hugest_bytes = (size_t)64 << 40;
static const size_t small_bytes = (size_t)64 << 10;

enum huge_step { HUGE_RESERVE, HUGE_QUERY, HUGE_RELEASE };
enum { HUGE_COUNT = 8 }; // all at once; the address space has room for few

static void begin_step(struct bench_clock *clock, bool timed) {
    if (timed)
        bench_clock_resume(clock);
}

static void end_step(struct bench_clock *clock, bool timed) {
    if (timed)
        bench_clock_pause(clock);
}

static void ours_huge(struct bench_clock *clock, enum huge_step timed) {
    void *bases[HUGE_COUNT];
    bench_clock_pause(clock);
    begin_step(clock, timed == HUGE_RESERVE);
    for (unsigned index = 0; index < HUGE_COUNT; index++)
        bases[index] = ours_reserve(huge_bytes);
    end_step(clock, timed == HUGE_RESERVE);
    begin_step(clock, timed == HUGE_QUERY);
    for (unsigned index = 0; index < HUGE_COUNT; index++)
        bench_require(ours_query(bases[index]) == huge_bytes, "querying a 4 TiB reservation");
    end_step(clock, timed == HUGE_QUERY);
    begin_step(clock, timed == HUGE_RELEASE);
    for (unsigned index = 0; index < HUGE_COUNT; index++)
        ours_release(bases[index]);
    end_step(clock, timed == HUGE_RELEASE);
    bench_clock_resume(clock);
}

static void bare_huge(struct bench_clock *clock, enum huge_step timed) {
    void *bases[HUGE_COUNT];
    bench_clock_pause(clock);
    begin_step(clock, timed == HUGE_RESERVE);
    for (unsigned index = 0; index < HUGE_COUNT; index++)
        bases[index] = bare_reserve(huge_bytes);
    end_step(clock, timed == HUGE_RESERVE);
    begin_step(clock, timed == HUGE_RELEASE);
    for (unsigned index = 0; index < HUGE_COUNT; index++)
        bare_release(bases[index], huge_bytes);
    end_step(clock, timed == HUGE_RELEASE);
    bench_clock_resume(clock);
}

static void ours_huge_reserve(struct bench_clock *clock, uint64_t operations) {
    (void)operations;
    ours_huge(clock, HUGE_RESERVE);
}

static void bare_huge_reserve(struct bench_clock *clock, uint64_t operations) {
    (void)operations;
    bare_huge(clock, HUGE_RESERVE);
}

static void ours_huge_query(struct bench_clock *clock, uint64_t operations) {
    (void)operations;
    ours_huge(clock, HUGE_QUERY);
}

static void ours_huge_release(struct bench_clock *clock, uint64_t operations) {
    (void)operations;
    ours_huge(clock, HUGE_RELEASE);
}

static void bare_huge_release(struct bench_clock *clock, uint64_t operations) {
    (void)operations;
    bare_huge(clock, HUGE_RELEASE);
}

static void ours_cycle(uint64_t operations, size_t byte_count) {
    for (uint64_t done = 0; done < operations; done++) {
        void *base = ours_reserve(byte_count);
        bench_require(ours_query(base) == byte_count, "querying a reservation");
        ours_release(base);
    }
}

static void bare_cycle(uint64_t operations, size_t byte_count) {
    for (uint64_t done = 0; done < operations; done++)
        bare_release(bare_reserve(byte_count), byte_count);
}

static void ours_huge_cycle(struct bench_clock *clock, uint64_t operations) {
    (void)clock;
    ours_cycle(operations, huge_bytes);
}

static void bare_huge_cycle(struct bench_clock *clock, uint64_t operations) {
    (void)clock;
    bare_cycle(operations, huge_bytes);
}

static void ours_hugest_cycle(struct bench_clock *clock, uint64_t operations) {
    (void)clock;
    ours_cycle(operations, hugest_bytes);
}

static void ours_small_cycle(struct bench_clock *clock, uint64_t operations) {
    (void)clock;
    ours_cycle(operations, small_bytes);
}

static const struct bench_row rows[] = {
    {.name = "4 TiB reserve",
     .ours = ours_huge_reserve,
     .bare = bare_huge_reserve,
     .nanosecond_limit = 2000,
     .fixed_operations = HUGE_COUNT,
     .not_countable = true},
    {.name = "4 TiB query",
     .ours = ours_huge_query,
     .nanosecond_limit = 2000,
     .fixed_operations = HUGE_COUNT,
     .not_countable = true},
    {.name = "4 TiB release",
     .ours = ours_huge_release,
     .bare = bare_huge_release,
     .nanosecond_limit = 2000,
     .fixed_operations = HUGE_COUNT,
     .not_countable = true},
    {.name = "4 TiB reserve, query, release; bare: no query",
     .ours = ours_huge_cycle,
     .bare = bare_huge_cycle,
     .not_exact = true},
    // In the address space there is no room for another of these beside ours.
    {.name = "64 TiB reserve, query, release; as bare: 64 KiB of ours",
     .ours = ours_hugest_cycle,
     .bare = ours_small_cycle,
     .nanosecond_limit = 2000,
     .not_countable = true},
};

int main(int argument_count, char **arguments) {
    bench_read_options(argument_count, arguments);
    return bench_run(rows, sizeof rows / sizeof rows[0]);
}
