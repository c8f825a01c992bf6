// Rows: whole reservations made and released, plain, committed, touched, and on two threads.
#include "bare.h"
#include "bench.h"
#include "ours.h"

static const size_t mebibyte = 1024 * 1024;
static const size_t block_bytes = 64 * 1024;

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

static void ours_large(struct bench_clock *clock, uint64_t operations) {
    (void)clock;
    for (uint64_t done = 0; done < operations; done++)
        ours_release(ours_allocate(mebibyte));
}

static void bare_large(struct bench_clock *clock, uint64_t operations) {
    (void)clock;
    for (uint64_t done = 0; done < operations; done++)
        bare_release(bare_allocate(mebibyte), mebibyte);
}

static void ours_large_touched(struct bench_clock *clock, uint64_t operations) {
    (void)clock;
    for (uint64_t done = 0; done < operations; done++) {
        void *base = ours_allocate(mebibyte);
        write_byte(base);
        ours_release(base);
    }
}

static void bare_large_touched(struct bench_clock *clock, uint64_t operations) {
    (void)clock;
    for (uint64_t done = 0; done < operations; done++) {
        void *base = bare_allocate(mebibyte);
        write_byte(base);
        bare_release(base, mebibyte);
    }
}

static void ours_touched_two_steps(struct bench_clock *clock, uint64_t operations) {
    (void)clock;
    for (uint64_t done = 0; done < operations; done++) {
        void *base = ours_reserve(block_bytes);
        ours_commit(base, block_bytes);
        write_byte(base);
        ours_release(base);
    }
}

static void bare_touched_two_steps(struct bench_clock *clock, uint64_t operations) {
    (void)clock;
    for (uint64_t done = 0; done < operations; done++) {
        void *base = bare_reserve(block_bytes);
        bare_commit(base, block_bytes);
        write_byte(base);
        bare_release(base, block_bytes);
    }
}

static void ours_touched_twice(struct bench_clock *clock, uint64_t operations) {
    bench_on_threads(clock, 2, ours_touched_on_thread, operations);
}

static void bare_touched_twice(struct bench_clock *clock, uint64_t operations) {
    bench_on_threads(clock, 2, bare_touched_on_thread, operations);
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
    {.name = "64 KiB reserve, commit, touch a page, release",
     .ours = ours_touched_two_steps,
     .bare = bare_touched_two_steps,
     .ratio_limit = 0.80},
    {.name = "1 MiB reserve+commit, release", .ours = ours_large, .bare = bare_large},
    {.name = "1 MiB reserve+commit, touch a page, release",
     .ours = ours_large_touched,
     .bare = bare_large_touched},
    {.name = "64 KiB reserve+commit, touch, release, 2 threads",
     .ours = ours_touched_twice,
     .bare = bare_touched_twice,
     .ratio_limit = 0.60,
     .not_exact = true,
     .batch_microseconds = 5000},
};

int main(int argument_count, char **arguments) {
    bench_read_options(argument_count, arguments);
    return bench_run(rows, sizeof rows / sizeof rows[0]);
}
