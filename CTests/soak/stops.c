// A collector stops the world: it sends every thread a signal, in whose handler the thread waits,
// protects the heap, looks at it, opens it and lets all go on. Rule: the collector's calls end although
// all others stand still, wherever the signal met them.
#include "crew.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { pages_each = 64, heap_pages_each = 32 };

static BYTE *heap, *nursery;
static int threads;
static volatile int stopping, standing; // the stop's number while one is on; how many wait
static volatile long cycles;

static void check_granted(int granted, const char *what) {
    if (!granted)
        soak_wrong("%s: error 0x%x", what, (unsigned)GetLastError());
}

// Waits without a lock: the handler may stand on top of anything.
static void stand_still(int number) {
    int error = errno, stop = stopping;
    (void)number;
    if (crew_self() == NULL || stop == 0)
        return;
    __atomic_add_fetch(&standing, 1, __ATOMIC_SEQ_CST);
    while (stopping == stop) {
        struct timespec pause = {0, 20000};
        nanosleep(&pause, NULL);
    }
    __atomic_sub_fetch(&standing, 1, __ATOMIC_SEQ_CST);
    errno = error;
}

static BYTE *own_heap(int index) {
    return heap + (SIZE_T)index * heap_pages_each * page_bytes;
}

// The heap's pages stay committed; those of the nursery come and go.
static void mutate(struct member *member) {
    BYTE *own = nursery + (SIZE_T)member->index * pages_each * page_bytes;
    uint64_t *words = (uint64_t *)own_heap(member->index);
    uint64_t written = 0;
    while (!crew_stop) {
        DWORD before;
        uint64_t random = random_word(&member->random);
        SIZE_T size = (1 + random % pages_each) * page_bytes;
        member->doing = "VirtualProtect of the heap";
        check_granted(VirtualProtect(own_heap(member->index), heap_pages_each * page_bytes,
                                     PAGE_READWRITE, &before),
                      "protect");
        if (*words != written)
            soak_wrong("the heap holds 0x%llx, its owner wrote 0x%llx", (unsigned long long)*words,
                       (unsigned long long)written);
        member->doing = "a write to the heap";
        *words = written = random;
        member->doing = "commit";
        check_granted(VirtualAlloc(own, size, MEM_COMMIT, PAGE_READWRITE) != NULL, "commit");
        own[0] = own[size - 1] = 1;
        member->doing = "decommit";
        check_granted(VirtualFree(own, size, MEM_DECOMMIT), "decommit");
        member->doing = "a block of its own";
        BYTE *block = VirtualAlloc(NULL, size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
        check_granted(block != NULL, "a new block");
        check_granted(VirtualFree(block, 0, MEM_RELEASE), "release");
        member->steps++;
    }
}

static void stop_all(struct member *member) {
    member->doing = "waiting for all to stand still";
    stopping = (int)(member->steps + 1);
    for (int i = 0; i < threads; i++)
        if (crew[i].id != 0)
            pthread_kill(crew[i].thread, SIGUSR2);
    while (standing < threads && !crew_stop) {
        struct timespec pause = {0, 20000};
        nanosleep(&pause, NULL);
    }
}

static void go_on(struct member *member) {
    member->doing = "waiting for all to go on";
    stopping = 0;
    while (standing > 0) {
        struct timespec pause = {0, 20000};
        nanosleep(&pause, NULL);
    }
}

// The pages of the heap as they were are read while they cannot change.
static void collect_once(struct member *member) {
    DWORD before;
    SIZE_T size = (SIZE_T)threads * heap_pages_each * page_bytes;
    uint64_t sum = 0, again = 0;
    member->doing = "VirtualProtect of the stopped heap";
    check_granted(VirtualProtect(heap, size, PAGE_READONLY, &before), "protect all");
    for (SIZE_T i = 0; i < size; i += page_bytes)
        sum += *(volatile uint64_t *)(heap + i);
    member->doing = "a block beside the stopped world";
    BYTE *block = VirtualAlloc(NULL, size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    check_granted(block != NULL, "a new block");
    check_granted(VirtualFree(block, 0, MEM_RELEASE), "release");
    member->doing = "commit and decommit in the stopped nursery";
    check_granted(VirtualAlloc(nursery, page_bytes, MEM_COMMIT, PAGE_READWRITE) != NULL, "commit");
    for (SIZE_T i = 0; i < size; i += page_bytes)
        again += *(volatile uint64_t *)(heap + i);
    if (sum != again)
        soak_wrong("the heap changes while all stand still");
    member->doing = "VirtualProtect of the heap, to open it";
    check_granted(VirtualProtect(heap, size, PAGE_READWRITE, &before), "open all");
}

static void collect(struct member *member) {
    for (int i = 0; i < threads; i++)
        while (crew[i].id == 0)
            usleep(100);
    while (!crew_stop) {
        stop_all(member);
        if (standing == threads)
            collect_once(member);
        go_on(member);
        usleep((useconds_t)random_below(&member->random, 500));
        member->steps++;
        cycles++;
    }
}

static void run_test(int count, uint64_t seed, double seconds) {
    threads = options.threads > 2 && count >= options.threads ? options.threads - 1 : count;
    soak_running("the_world_can_be_stopped_anywhere", seed, (unsigned)seconds + 60);
    heap = VirtualAlloc(NULL, (SIZE_T)threads * heap_pages_each * page_bytes,
                        MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    nursery =
        VirtualAlloc(NULL, (SIZE_T)threads * pages_each * page_bytes, MEM_RESERVE, PAGE_READWRITE);
    for (int i = 0; i < threads; i++)
        crew_add("mutator", mutate, NULL, seed);
    crew_add("collector", collect, NULL, seed);
    crew_run(seconds, 2, NULL);
    check_granted(VirtualFree(heap, 0, MEM_RELEASE), "release of the heap");
    check_granted(VirtualFree(nursery, 0, MEM_RELEASE), "release of the nursery");
    soak_ended();
}

int main(int argc, char **argv) {
    static const int counts[] = {1, 3, 8, 40};
    struct sigaction action;
    soak_begin(argc, argv, "stops");
    memset(&action, 0, sizeof action);
    action.sa_handler = stand_still;
    action.sa_flags = SA_RESTART;
    sigaction(SIGUSR2, &action, NULL);
    double end = soak_now() + options.seconds, each = options.seconds / 4;
    for (uint64_t seed = options.seed; soak_now() < end; seed++)
        for (int i = 0; i < 4; i++)
            run_test(counts[i], seed, each > 5 ? 5 : each);
    return soak_end();
}
