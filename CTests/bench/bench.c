// Measuring: batches sized to the clock, rounds in which the two sides take turns, medians.
#include "bench.h"

#include "bare.h"

#include <stdio.h>

enum { BATCHES_PER_ROUND = 20, ROUNDS = 21, QUICK_ROUNDS = 5, USUAL_BATCH_MICROSECONDS = 200 };

struct side {
    bench_work *work;
    double batches[ROUNDS * BATCHES_PER_ROUND]; // nanoseconds per operation
};

static double batch_time(bench_work *work, uint64_t operations) {
    struct bench_clock clock = {.elapsed_nanoseconds = 0};
    bench_clock_resume(&clock);
    work(&clock, operations);
    bench_clock_pause(&clock);
    return (double)clock.elapsed_nanoseconds;
}

// As many operations as fill a batch; doubling also warms the side up.
static uint64_t calibrate(const struct bench_row *row) {
    if (row->fixed_operations) {
        batch_time(row->ours, row->fixed_operations);
        return row->fixed_operations;
    }
    double wanted = row->batch_microseconds ? row->batch_microseconds : USUAL_BATCH_MICROSECONDS;
    uint64_t operations = 1;
    while (batch_time(row->ours, operations) < wanted * 1000)
        operations *= 2;
    return operations;
}

static double median_of_batches(bench_work *work, uint64_t operations) {
    double times[BATCHES_PER_ROUND];
    for (size_t batch = 0; batch < BATCHES_PER_ROUND; batch++)
        times[batch] = batch_time(work, operations);
    return bench_median(times, BATCHES_PER_ROUND);
}

// The first round decides between two ways of doing the bare work, and warms it up.
static bench_work *faster_bare(const struct bench_row *row, uint64_t operations) {
    if (!row->bare || !bare_is_present())
        return NULL;
    double first = median_of_batches(row->bare, operations);
    if (row->bare_other && median_of_batches(row->bare_other, operations) < first)
        return row->bare_other;
    return row->bare;
}

static void run_round(struct side *side, size_t round, uint64_t operations) {
    double *batches = &side->batches[round * BATCHES_PER_ROUND];
    for (size_t batch = 0; side->work && batch < BATCHES_PER_ROUND; batch++)
        batches[batch] = batch_time(side->work, operations) / (double)operations;
}

// Under Wine a single round must do: a call can take a tenth of a second there.
static size_t round_count(void) {
    if (!bare_is_present())
        return 1;
    return bench_options.quick ? QUICK_ROUNDS : ROUNDS;
}

static void measure(const struct bench_row *row) {
    static struct side ours, bare;
    if (row->prepare && !row->prepare()) {
        printf("%-50s not possible here\n", row->name);
        return;
    }
    size_t rounds = round_count();
    uint64_t operations = calibrate(row);
    bare_add_neighbour();
    ours.work = row->ours;
    bare.work = faster_bare(row, operations);
    for (size_t round = 0; round < rounds; round++) {
        run_round(round % 2 ? &bare : &ours, round, operations);
        run_round(round % 2 ? &ours : &bare, round, operations);
    }
    if (row->finish)
        row->finish();

    struct bench_result result = {.ratio_limit = row->ratio_limit,
                                  .nanosecond_limit = row->nanosecond_limit};
    snprintf(result.name, sizeof result.name, "%s", row->name);
    result.ours = bench_summarise(ours.batches, rounds, BATCHES_PER_ROUND);
    if (bare.work)
        result.bare = bench_summarise(bare.batches, rounds, BATCHES_PER_ROUND);
    bench_report(&result);
}

int bench_run(const struct bench_row *rows, size_t row_count) {
    if (!bench_options.list && !bench_options.count_side)
        bench_report_heading();
    for (size_t index = 0; index < row_count; index++) {
        const struct bench_row *row = &rows[index];
        if (!bench_wants(row->name))
            continue;
        if (bench_options.list)
            bench_list(row);
        else if (bench_options.count_side)
            bench_count(row);
        else
            measure(row);
    }
    return 0;
}
