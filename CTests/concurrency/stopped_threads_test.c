// Linux only: a thread that makes and releases a block is stopped again and again, wherever it is, by a
// signal whose handler takes its time. Who looks at the block meanwhile sees it whole or not at all.
#include "memory_checks.h"

#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <time.h>

enum { block_pages = 4, rounds = 8000 };

struct observer {
    BYTE *block;
    ULONG_PTR (*look)(BYTE *block);
    ULONG_PTR wrong;
};

static pthread_t maker;
static int maker_is_done;

static uint64_t nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

// About as long as a query looks again and again, now more, now less.
static void take_time(int signal) {
    (void)signal;
    static uint32_t random = 1;
    random = random * 1103515245 + 12345;
    uint64_t end = nanoseconds() + 10000 + (random >> 8) % 120000;
    while (nanoseconds() < end)
        continue;
}

static void *stop_the_maker(void *argument) {
    struct timespec pause = {0, 20000};
    while (!__atomic_load_n(&maker_is_done, __ATOMIC_ACQUIRE)) {
        pthread_kill(maker, SIGUSR1);
        nanosleep(&pause, NULL);
    }
    return argument;
}

static void *observe(void *argument) {
    struct observer *observer = (struct observer *)argument;
    while (!__atomic_load_n(&maker_is_done, __ATOMIC_ACQUIRE))
        observer->wrong += observer->look(observer->block);
    return NULL;
}

static ULONG_PTR make_and_release(BYTE *block) {
    ULONG_PTR wrong = 0;
    for (int round = 0; round < rounds; round++) {
        wrong += VirtualAlloc(block, block_pages * page_size, MEM_RESERVE | MEM_COMMIT,
                              PAGE_READWRITE) != block;
        wrong += !VirtualFree(block, 0, MEM_RELEASE);
    }
    return wrong;
}

// Works on a block while the function looks at it, and is stopped meanwhile; answers how much was
// wrong.
static ULONG_PTR run_while(ULONG_PTR (*work)(BYTE *block), ULONG_PTR (*look)(BYTE *block),
                           BYTE *block) {
    struct observer observer = {block, look, 0};
    struct sigaction action = {.sa_handler = take_time, .sa_flags = SA_RESTART};
    pthread_t stopper, looker;
    CHECK_EQUAL(sigaction(SIGUSR1, &action, NULL), 0);
    maker = pthread_self();
    maker_is_done = 0;
    CHECK_EQUAL(pthread_create(&stopper, NULL, stop_the_maker, NULL), 0);
    CHECK_EQUAL(pthread_create(&looker, NULL, observe, &observer), 0);
    ULONG_PTR wrong = work(block);
    __atomic_store_n(&maker_is_done, 1, __ATOMIC_RELEASE);
    CHECK_EQUAL(pthread_join(stopper, NULL), 0);
    CHECK_EQUAL(pthread_join(looker, NULL), 0);
    return wrong + observer.wrong;
}

// Makes and releases a block at a place outside the library's arenas.
static ULONG_PTR make_while(ULONG_PTR (*look)(BYTE *block)) {
    BYTE *block = (BYTE *)0x300000000000;
    CHECK_FREE(block);
    ULONG_PTR wrong = run_while(make_and_release, look, block);
    CHECK_FREE(block);
    return wrong;
}

static ULONG_PTR query_it(BYTE *block) {
    MEMORY_BASIC_INFORMATION region = region_at(block + page_size);
    int is_free = region.State == MEM_FREE && region.Protect == PAGE_NOACCESS &&
                  region.AllocationBase == NULL && region.Type == 0;
    int is_committed = region.State == MEM_COMMIT && region.Protect == PAGE_READWRITE &&
                       region.AllocationBase == block && region.Type == MEM_PRIVATE &&
                       region.RegionSize == (block_pages - 1) * page_size;
    return !is_free && !is_committed;
}

// 2.10
static void a_query_sees_a_block_whole_or_not_at_all(void) {
    CHECK_EQUAL(make_while(query_it), 0);
}

static ULONG_PTR protect_it(BYTE *block) {
    DWORD old = 0;
    if (VirtualProtect(block, page_size, PAGE_READONLY, &old))
        return old != PAGE_READWRITE && old != PAGE_READONLY;
    return GetLastError() != ERROR_INVALID_ADDRESS;
}

// 2.10, 5.10: what is being made is not somebody else's memory.
static void a_protection_finds_a_block_whole_or_not_at_all(void) {
    CHECK_EQUAL(make_while(protect_it), 0);
}

static ULONG_PTR lock_it(BYTE *block) {
    if (VirtualLock(block, page_size))
        return 0;
    return GetLastError() != ERROR_NOACCESS;
}

// 12.3
static void locking_finds_a_block_whole_or_not_at_all(void) {
    CHECK_EQUAL(make_while(lock_it), 0);
}

enum { large_bytes = 1 << 20 };
static BYTE *place;

static ULONG_PTR map_it_and_look(BYTE *unused) {
    (void)unused;
    BYTE *mapped = (BYTE *)mmap(place, large_bytes, PROT_READ | PROT_WRITE,
                                MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    if (mapped == MAP_FAILED)
        return 0;
    mapped[0] = 7;
    int is_told = region_at(mapped).State == MEM_COMMIT;
    int is_left = !VirtualFree(mapped, 0, MEM_RELEASE) && mapped[0] == 7;
    munmap(mapped, large_bytes);
    return !is_told || !is_left;
}

static ULONG_PTR come_and_go(BYTE *unused) {
    (void)unused;
    ULONG_PTR wrong = 0;
    for (int round = 0; round < rounds; round++) {
        BYTE *block = (BYTE *)GRANTED(
            VirtualAlloc(NULL, large_bytes, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE));
        wrong += block[0] != 0;
        block[0] = 9;
        release(block);
    }
    return wrong;
}

// 2.10. Where a block was released whole, another thread maps memory of its own, while a block is about
// to come back there.
static void memory_of_others_is_told_whatever_a_call_is_about_to_do_there(void) {
    place =
        (BYTE *)GRANTED(VirtualAlloc(NULL, large_bytes, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE));
    release(place);
    CHECK_EQUAL(run_while(come_and_go, map_it_and_look, place), 0);
}

TEST_PROGRAM(TEST(a_query_sees_a_block_whole_or_not_at_all),
             TEST(a_protection_finds_a_block_whole_or_not_at_all),
             TEST(locking_finds_a_block_whole_or_not_at_all),
             TEST(memory_of_others_is_told_whatever_a_call_is_about_to_do_there))
