// Rows that are run but not timed: under a counter of system calls or of instructions.
#include "bench.h"

#include "bare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The one function inside which an instruction counter counts; it finds it by its name.
__attribute__((noinline)) void bench_counted_batch(bench_work *work, struct bench_clock *clock,
                                                   uint64_t operations) {
    work(clock, operations);
    __asm__ volatile(""); // so that the call above returns here
}

static bool is_exact(const struct bench_row *row) {
    return row->ours && !row->not_countable && !row->not_exact;
}

void bench_list(const struct bench_row *row) {
    if (!bench_options.list_exact || is_exact(row))
        printf("%s\n", row->name);
}

// One batch makes ready what later ones find ready; the next is counted.
static void count_one_batch(bench_work *work, uint64_t operations) {
    struct bench_clock clock = {.elapsed_nanoseconds = 0};
    work(&clock, operations);
    bench_counted_batch(work, &clock, operations);
    printf("%llu\n", (unsigned long long)operations);
}

static void count_all(bench_work *work, uint64_t operations, uint64_t wanted) {
    struct bench_clock clock = {.elapsed_nanoseconds = 0};
    for (uint64_t done = 0; done < wanted; done += operations)
        work(&clock, operations);
}

// The bare side is the first way.
void bench_count(const struct bench_row *row) {
    bench_work *work = strcmp(bench_options.count_side, "ours") == 0 ? row->ours : row->bare;
    if (!work || row->not_countable || (work == row->bare && !bare_is_present()))
        exit(BENCH_NOT_COUNTABLE);
    if (row->prepare && !row->prepare())
        exit(BENCH_NOT_COUNTABLE);
    uint64_t wanted = bench_options.count_operations;
    uint64_t operations = row->fixed_operations ? row->fixed_operations : wanted;
    if (bench_options.one_batch)
        count_one_batch(work, operations);
    else
        count_all(work, operations, wanted);
}
