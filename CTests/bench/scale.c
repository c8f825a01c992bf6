// Sizes, picks and rows of the scale programs. See scale.h.
#include "scale.h"

#include <stdio.h>
#include <stdlib.h>

static const double growth_limit = 1.5;

const uint64_t scale_sizes[SCALE_SIZE_COUNT] = {10, 1000, 100000, 1000000};
static const char *const size_names[SCALE_SIZE_COUNT] = {"10", "1,000", "100,000", "1,000,000"};
static const char *const call_names[SCALE_CALL_COUNT] = {"reserve",  "release", "commit",
                                                         "decommit", "protect", "query"};

void scale_pick(struct scale_picks *picks, uint64_t size, uint64_t batch) {
    // A prime visits every position of a pool whose size is made of twos and fives; this one is
    // near the golden section of the largest pool, so that neighbours come far apart.
    const uint64_t prime_step = 1583;
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

static struct bench_summary summarise(double *samples, size_t count) {
    const size_t batches_per_round = count < 20 ? 1 : 20;
    return bench_summarise(samples, count / batches_per_round, batches_per_round);
}

static void report(const char *what, const char *of_what, size_t size_index,
                   struct bench_summary ours, const struct bench_summary *bare,
                   double *first_median) {
    struct bench_result result = {.ours = ours};
    if (bare)
        result.bare = *bare;
    snprintf(result.name, sizeof result.name, "%s, %s %s", what, size_names[size_index], of_what);
    if (size_index == 0)
        *first_median = ours.median;
    else
        result.nanosecond_limit = growth_limit * *first_median;
    bench_report(&result);
}

void scale_report(const char *of_what, size_t size_index, struct scale_samples *ours,
                  struct scale_samples *bare) {
    static double first_medians[SCALE_CALL_COUNT];
    for (size_t call = 0; call < SCALE_CALL_COUNT; call++) {
        struct bench_summary bare_summary;
        if (bare)
            bare_summary = summarise(bare->nanoseconds[call], scale_batch_count());
        report(call_names[call], of_what, size_index,
               summarise(ours->nanoseconds[call], scale_batch_count()), bare ? &bare_summary : NULL,
               &first_medians[call]);
    }
}

void scale_report_other(const char *what, const char *of_what, size_t size_index, double *samples,
                        size_t sample_count, double *first_median) {
    report(what, of_what, size_index, summarise(samples, sample_count), NULL, first_median);
}

bool scale_begin(void) {
    if (bench_options.count_side)
        exit(BENCH_NOT_COUNTABLE); // these rows are not made of batches that could be counted
    if (bench_options.list || bench_options.only)
        return false;
    bench_report_heading();
    return true;
}
