// Linux only: threads that do everything at random with blocks of their own, each with a model of what
// its pages are, while a timer's handler allocates on top of whatever they are in the middle of.
#include "memory_checks.h"

#include <pthread.h>
#include <signal.h>
#include <sys/time.h>

enum { block_count = 24, most_pages = 40, turns = 20000 };
// Enough blocks, far enough apart, that tables are given back (Sources/AddressSpace/Reclaim/TableMemory.swift).
enum { far_apart_count = 250, most_vast_pages = 80000 };

struct block {
    BYTE *base; // NULL while there is none
    unsigned page_count;
    unsigned tail_count; // pages behind these that stay reserved
    BYTE value;
    BYTE is_committed[most_pages];
};

struct worker {
    struct block blocks[block_count];
    uint64_t random;
    int wrong; // line of the first thing that was wrong
};

static _Thread_local volatile int handler_wrong;
static volatile int handler_runs;
static unsigned most_tail_pages;

#define EXPECT(worker, condition)                                                                  \
    do {                                                                                           \
        if (!(condition) && (worker)->wrong == 0)                                                  \
            (worker)->wrong = __LINE__;                                                            \
    } while (0)

static unsigned pick(struct worker *worker, unsigned count) {
    worker->random ^= worker->random << 13;
    worker->random ^= worker->random >> 7;
    worker->random ^= worker->random << 17;
    return (unsigned)(worker->random >> 33) % count;
}

