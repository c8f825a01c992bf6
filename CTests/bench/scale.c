// Sizes, picks and rows of the scale programs. See scale.h.
#include "scale.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double growth_limit = 1.5;

const uint64_t scale_sizes[SCALE_SIZE_COUNT] = {10, 1000, 100000, 1000000};
static const char *const size_names[SCALE_SIZE_COUNT] = {"10", "1,000", "100,000", "1,000,000"};
static const char *const call_names[SCALE_CALL_COUNT] = {
    "read a line of memory", "reserve", "release", "commit", "decommit", "protect", "query"};

struct line {
    uint64_t zero;
    char padding[64 - sizeof(uint64_t)];
};
static struct line *lines;

static void make_lines(void) {
    uint64_t count = scale_sizes[SCALE_SIZE_COUNT - 1];
    lines = malloc(count * sizeof *lines);
    bench_require(lines != NULL, "malloc");
    memset(lines, 0, count * sizeof *lines); // each has memory of its own
}

// Each tells where the next is looked for, so that they are read one after the other.
void scale_read_line(uint64_t position, uint64_t pick) {
    static uint64_t zero;
    (void)pick;
    zero = ((volatile struct line *)lines)[position + zero].zero;
}

void scale_pick(struct scale_picks *picks, uint64_t size, uint64_t batch) {
    // A prime visits every position of a pool whose size is made of twos and fives; this one is
    // near the golden section of the largest pool, so that neighbours come far apart.
    const uint64_t prime_step = 619;
    const uint64_t most_positions = SCALE_CYCLE * SCALE_MOST_PICKS;
    uint64_t pairs = size / 2;
    uint64_t pool = pairs < most_positions ? pairs : most_positions;
    picks->count = pool < SCALE_MOST_PICKS ? pool : SCALE_MOST_PICKS;
    for (uint64_t pick = 0; pick < picks->count; pick++) {
        uint64_t turn = batch * SCALE_MOST_PICKS + pick;
        picks->position[pick] = 2 * (turn * prime_step % pool * (pairs / pool));
    }
}

size_t scale_batch_count(void) {
    return bench_options.quick ? SCALE_QUICK_BATCHES : SCALE_BATCHES;
}

// What looking at the clock adds to a lap: the least that two looks in a row are apart.
static uint64_t clock_cost(void) {
    static uint64_t least;
    if (least > 0)
        return least;
    least = UINT64_MAX;
    for (unsigned time = 0; time < 1000; time++) {
        uint64_t first = bench_nanoseconds();
        uint64_t apart = bench_nanoseconds() - first;
        least = apart < least ? apart : least;
    }
    return least;
}

double scale_lap(uint64_t *start, uint64_t calls) {
    uint64_t elapsed = bench_nanoseconds() - *start;
    uint64_t cost = clock_cost();
    double per_call = (double)(elapsed > cost ? elapsed - cost : 0) / (double)calls;
    *start = bench_nanoseconds();
    return per_call;
}

static inline void run_step(const struct scale_step *step, const struct scale_picks *picks) {
    for (uint64_t pick = 0; pick < picks->count; pick++)
        step->work(picks->position[pick], pick);
}

void scale_run_batch(const struct scale_step *steps, size_t step_count,
                     const struct scale_picks *picks, struct scale_samples *samples, size_t batch) {
    uint64_t start = bench_nanoseconds();
    for (size_t step = 0; step < step_count; step++) {
        run_step(&steps[step], picks);
        double nanoseconds = scale_lap(&start, picks->count);
        if (steps[step].call != SCALE_UNTIMED)
            samples->nanoseconds[steps[step].call][batch] = nanoseconds;
    }
}

// The one function inside which an instruction counter counts; it finds it by its name.
__attribute__((noinline)) static void scale_counted_step(const struct scale_step *step,
                                                         const struct scale_picks *picks) {
    run_step(step, picks);
    __asm__ volatile(""); // so that the last call returns here
}

void scale_count(const struct scale_step *steps, size_t step_count, uint64_t size) {
    struct scale_picks picks;
    for (size_t batch = 0; batch < SCALE_CYCLE; batch++) {
        scale_pick(&picks, size, batch);
        for (size_t step = 0; step < step_count; step++)
            run_step(&steps[step], &picks);
    }
    scale_pick(&picks, size, SCALE_CYCLE);
    printf("%llu\n", (unsigned long long)picks.count);
    for (size_t step = 0; step < step_count; step++) {
        bool is_call = steps[step].call != SCALE_UNTIMED && steps[step].call != SCALE_MEMORY;
        if (is_call)
            printf("%s\n", call_names[steps[step].call]);
        (is_call ? scale_counted_step : run_step)(&steps[step], &picks);
    }
}

static struct bench_summary summarise(double *samples, size_t count) {
    const size_t batches_per_round = count < 20 ? 1 : 20;
    return bench_summarise(samples, count / batches_per_round, batches_per_round);
}

static void report(const char *what, const char *of_what, size_t size_index,
                   struct bench_summary ours, const struct bench_summary *bare,
                   double memory_nanoseconds, double *first_median) {
    struct bench_result result = {.ours = ours, .memory_nanoseconds = memory_nanoseconds};
    if (bare)
        result.bare = *bare;
    snprintf(result.name, sizeof result.name, "%s, %s %s", what, size_names[size_index], of_what);
    if (size_index == 0)
        *first_median = ours.median;
    else
        result.nanosecond_limit = growth_limit * *first_median;
    bench_report(&result);
}

static void report_machine(const char *of_what, size_t size_index, struct bench_summary memory) {
    struct bench_result result = {.ours = memory};
    snprintf(result.name, sizeof result.name, "%s, %s %s", call_names[SCALE_MEMORY],
             size_names[size_index], of_what);
    bench_report(&result);
}

void scale_report(const char *of_what, size_t size_index, struct scale_samples *ours,
                  struct scale_samples *bare) {
    static double first_medians[SCALE_CALL_COUNT];
    struct bench_summary memory = summarise(ours->nanoseconds[SCALE_MEMORY], scale_batch_count());
    report_machine(of_what, size_index, memory);
    for (size_t call = SCALE_MEMORY + 1; call < SCALE_CALL_COUNT; call++) {
        struct bench_summary bare_summary;
        if (bare)
            bare_summary = summarise(bare->nanoseconds[call], scale_batch_count());
        report(call_names[call], of_what, size_index,
               summarise(ours->nanoseconds[call], scale_batch_count()), bare ? &bare_summary : NULL,
               memory.median, &first_medians[call]);
    }
}

void scale_report_other(const char *what, const char *of_what, size_t size_index, double *samples,
                        size_t sample_count, double *first_median) {
    report(what, of_what, size_index, summarise(samples, sample_count), NULL, 0, first_median);
}

bool scale_begin(void) {
    if (bench_options.count_side && !bench_options.one_batch)
        exit(BENCH_NOT_COUNTABLE); // a million of them take the tracer of system calls too long
    if (bench_options.list || bench_options.only)
        return false;
    make_lines();
    if (scale_counted_size() == 0)
        bench_report_heading();
    return true;
}

uint64_t scale_counted_size(void) {
    return bench_options.count_side ? bench_options.count_operations : 0;
}
