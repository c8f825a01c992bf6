// Rows: 1 to 64 threads at once, on reservations of their own, on different pages of one, and with
// queries between. Time per operation is of all threads together; no thread may starve.
#include "bare.h"
#include "bench.h"
#include "ours.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

enum { MOST_THREADS = 64, ROUNDS = 3, QUICK_ROUNDS = 1, QUERIES_PER_OPERATION = 8 };

static const size_t page_bytes = 4096;
static const size_t block_bytes = 64 * 1024;
static const size_t shared_bytes = (size_t)256 << 20;
static const double least_share = 0.5; // of the mean, for the slowest thread

struct worker {
    _Alignas(128) pthread_t thread; // a cache line pair each
    uint64_t number;
    uint64_t random;
    uint64_t operations;
};

static struct worker workers[MOST_THREADS];
static unsigned thread_count;
static char *ours_shared, *bare_shared;
static atomic_bool stopping;
static pthread_barrier_t start_line;

typedef void thread_operation(struct worker *worker);
static thread_operation *operation;

// A page of the shared reservation that no other thread uses; its neighbours are others'.
static char *own_page(char *shared, struct worker *worker) {
    uint64_t pages_each = shared_bytes / page_bytes / thread_count;
    uint64_t turn = bench_random(&worker->random, pages_each);
    return shared + (turn * thread_count + worker->number) * page_bytes;
}

static char *any_page(char *shared, struct worker *worker) {
    return shared + bench_random(&worker->random, shared_bytes / page_bytes) * page_bytes;
}

static void write_byte(void *address) {
    *(volatile char *)address = 1;
}

static void ours_own_region(struct worker *worker) {
    (void)worker;
    void *base = ours_allocate(block_bytes);
    write_byte(base);
    ours_release(base);
}

static void bare_own_region(struct worker *worker) {
    (void)worker;
    void *base = bare_allocate(block_bytes);
    write_byte(base);
    bare_release(base, block_bytes);
}

static void ours_own_page(struct worker *worker) {
    char *page = own_page(ours_shared, worker);
    ours_commit(page, page_bytes);
    write_byte(page);
    ours_decommit(page, page_bytes);
}

static void bare_own_page_by_mapping(struct worker *worker) {
    char *page = own_page(bare_shared, worker);
    bare_commit(page, page_bytes);
    write_byte(page);
    bare_decommit_by_mapping(page, page_bytes);
}

static void bare_own_page_by_advice(struct worker *worker) {
    char *page = own_page(bare_shared, worker);
    bare_commit(page, page_bytes);
    write_byte(page);
    bare_decommit_by_advice(page, page_bytes);
}

static void ours_mix(struct worker *worker) {
    ours_own_page(worker);
    for (unsigned query = 0; query < QUERIES_PER_OPERATION; query++)
        ours_query(any_page(ours_shared, worker));
}

static void bare_mix(struct worker *worker) {
    bare_own_page_by_advice(worker);
    for (unsigned query = 0; query < QUERIES_PER_OPERATION; query++)
        bare_query(any_page(bare_shared, worker));
}

static void *run_worker(void *argument) {
    struct worker *worker = argument;
    uint64_t operations = 0;
    bare_stay_on_processor(worker->number);
    pthread_barrier_wait(&start_line);
    while (!atomic_load_explicit(&stopping, memory_order_relaxed)) {
        operation(worker);
        operations++;
    }
    worker->operations = operations;
    return NULL;
}

struct run {
    double nanoseconds; // per operation, all threads together
    double share;       // the slowest thread's operations, of the mean
};

// Long enough that every thread gets many time slices of a core: shares vary with fewer.
static void wait_while_they_run(void) {
    long milliseconds = thread_count <= 4 ? 150 : 45 * (long)thread_count;
    struct timespec duration = {.tv_sec = milliseconds / 1000,
                                .tv_nsec = milliseconds % 1000 * 1000000};
    nanosleep(&duration, NULL);
}

