// The clock, medians and percentiles, and a repeatable random sequence.
#include "bench.h"

#include <stdlib.h>
#include <time.h>

uint64_t bench_nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void bench_clock_resume(struct bench_clock *clock) {
    clock->started = bench_nanoseconds();
}

void bench_clock_pause(struct bench_clock *clock) {
    clock->elapsed_nanoseconds += bench_nanoseconds() - clock->started;
}

static int compare_doubles(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

// The smallest value that at least `share` of the sorted values do not exceed.
static double percentile(const double *sorted, size_t count, double share) {
    size_t index = (size_t)(share * (double)count);
    return sorted[index < count ? index : count - 1];
}

double bench_median(double *values, size_t count) {
    qsort(values, count, sizeof *values, compare_doubles);
    return percentile(values, count, 0.5);
}

struct bench_summary bench_summarise(double *values, size_t rounds, size_t batches_per_round) {
    enum { MOST_ROUNDS = 512 };
    double round_medians[MOST_ROUNDS];
    bench_require(rounds <= MOST_ROUNDS, "summarising so many rounds");
    for (size_t round = 0; round < rounds; round++)
        round_medians[round] = bench_median(&values[round * batches_per_round], batches_per_round);
    size_t count = rounds * batches_per_round;
    struct bench_summary summary = {.median = bench_median(round_medians, rounds)};
    summary.p50 = bench_median(values, count);
    summary.p99 = percentile(values, count, 0.99);
    return summary;
}

// xorshift64*, Vigna, "An experimental exploration of Marsaglia's xorshift generators, scrambled".
uint64_t bench_random(uint64_t *state, uint64_t limit) {
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return ((*state * 2685821657736338717u) >> 32) * limit >> 32;
}
