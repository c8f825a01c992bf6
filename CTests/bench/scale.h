// What the two scale programs share: the sizes, the calls that are timed, and the rows printed.
// A call's limit at every size is 1.5 times its cost at the smallest. Beside the calls stands what the
// machine takes to read one line of memory for each reservation or run, in the same order: no
// book-keeping can do with less once that does not fit into its caches.
#ifndef SCALE_H
#define SCALE_H

#include "bench.h"

enum scale_call {
    SCALE_MEMORY,
    SCALE_RESERVE,
    SCALE_RELEASE,
    SCALE_COMMIT,
    SCALE_DECOMMIT,
    SCALE_PROTECT,
    SCALE_QUERY,
    SCALE_CALL_COUNT,
    SCALE_UNTIMED = SCALE_CALL_COUNT // what must be done in between
};

enum {
    SCALE_SIZE_COUNT = 4,
    SCALE_BATCHES = 200,
    SCALE_QUICK_BATCHES = 40,
    SCALE_MOST_PICKS = 200,
    // Batches that visit every position once; as many run first, unrecorded, so that all are warm.
    // At most 1024 positions, because the library keeps so many places ready for commits. So a row shows
    // the cost of many reservations, and not of the first commit in a place.
    SCALE_CYCLE = 5
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

// One call, to the reservation or run at `position`, which is pick number `pick` of its batch.
typedef void scale_work(uint64_t position, uint64_t pick);
// A batch does one step to all of its picks, then the next step.
struct scale_step {
    enum scale_call call;
    scale_work *work;
};
#define SCALE_STEPS(steps) steps, sizeof steps / sizeof steps[0]

void scale_run_batch(const struct scale_step *steps, size_t step_count,
                     const struct scale_picks *picks, struct scale_samples *samples, size_t batch);
// For an instruction counter: as many batches as visit every position, and one whose steps each run
// in scale_counted_step. Prints the calls counted: their number, and one name to a line.
void scale_count(const struct scale_step *steps, size_t step_count, uint64_t size);
// The step of SCALE_MEMORY.
scale_work scale_read_line;
// Nanoseconds per call since `start`, which then starts anew.
double scale_lap(uint64_t *start, uint64_t calls);

// Prints a row for each call. `bare` may be NULL.
void scale_report(const char *of_what, size_t size_index, struct scale_samples *ours,
                  struct scale_samples *bare);
// A row for anything else that is measured at each size, with the same limit. `first_median` holds
// the smallest size's median from one call to the next.
void scale_report_other(const char *what, const char *of_what, size_t size_index, double *samples,
                        size_t sample_count, double *first_median);
// Answers --list, and --count but for the size that scale_counted_size tells; true to go on.
bool scale_begin(void);
// Zero if rows are to be measured.
uint64_t scale_counted_size(void);

#endif
