// Rows: whole reservations made and released, small, committed, on two threads, and huge.
#include "bare.h"
#include "bench.h"
#include "ours.h"

static const size_t mebibyte = 1024 * 1024;
static const size_t block_bytes = 64 * 1024;
static const size_t huge_bytes = (size_t)4 << 40;

static void write_byte(void *address) {
    *(volatile char *)address = 1;
}

static void ours_reserve_release(struct bench_clock *clock, uint64_t operations) {
    (void)clock;
    for (uint64_t done = 0; done < operations; done++)
        ours_release(ours_reserve(mebibyte));
}

static void bare_reserve_release(struct bench_clock *clock, uint64_t operations) {
    (void)clock;
    for (uint64_t done = 0; done < operations; done++)
        bare_release(bare_reserve(mebibyte), mebibyte);
}

static void ours_untouched(struct bench_clock *clock, uint64_t operations) {
    (void)clock;
    for (uint64_t done = 0; done < operations; done++)
        ours_release(ours_allocate(block_bytes));
}

static void bare_untouched(struct bench_clock *clock, uint64_t operations) {
    (void)clock;
    for (uint64_t done = 0; done < operations; done++)
        bare_release(bare_allocate(block_bytes), block_bytes);
}

static void ours_untouched_two_steps(struct bench_clock *clock, uint64_t operations) {
    (void)clock;
    for (uint64_t done = 0; done < operations; done++) {
        void *base = ours_reserve(block_bytes);
        ours_commit(base, block_bytes);
        ours_release(base);
    }
}

static void bare_untouched_two_steps(struct bench_clock *clock, uint64_t operations) {
    (void)clock;
    for (uint64_t done = 0; done < operations; done++) {
        void *base = bare_reserve(block_bytes);
        bare_commit(base, block_bytes);
        bare_release(base, block_bytes);
    }
}

static void ours_touched_on_thread(unsigned thread, uint64_t operations) {
    (void)thread;
    for (uint64_t done = 0; done < operations; done++) {
        void *base = ours_allocate(block_bytes);
        write_byte(base);
        ours_release(base);
    }
}

static void bare_touched_on_thread(unsigned thread, uint64_t operations) {
    (void)thread;
    for (uint64_t done = 0; done < operations; done++) {
        void *base = bare_allocate(block_bytes);
        write_byte(base);
        bare_release(base, block_bytes);
    }
}

static void ours_touched(struct bench_clock *clock, uint64_t operations) {
    (void)clock;
    ours_touched_on_thread(0, operations);
}

static void bare_touched(struct bench_clock *clock, uint64_t operations) {
    (void)clock;
    bare_touched_on_thread(0, operations);
}

static void ours_touched_twice(struct bench_clock *clock, uint64_t operations) {
    bench_on_threads(clock, 2, ours_touched_on_thread, operations);
}

static void bare_touched_twice(struct bench_clock *clock, uint64_t operations) {
    bench_on_threads(clock, 2, bare_touched_on_thread, operations);
}

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

static void ours_huge_cycle(struct bench_clock *clock, uint64_t operations) {
    (void)clock;
    for (uint64_t done = 0; done < operations; done++) {
        void *base = ours_reserve(huge_bytes);
        bench_require(ours_query(base) == huge_bytes, "querying a 4 TiB reservation");
        ours_release(base);
    }
}

static void bare_huge_cycle(struct bench_clock *clock, uint64_t operations) {
    (void)clock;
    for (uint64_t done = 0; done < operations; done++)
        bare_release(bare_reserve(huge_bytes), huge_bytes);
}

static const struct bench_row rows[] = {
    {.name = "reserve 1 MiB, release",
     .ours = ours_reserve_release,
     .bare = bare_reserve_release,
     .ratio_limit = 0.10},
    {.name = "64 KiB reserve+commit, release",
     .ours = ours_untouched,
     .bare = bare_untouched,
     .ratio_limit = 0.60},
    {.name = "64 KiB reserve, commit, release",
     .ours = ours_untouched_two_steps,
     .bare = bare_untouched_two_steps,
     .ratio_limit = 0.60},
    {.name = "64 KiB reserve+commit, touch a page, release",
     .ours = ours_touched,
     .bare = bare_touched,
     .ratio_limit = 0.80},
    {.name = "the same on two threads",
     .ours = ours_touched_twice,
     .bare = bare_touched_twice,
     .ratio_limit = 0.60,
     .batch_microseconds = 5000},
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
     .bare = bare_huge_cycle},
};

int main(int argument_count, char **arguments) {
    bench_read_options(argument_count, arguments);
    return bench_run(rows, sizeof rows / sizeof rows[0]);
}
