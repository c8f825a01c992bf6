// What the two scale programs share: the sizes, the calls that are timed, and the rows printed.
// A call's limit at every size is 1.5 times its cost at the smallest.
#ifndef SCALE_H
#define SCALE_H

#include "bench.h"

enum scale_call {
    SCALE_RESERVE,
    SCALE_RELEASE,
    SCALE_COMMIT,
    SCALE_DECOMMIT,
    SCALE_PROTECT,
    SCALE_QUERY,
    SCALE_CALL_COUNT
};

enum {
    SCALE_SIZE_COUNT = 4,
    SCALE_BATCHES = 200,
    SCALE_QUICK_BATCHES = 40,
    SCALE_MOST_PICKS = 256,
    // Batches that visit every position once; as many run first, unrecorded, so that all are warm.
    SCALE_CYCLE = 10
};

extern const uint64_t scale_sizes[SCALE_SIZE_COUNT]; // 10 to 1,000,000

// Nanoseconds per call, one value to a batch.
struct scale_samples {
    double nanoseconds[SCALE_CALL_COUNT][SCALE_BATCHES];
};

// Distinct positions below `size`, spread over all of it, in a mixed order; the same ones come
// round after a cycle of batches. No two are neighbours, so that the work is the same at every size:
// what lies on either side stays alive.
struct scale_picks {
    uint64_t count;
    uint64_t position[SCALE_MOST_PICKS];
};

void scale_pick(struct scale_picks *picks, uint64_t size, uint64_t batch);
size_t scale_batch_count(void);
// Nanoseconds per call since `start`, which then starts anew.
double scale_lap(uint64_t *start, uint64_t calls);

// Prints a row for each call. `bare` may be NULL.
void scale_report(const char *of_what, size_t size_index, struct scale_samples *ours,
                  struct scale_samples *bare);
// A row for anything else that is measured at each size, with the same limit. `first_median` holds
// the smallest size's median from one call to the next.
void scale_report_other(const char *what, const char *of_what, size_t size_index, double *samples,
                        size_t sample_count, double *first_median);
// Answers --list and --count, which these programs do not have rows for; true to go on measuring.
bool scale_begin(void);

#endif
