// Rows: allocators whose pages come from VirtualAlloc against the same on bare system calls. The
// server is in the manner of Larson and Krishnan's test ("Memory allocation for long-running server
// applications"): random sizes, and cells freed by another thread's successor. The exchange is in
// the manner of xmalloc-test: each cell is freed by whichever thread comes upon it, as a rule not
// by the one that allocated it.
#include "../programs/small_allocator/allocator.h"
#include "bare.h"
#include "bench.h"
#include "indexing.h"
#include "mapped_page_source.h"

#include <pthread.h>
#include <string.h>

enum { MOST_THREADS = 4, SLOTS = 2000 };

struct locked_allocator {
    struct allocator allocator; // first, so that an owner found from a cell is this
    pthread_mutex_t lock;
};

// All that one side has: an allocator for each thread, and the slots that go from hand to hand.
struct server {
    struct locked_allocator allocators[MOST_THREADS];
    void *slots[MOST_THREADS][SLOTS];
    uint64_t random[MOST_THREADS];
    uint64_t generation;
};

static struct server ours_server, bare_server;
static struct server *running;
static unsigned thread_count;

// Seven of eight are small; the eighth is up to 64 KiB.
static size_t any_size(uint64_t *random) {
    bool small = bench_random(random, 8) != 0;
    return 16 + bench_random(random, small ? 1008 : 64 * 1024);
}

static void free_cell(void *cell) {
    if (!cell)
        return;
    struct locked_allocator *owner = (struct locked_allocator *)allocator_owning(cell);
    pthread_mutex_lock(&owner->lock);
    allocator_free(&owner->allocator, cell);
    pthread_mutex_unlock(&owner->lock);
}

static void *allocate_cell(struct locked_allocator *own, size_t byte_count) {
    pthread_mutex_lock(&own->lock);
    char *cell = allocator_allocate(&own->allocator, byte_count);
    pthread_mutex_unlock(&own->lock);
    bench_require(cell != NULL, "allocating a cell");
    cell[0] = cell[byte_count - 1] = 1;
    return cell;
}

static void serve(unsigned thread, uint64_t operations) {
    void **slots = running->slots[(thread + running->generation) % thread_count];
    uint64_t *random = &running->random[thread];
    for (uint64_t done = 0; done < operations; done++) {
        void **slot = &slots[bench_random(random, SLOTS)];
        free_cell(*slot);
        *slot = allocate_cell(&running->allocators[thread], any_size(random));
    }
}

// Each batch is a generation of threads, that takes over the slots of its neighbours.
static void run_server(struct bench_clock *clock, struct server *server, uint64_t operations) {
    running = server;
    server->generation++;
    bench_on_threads(clock, thread_count, serve, operations);
}

static void ours_serve(struct bench_clock *clock, uint64_t operations) {
    run_server(clock, &ours_server, operations);
}

static void bare_serve(struct bench_clock *clock, uint64_t operations) {
    run_server(clock, &bare_server, operations);
}

static void exchange(unsigned thread, uint64_t operations) {
    uint64_t *random = &running->random[thread];
    for (uint64_t done = 0; done < operations; done++) {
        void *cell = allocate_cell(&running->allocators[thread], any_size(random));
        void **slots = running->slots[bench_random(random, thread_count)];
        void **slot = &slots[bench_random(random, SLOTS)];
        free_cell(__atomic_exchange_n(slot, cell, __ATOMIC_ACQ_REL));
    }
}

static void ours_exchange(struct bench_clock *clock, uint64_t operations) {
    running = &ours_server;
    bench_on_threads(clock, thread_count, exchange, operations);
}

static void bare_exchange(struct bench_clock *clock, uint64_t operations) {
    running = &bare_server;
    bench_on_threads(clock, thread_count, exchange, operations);
}

static void open_server(struct server *server, const struct page_source *source) {
    memset(server, 0, sizeof *server);
    for (unsigned thread = 0; thread < MOST_THREADS; thread++) {
        allocator_create(&server->allocators[thread].allocator, source);
        pthread_mutex_init(&server->allocators[thread].lock, NULL);
        server->random[thread] = thread + 1;
        for (unsigned slot = 0; slot < SLOTS; slot++)
            server->slots[thread][slot] =
                allocate_cell(&server->allocators[thread], any_size(&server->random[thread]));
    }
}

static void close_server(struct server *server) {
    for (unsigned thread = 0; thread < MOST_THREADS; thread++)
        for (unsigned slot = 0; slot < SLOTS; slot++)
            free_cell(server->slots[thread][slot]);
    for (unsigned thread = 0; thread < MOST_THREADS; thread++) {
        struct allocator *allocator = &server->allocators[thread].allocator;
        allocator_trim(allocator);
        bench_require(allocator->statistics.reserved_bytes == 0, "giving everything back");
        pthread_mutex_destroy(&server->allocators[thread].lock);
    }
}

static void open_servers(unsigned threads) {
    thread_count = threads;
    open_server(&ours_server, &virtual_page_source);
    if (bare_is_present())
        open_server(&bare_server, &mapped_page_source);
}

static bool open_servers_of_one(void) {
    open_servers(1);
    return true;
}

static bool open_servers_of_two(void) {
    open_servers(2);
    return true;
}

static bool open_servers_of_four(void) {
    open_servers(4);
    return true;
}

static void close_servers(void) {
    close_server(&ours_server);
    if (bare_is_present())
        close_server(&bare_server);
}

#define THREADED_ROW(row_name, work, open)                                                         \
    {                                                                                              \
        .name = row_name, .ours = ours_##work, .bare = bare_##work, .prepare = open,               \
        .finish = close_servers, .ratio_limit = 0.95, .not_exact = true,                           \
        .batch_microseconds = 5000                                                                 \
    }

static const struct bench_row rows[] = {
    {.name = "small allocator indexing a text of 256 KiB",
     .ours = ours_index,
     .bare = bare_index,
     .prepare = indexing_write_texts,
     .ratio_limit = 0.95,
     .fixed_operations = INDEXING_TEXTS},
    THREADED_ROW("server of 1 thread on an allocator", serve, open_servers_of_one),
    THREADED_ROW("server of 2 threads on an allocator", serve, open_servers_of_two),
    THREADED_ROW("server of 4 threads on an allocator", serve, open_servers_of_four),
    THREADED_ROW("exchange of cells, 2 threads", exchange, open_servers_of_two),
    THREADED_ROW("exchange of cells, 4 threads", exchange, open_servers_of_four),
};

int main(int argument_count, char **arguments) {
    bench_read_options(argument_count, arguments);
    return bench_run(rows, sizeof rows / sizeof rows[0]);
}
