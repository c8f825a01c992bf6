// The threads of a test, watched: each must make progress all the time, and end when told.
#ifndef SOAK_CREW_H
#define SOAK_CREW_H

#include "soak.h"

#include <pthread.h>

enum { crew_most = 80 };

struct member {
    const char *role;
    int index; // in the crew
    void (*run)(struct member *);
    void *argument;
    volatile long steps; // counted up by the thread itself
    const char *volatile doing;
    uint64_t random;
    pthread_t thread;
    volatile pid_t id; // of the kernel; 0 before the thread runs
};

extern struct member crew[crew_most];
extern int crew_count;
extern volatile int crew_stop; // 1 when all are to end

// Adds a thread for the next crew_run.
struct member *crew_add(const char *role, void (*run)(struct member *), void *argument,
                        uint64_t seed);

// Runs the crew for so long. A thread that makes no step for `stall` seconds is named, with what it
// was doing, and ends the program. Calls `each`, if any, 20 times a second.
void crew_run(double seconds, double stall, void (*each)(void));

// The member that the calling thread is; NULL for the first thread.
struct member *crew_self(void);

#endif
