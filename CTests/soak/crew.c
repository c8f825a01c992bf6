#include "crew.h"

#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

struct member crew[crew_most];
int crew_count;
volatile int crew_stop;

static __thread struct member *self;

struct member *crew_self(void) {
    return self;
}

struct member *crew_add(const char *role, void (*run)(struct member *), void *argument,
                        uint64_t seed) {
    struct member *member = &crew[crew_count];
    memset(member, 0, sizeof *member);
    member->role = role;
    member->index = crew_count++;
    member->run = run;
    member->argument = argument;
    member->random = seed * 1000003 + (uint64_t)member->index;
    return member;
}

static void *run_member(void *argument) {
    self = argument;
    self->id = (pid_t)syscall(SYS_gettid);
    self->run(self);
    return NULL;
}

// The steps of a thread when they last changed, and when that was.
static struct {
    long steps;
    double when;
} seen[crew_most];

static void watch(double stall) {
    double time = soak_now();
    for (int i = 0; i < crew_count; i++) {
        if (crew[i].steps != seen[i].steps) {
            seen[i].steps = crew[i].steps;
            seen[i].when = time;
        }
        if (time - seen[i].when < stall)
            continue;
        int count = 0;
        for (int j = 0; j < crew_count; j++)
            if (time - seen[j].when >= stall / 2 && ++count <= 4)
                soak_wrong("thread %d (%s) has made no step for %.1f s, after %ld; last: %s", j,
                           crew[j].role, time - seen[j].when, crew[j].steps,
                           crew[j].doing ? crew[j].doing : "nothing");
        soak_give_up("%d threads of %d stand still", count, crew_count);
    }
}

static void join(void) {
    struct timespec deadline;
    clock_gettime(CLOCK_REALTIME, &deadline);
    deadline.tv_sec += 10;
    for (int i = 0; i < crew_count; i++)
        if (pthread_timedjoin_np(crew[i].thread, NULL, &deadline) != 0)
            soak_give_up("thread %d (%s) does not end; last: %s", i, crew[i].role,
                         crew[i].doing ? crew[i].doing : "nothing");
}

void crew_run(double seconds, double stall, void (*each)(void)) {
    double end = soak_now() + seconds;
    crew_stop = 0;
    for (int i = 0; i < crew_count; i++) {
        seen[i].steps = -1;
        if (pthread_create(&crew[i].thread, NULL, run_member, &crew[i]) != 0)
            soak_give_up("thread %d cannot be started", i);
    }
    while (soak_now() < end && !soak_is_wrong()) {
        struct timespec pause = {0, 50000000};
        nanosleep(&pause, NULL);
        watch(stall);
        if (each != NULL)
            each();
    }
    crew_stop = 1;
    join();
    crew_count = 0;
}