static void cycle_in_handler(int signal) {
    (void)signal;
    DWORD last_error = GetLastError();
    BYTE *block =
        (BYTE *)VirtualAlloc(NULL, 16 * page_size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    if (block == NULL || block[0] != 0 || block[16 * page_size - 1] != 0)
        handler_wrong = 1;
    else
        block[0] = block[16 * page_size - 1] = 0x5A;
    if (!VirtualFree(block, 0, MEM_RELEASE))
        handler_wrong = 1;
    handler_runs = handler_runs + 1;
    SetLastError(last_error);
}

static void make(struct worker *worker, struct block *block) {
    DWORD commit = pick(worker, 2) ? MEM_COMMIT : 0;
    block->page_count = 1 + pick(worker, most_pages);
    block->value = (BYTE)(1 + pick(worker, 255));
    block->tail_count = most_tail_pages ? pick(worker, most_tail_pages) : 0;
    SIZE_T byte_count = block->page_count * (SIZE_T)page_size;
    SIZE_T tail_bytes = block->tail_count * (SIZE_T)page_size;
    DWORD at_once = tail_bytes == 0 ? commit : 0;
    block->base =
        (BYTE *)VirtualAlloc(NULL, byte_count + tail_bytes, MEM_RESERVE | at_once, PAGE_READWRITE);
    EXPECT(worker, block->base != NULL);
    if (commit != at_once)
        EXPECT(worker, VirtualAlloc(block->base, byte_count, commit, PAGE_READWRITE) != NULL);
    memset(block->is_committed, commit != 0, sizeof block->is_committed);
    for (unsigned page = 0; commit != 0 && page < block->page_count; page++) {
        EXPECT(worker, block->base[page * page_size] == 0);
        block->base[page * page_size] = block->value;
    }
}

static void commit(struct worker *worker, struct block *block, unsigned first, unsigned end) {
    BYTE *address = block->base + first * page_size;
    EXPECT(worker, VirtualAlloc(address, (end - first) * (SIZE_T)page_size, MEM_COMMIT,
                                PAGE_READWRITE) == address);
    for (unsigned page = first; page < end; page++) {
        BYTE expected = block->is_committed[page] ? block->value : 0;
        EXPECT(worker, block->base[page * page_size] == expected);
        block->base[page * page_size] = block->value;
        block->is_committed[page] = 1;
    }
}

static void decommit(struct worker *worker, struct block *block, unsigned first, unsigned end) {
    EXPECT(worker, VirtualFree(block->base + first * page_size, (end - first) * (SIZE_T)page_size,
                               MEM_DECOMMIT));
    memset(block->is_committed + first, 0, end - first);
}

static void protect(struct worker *worker, struct block *block, unsigned first, unsigned end) {
    BYTE *address = block->base + first * page_size;
    SIZE_T byte_count = (end - first) * (SIZE_T)page_size;
    DWORD before = 0;
    int is_whole = memchr(block->is_committed + first, 0, end - first) == NULL;
    BOOL is_done = VirtualProtect(address, byte_count, PAGE_READONLY, &before);
    EXPECT(worker, is_done == is_whole);
    if (!is_done)
        return;
    EXPECT(worker, before == PAGE_READWRITE && address[0] == block->value);
    EXPECT(worker, VirtualProtect(address, byte_count, PAGE_READWRITE, &before));
    EXPECT(worker, before == PAGE_READONLY);
}

static void query(struct worker *worker, struct block *block, unsigned first) {
    MEMORY_BASIC_INFORMATION region = region_at(block->base + first * page_size);
    unsigned end = first;
    while (end < block->page_count && block->is_committed[end] == block->is_committed[first])
        end++;
    if (end == block->page_count && !block->is_committed[first])
        end += block->tail_count;
    EXPECT(worker, region.State == (block->is_committed[first] ? MEM_COMMIT : MEM_RESERVE));
    EXPECT(worker, region.AllocationBase == block->base);
    EXPECT(worker, region.RegionSize == (end - first) * (SIZE_T)page_size);
}

static void take_turn(struct worker *worker) {
    struct block *block = &worker->blocks[pick(worker, block_count)];
    if (block->base == NULL) {
        make(worker, block);
        return;
    }
    unsigned first = pick(worker, block->page_count);
    unsigned end = first + 1 + pick(worker, block->page_count - first);
    switch (pick(worker, 8)) {
    case 0:
        EXPECT(worker, VirtualFree(block->base, 0, MEM_RELEASE));
        block->base = NULL;
        break;
    case 1:
        protect(worker, block, first, end);
        break;
    case 2:
        query(worker, block, first);
        break;
    case 3:
    case 4:
        decommit(worker, block, first, end);
        break;
    default:
        commit(worker, block, first, end);
    }
}

static void *work(void *argument) {
    struct worker *worker = (struct worker *)argument;
    for (int turn = 0; turn < turns && worker->wrong == 0; turn++)
        take_turn(worker);
    EXPECT(worker, !handler_wrong);
    for (unsigned block = 0; block < block_count; block++)
        if (worker->blocks[block].base != NULL)
            EXPECT(worker, VirtualFree(worker->blocks[block].base, 0, MEM_RELEASE));
    return NULL;
}

static void run(unsigned thread_count) {
    static struct worker workers[4];
    pthread_t threads[4];
    struct sigaction action = {.sa_handler = cycle_in_handler, .sa_flags = SA_RESTART};
    struct itimerval interval = {{0, 200}, {0, 200}}, never = {{0, 0}, {0, 0}};
    memset(workers, 0, sizeof workers);
    handler_runs = 0;
    CHECK_EQUAL(sigaction(SIGALRM, &action, NULL), 0);
    CHECK_EQUAL(setitimer(ITIMER_REAL, &interval, NULL), 0);
    for (unsigned number = 0; number < thread_count; number++) {
        workers[number].random = 0x9E3779B97F4A7C15u * (number + 1);
        if (thread_count > 1)
            CHECK_EQUAL(pthread_create(&threads[number], NULL, work, &workers[number]), 0);
    }
    if (thread_count == 1)
        work(&workers[0]);
    for (unsigned number = 0; thread_count > 1 && number < thread_count; number++)
        CHECK_EQUAL(pthread_join(threads[number], NULL), 0);
    CHECK_EQUAL(setitimer(ITIMER_REAL, &never, NULL), 0);
    for (unsigned number = 0; number < thread_count; number++)
        CHECK_EQUAL(workers[number].wrong, 0);
    CHECK(handler_runs > 20);
}

// First, so that the process has only one thread: then the library goes without locked instructions.
static void one_thread_finds_what_it_did_whenever_it_is_interrupted(void) {
    run(1);
}

static void four_threads_find_what_they_did_whenever_they_are_interrupted(void) {
    run(4);
}

static void run_with_vast_blocks(unsigned thread_count) {
    static void *far_apart[far_apart_count];
    for (int i = 0; i < far_apart_count; i++)
        far_apart[i] = reserved_pages(most_vast_pages);
    most_tail_pages = most_vast_pages;
    run(thread_count);
    most_tail_pages = 0;
    for (int i = 0; i < far_apart_count; i++)
        release(far_apart[i]);
}

static void one_thread_finds_what_it_did_while_the_memory_of_tables_comes_and_goes(void) {
    run_with_vast_blocks(1);
}

static void four_threads_find_what_they_did_while_the_memory_of_tables_comes_and_goes(void) {
    run_with_vast_blocks(4);
}

// 2.9
static void nothing_stays_charged(void) {
    MEMORYSTATUSEX status = {.dwLength = sizeof status};
    GRANTED(GlobalMemoryStatusEx(&status));
    CHECK_EQUAL(status.ullTotalPageFile, status.ullAvailPageFile);
}

TEST_PROGRAM(TEST(one_thread_finds_what_it_did_whenever_it_is_interrupted),
             TEST(one_thread_finds_what_it_did_while_the_memory_of_tables_comes_and_goes),
             TEST(four_threads_find_what_they_did_while_the_memory_of_tables_comes_and_goes),
             TEST(four_threads_find_what_they_did_whenever_they_are_interrupted),
             TEST(nothing_stays_charged))
