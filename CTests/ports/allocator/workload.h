// Threads that allocate, check and free, hand their blocks to successors, and end (after Larson's
// server benchmark).
#ifndef WORKLOAD_H
#define WORKLOAD_H

struct workload_result {
    unsigned long long operations, exchanged;
    unsigned damaged, refused;
};

// Runs `lines` chains of threads at a time, each of `generations` threads one after another.
struct workload_result run_workload(int lines, int generations, int operations_each);

#endif
