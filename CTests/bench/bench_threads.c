// Runs one piece of work on several threads that start together.
#include "bare.h"
#include "bench.h"

#include <pthread.h>

enum { MOST_THREADS = 64 };

struct worker {
    pthread_t thread;
    unsigned number;
    uint64_t operations;
    bench_thread_work *work;
    pthread_barrier_t *start;
};

static void *run_worker(void *argument) {
    struct worker *worker = argument;
    bare_stay_on_processor(worker->number);
    pthread_barrier_wait(worker->start);
    worker->work(worker->number, worker->operations);
    return NULL;
}

void bench_on_threads(struct bench_clock *clock, unsigned thread_count, bench_thread_work *work,
                      uint64_t operations) {
    static struct worker workers[MOST_THREADS];
    pthread_barrier_t start;
    bench_require(thread_count <= MOST_THREADS, "starting so many threads");
    bench_clock_pause(clock);
    pthread_barrier_init(&start, NULL, thread_count + 1);
    for (unsigned number = 0; number < thread_count; number++) {
        struct worker *worker = &workers[number];
        worker->number = number;
        worker->operations = operations;
        worker->work = work;
        worker->start = &start;
        bench_require(pthread_create(&worker->thread, NULL, run_worker, worker) == 0,
                      "pthread_create");
    }
    bench_clock_resume(clock);
    pthread_barrier_wait(&start);
    for (unsigned number = 0; number < thread_count; number++)
        pthread_join(workers[number].thread, NULL);
    bench_clock_pause(clock);
    pthread_barrier_destroy(&start);
    bench_clock_resume(clock);
}
