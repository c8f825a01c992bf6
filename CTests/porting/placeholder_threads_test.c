// Placeholders beside other threads and across fork: each call is one step for everybody else.
#include "placeholder_checks.h"

#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

enum { thread_count = 4, part_pages = 21, rounds = 3000 };

static BYTE *guest; // a placeholder
static int stopped, wrong_line;
static pthread_barrier_t barrier;

// Threads do not use the checks of the harness: the first line that is wrong is told at the end.
#define EXPECT(condition)                                                                          \
    do {                                                                                           \
        if (!(condition))                                                                          \
            __atomic_store_n(&wrong_line, __LINE__, __ATOMIC_RELAXED);                             \
    } while (0)

static void run(int count, void *(*function)(void *)) {
    pthread_t threads[thread_count];
    stopped = wrong_line = 0;
    pthread_barrier_init(&barrier, NULL, (unsigned)count);
    for (intptr_t i = 0; i < count; i++)
        CHECK_EQUAL(pthread_create(&threads[i], NULL, function, (void *)i), 0);
    for (int i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
    pthread_barrier_destroy(&barrier);
    CHECK_EQUAL(wrong_line, 0);
}

static void change_guest(void) {
    for (int round = 0; round < rounds; round++) {
        DWORD commit = round % 3 == 0 ? 0 : MEM_COMMIT;
        EXPECT(preserve(guest + 3 * page_size, part_pages));
        EXPECT(replace(guest + 3 * page_size, part_pages, commit, PAGE_READWRITE) != NULL);
        if (commit)
            guest[(3 + round % part_pages) * page_size] = 1;
        EXPECT(preserve(guest + 3 * page_size, part_pages));
        EXPECT(join(guest, 40));
    }
    __atomic_store_n(&stopped, 1, __ATOMIC_RELEASE);
}

static void intrude(void) {
    BYTE *granule = guest + allocation_granularity;
    while (!__atomic_load_n(&stopped, __ATOMIC_ACQUIRE)) {
        EXPECT(VirtualAlloc(granule, page_size, MEM_RESERVE, PAGE_READWRITE) == NULL);
        EXPECT(placeholder_at(guest, 1) == NULL);
        EXPECT(VirtualAlloc(guest + 2 * page_size, 1, MEM_COMMIT, PAGE_READWRITE) == NULL);
        MEMORY_BASIC_INFORMATION region = region_at(guest + 5 * page_size);
        int is_memory = region.AllocationProtect == PAGE_READWRITE;
        EXPECT(region.State == MEM_RESERVE || (region.State == MEM_COMMIT && is_memory));
        EXPECT(!is_memory || region.AllocationBase == guest + 3 * page_size);
        region = region_at(guest + 2 * page_size);
        EXPECT(region.State == MEM_RESERVE && region.AllocationBase == guest);
    }
}

static void *change_or_intrude(void *number) {
    pthread_barrier_wait(&barrier);
    if (number == NULL)
        change_guest();
    else
        intrude();
    return NULL;
}

// 10.16, 10.19, 10.20
static void an_address_is_never_free_between_placeholder_and_memory(void) {
    guest = new_placeholder(40);
    run(3, change_or_intrude);
    CHECK_PLACEHOLDER(guest, 40);
    release(guest);
}

static int winners;

static void *race(void *number) {
    for (int round = 0; round < 400; round++) {
        pthread_barrier_wait(&barrier);
        DWORD commit = (round + (int)(intptr_t)number) % 2 ? MEM_COMMIT : 0;
        if (replace(guest, part_pages, commit, PAGE_READWRITE) == guest)
            __atomic_add_fetch(&winners, 1, __ATOMIC_RELAXED);
        pthread_barrier_wait(&barrier);
        if (number == NULL) {
            EXPECT(winners == 1);
            winners = 0;
        }
        pthread_barrier_wait(&barrier);
        if (preserve(guest, part_pages))
            __atomic_add_fetch(&winners, 1, __ATOMIC_RELAXED);
        pthread_barrier_wait(&barrier);
        if (number == NULL) {
            EXPECT(winners == 1);
            winners = 0;
        }
    }
    return NULL;
}

// 10.14, 10.16, 2.10
static void of_threads_that_want_one_placeholder_exactly_one_gets_it(void) {
    guest = new_placeholder(40);
    GRANTED(preserve(guest, part_pages));
    run(thread_count, race);
    release(guest);
    release(guest + part_pages * page_size);
}

// Divides its part of the guest, fills and gives back pieces of it, and joins all again.
static void *live_in_own_part(void *number) {
    BYTE *part = guest + (intptr_t)number * part_pages * page_size;
    pthread_barrier_wait(&barrier);
    for (int round = 0; round < rounds / 2 && wrong_line == 0; round++) {
        int first = 1 + round % 7, count = 2 + round % 11;
        BYTE *piece = part + first * page_size, value = (BYTE)(round % 255 + 1);
        EXPECT(preserve(piece, (SIZE_T)count));
        EXPECT(replace(piece, (SIZE_T)count, MEM_COMMIT, PAGE_READWRITE) == piece);
        EXPECT(every_byte_is(piece, 0, (SIZE_T)count * page_size));
        memset(piece, value, (SIZE_T)count * page_size);
        EXPECT(preserve(piece + page_size, 1));
        EXPECT(every_byte_is(piece, value, page_size));
        EXPECT(count == 2 || every_byte_is(piece + 2 * page_size, value, page_size));
        EXPECT(preserve(piece, 1));
        EXPECT(count == 2 || preserve(piece + 2 * page_size, (SIZE_T)count - 2));
        EXPECT(join(part, part_pages));
    }
    return NULL;
}

// 2.6, 2.10: the parts begin and end inside granules that others have pages in
static void threads_with_parts_of_one_guest_do_not_disturb_each_other(void) {
    guest = new_placeholder(thread_count * part_pages);
    for (int i = 0; i + 1 < thread_count; i++)
        GRANTED(preserve(guest + i * part_pages * page_size, part_pages));
    run(thread_count, live_in_own_part);
    GRANTED(join(guest, thread_count * part_pages));
    CHECK_PLACEHOLDER(guest, thread_count * part_pages);
    release(guest);
}

static int child_uses_the_guest(void) {
    MEMORY_BASIC_INFORMATION region = region_at(guest);
    if (region.State != MEM_RESERVE || region.RegionSize != 8 * page_size)
        return 1;
    if (VirtualAlloc(guest, page_size, MEM_COMMIT, PAGE_READWRITE) != NULL)
        return 2;
    if (!every_byte_is(guest + 8 * page_size, 0x61, 8 * page_size))
        return 3;
    if (!preserve(guest + 8 * page_size, 8) || !join(guest, 16) ||
        replace(guest, 16, MEM_COMMIT, PAGE_READWRITE) != guest)
        return 4;
    if (!every_byte_is(guest, 0, 16 * page_size))
        return 5;
    return VirtualFree(guest, 0, MEM_RELEASE) ? 0 : 6;
}

// fork(2): the child has the placeholders, and memory in their places, as they were
static void a_child_has_the_placeholders_of_its_parent(void) {
    guest = new_placeholder(16);
    GRANTED(preserve(guest, 8));
    GRANTED(replace(guest + 8 * page_size, 8, MEM_COMMIT, PAGE_READWRITE));
    memset(guest + 8 * page_size, 0x61, 8 * page_size);
    pid_t child = fork();
    if (child == 0)
        _exit(child_uses_the_guest());
    int status = -1;
    CHECK(child > 0 && waitpid(child, &status, 0) == child);
    CHECK_EQUAL(status, 0);
    CHECK_PLACEHOLDER(guest, 8);
    CHECK(every_byte_is(guest + 8 * page_size, 0x61, 8 * page_size));
    release(guest);
    release(guest + 8 * page_size);
}

TEST_PROGRAM(TEST(an_address_is_never_free_between_placeholder_and_memory),
             TEST(of_threads_that_want_one_placeholder_exactly_one_gets_it),
             TEST(threads_with_parts_of_one_guest_do_not_disturb_each_other),
             TEST(a_child_has_the_placeholders_of_its_parent))
