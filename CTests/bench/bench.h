// The benchmark harness: a row is the same work done by this library and by bare system calls.
// Both sides run in turn in one process; a row's figure is the median of its rounds.
#ifndef BENCH_H
#define BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The time of one batch. It runs when the work is entered; work that must set something up or put
// something back pauses it meanwhile.
struct bench_clock {
    uint64_t started;
    uint64_t elapsed_nanoseconds;
};

void bench_clock_pause(struct bench_clock *clock);
void bench_clock_resume(struct bench_clock *clock);

// Does `operations` operations and leaves everything as it found it.
typedef void bench_work(struct bench_clock *clock, uint64_t operations);

struct bench_row {
    const char *name;
    bench_work *ours;
    bench_work *bare;            // NULL: bare system calls cannot do this
    bench_work *bare_other;      // another way; the faster of the two is taken. May be NULL.
    bool (*prepare)(void);       // before the first batch; false: not possible here. May be NULL.
    void (*finish)(void);        // after its last batch. May be NULL.
    double ratio_limit;          // ours / bare; 0: none
    double nanosecond_limit;     // of ours, per operation; 0: none
    uint64_t fixed_operations;   // per batch; 0: as many as fill the batch's time
    bool not_countable;          // does more than is timed, so its system calls would mislead
    bool not_exact;              // not for exact counts: they depend on the scheduler, or valgrind
                                 // lacks the addresses, or fills in a fault's context otherwise
    unsigned batch_microseconds; // 0: the usual
};

struct bench_summary {
    double median; // of the rounds' medians, nanoseconds per operation
    double p50;    // over batches
    double p99;
};

// What is printed of a row, and written to the JSON file.
struct bench_result {
    char name[80];
    struct bench_summary ours;
    struct bench_summary bare; // all zero when there is none
    double ratio_limit;
    double nanosecond_limit;
    double memory_nanoseconds; // what memory itself may add to the limit: over by less is "memory"
    bool fell_short;           // missed something that is not a time
    char note[120];
};

struct bench_options {
    bool quick;
    bool rows_only;         // no heading
    bool list;              // print the rows' names and end
    bool list_exact;        // only of those whose counts are the same each time
    const char *json_path;  // rows are appended, one JSON object to a line
    const char *only;       // the one row to run
    const char *count_side; // "ours" or "bare": run one uncalibrated batch, for counts
    uint64_t count_operations;
    bool one_batch; // in bench_counted_batch, after one to warm up; print its operations
};

extern struct bench_options bench_options;

// The exit status for --count with a row or a side that cannot be counted.
enum { BENCH_NOT_COUNTABLE = 3 };

// Reads the options; prints usage and ends the program with 2 on a word it does not know.
void bench_read_options(int argument_count, char **arguments);
// Runs the rows as the options say; the value for main to return.
int bench_run(const struct bench_row *rows, size_t row_count);
// What bench_run does with a row for --list, and for --count.
void bench_list(const struct bench_row *row);
void bench_count(const struct bench_row *row);

// For programs with a measuring loop of their own.
bool bench_wants(const char *row_name);
void bench_report(const struct bench_result *result);
void bench_report_heading(void);
// Sorts `values` and summarises them: rounds of `batches_per_round` values each.
struct bench_summary bench_summarise(double *values, size_t rounds, size_t batches_per_round);
double bench_median(double *values, size_t count);

uint64_t bench_nanoseconds(void);
// A repeatable sequence, uniform over 0 ..< `limit`.
uint64_t bench_random(uint64_t *state, uint64_t limit);
// Ends the program with a line on stderr when `succeeded` is false.
void bench_require(bool succeeded, const char *what);

// Runs `work` on `thread_count` threads at once, each for `operations`. The clock runs from when
// all of them are ready until the last has finished.
typedef void bench_thread_work(unsigned thread, uint64_t operations);
void bench_on_threads(struct bench_clock *clock, unsigned thread_count, bench_thread_work *work,
                      uint64_t operations);

#endif