static struct run run_threads(thread_operation *what) {
    operation = what;
    atomic_store(&stopping, false);
    pthread_barrier_init(&start_line, NULL, thread_count + 1);
    for (unsigned number = 0; number < thread_count; number++) {
        struct worker *worker = &workers[number];
        worker->number = number;
        worker->random = number + 1;
        bench_require(pthread_create(&worker->thread, NULL, run_worker, worker) == 0,
                      "pthread_create");
    }
    pthread_barrier_wait(&start_line);
    uint64_t start = bench_nanoseconds();
    wait_while_they_run();
    atomic_store(&stopping, true);
    double elapsed = (double)(bench_nanoseconds() - start);
    uint64_t total = 0, least = UINT64_MAX;
    for (unsigned number = 0; number < thread_count; number++) {
        pthread_join(workers[number].thread, NULL);
        total += workers[number].operations;
        least = workers[number].operations < least ? workers[number].operations : least;
    }
    pthread_barrier_destroy(&start_line);
    bench_require(total > 0, "getting anything done on threads");
    return (struct run){.nanoseconds = elapsed / (double)total,
                        .share = (double)least * thread_count / (double)total};
}

// What a page's first commit costs more would fall on the first row alone.
static void visit_all_pages_once(void) {
    for (size_t offset = 0; offset < shared_bytes; offset += page_bytes) {
        ours_commit(ours_shared + offset, page_bytes);
        ours_decommit(ours_shared + offset, page_bytes);
    }
}

struct kind {
    const char *name;
    thread_operation *ours, *bare, *bare_other;
};

static void describe(struct bench_result *result, double share, double bare_share) {
    const double per_millisecond = 1e6;
    int length = snprintf(result->note, sizeof result->note,
                          "per ms: %.0f; slowest thread: %.2f of the mean (limit %.2f)",
                          per_millisecond / result->ours.median, share, least_share);
    if (result->bare.median > 0)
        snprintf(result->note + length, sizeof result->note - (size_t)length,
                 "; bare: %.0f and %.2f", per_millisecond / result->bare.median, bare_share);
}

static void measure(const struct kind *kind, const char *name) {
    double ours[ROUNDS], bare[ROUNDS], ours_shares[ROUNDS], bare_shares[ROUNDS];
    size_t rounds = bench_options.quick ? QUICK_ROUNDS : ROUNDS;
    thread_operation *bare_way = bare_is_present() ? kind->bare : NULL;
    if (bare_way && kind->bare_other &&
        run_threads(kind->bare_other).nanoseconds < run_threads(kind->bare).nanoseconds)
        bare_way = kind->bare_other;
    for (size_t round = 0; round < rounds; round++) {
        struct run run = run_threads(kind->ours);
        ours[round] = run.nanoseconds;
        ours_shares[round] = run.share;
        if (bare_way)
            run = run_threads(bare_way);
        bare[round] = run.nanoseconds;
        bare_shares[round] = run.share;
    }
    struct bench_result result = {.ours = bench_summarise(ours, rounds, 1), .ratio_limit = 1.0};
    snprintf(result.name, sizeof result.name, "%s", name);
    double share = bench_median(ours_shares, rounds);
    result.fell_short = share < least_share;
    if (bare_way)
        result.bare = bench_summarise(bare, rounds, 1);
    describe(&result, share, bare_way ? bench_median(bare_shares, rounds) : 0);
    bench_report(&result);
}

static void run_row(const struct kind *kind) {
    char name[80];
    snprintf(name, sizeof name, "%s, %u thread%s", kind->name, thread_count,
             thread_count == 1 ? "" : "s");
    if (!bench_wants(name))
        return;
    if (bench_options.list)
        printf("%s\n", name);
    else
        measure(kind, name);
}

int main(int argument_count, char **arguments) {
    static const unsigned thread_counts[] = {1, 2, 4, 16, 64};
    struct kind kinds[] = {
        {"own region, touched", ours_own_region, bare_own_region, NULL},
        {"own pages of one", ours_own_page, bare_own_page_by_mapping, bare_own_page_by_advice},
        {"own pages and 8 queries", ours_mix, bare_can_query() ? bare_mix : NULL, NULL},
    };
    bench_read_options(argument_count, arguments);
    if (bench_options.count_side)
        return BENCH_NOT_COUNTABLE; // timed by duration, not by operations
    if (!bench_options.list)
        bench_report_heading();
    ours_shared = ours_reserve(shared_bytes);
    bare_shared = bare_is_present() ? bare_reserve(shared_bytes) : NULL;
    visit_all_pages_once();
    for (size_t kind = 0; kind < sizeof kinds / sizeof kinds[0]; kind++)
        for (size_t index = 0; index < sizeof thread_counts / sizeof thread_counts[0]; index++) {
            thread_count = thread_counts[index];
            run_row(&kinds[kind]);
        }
    return 0;
}
