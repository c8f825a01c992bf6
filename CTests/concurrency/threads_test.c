// Many threads at once: each call is atomic, and what one thread does never shows in another's
// memory.
#include "block_cycle.h"
#include "memory_checks.h"

#include <pthread.h>

enum { thread_count = 8 };

static pthread_barrier_t barrier;

struct work {
    int index;
    BYTE *region;
    ULONG_PTR wrong;
};

// Runs the function in all threads at once; answers how much they found wrong.
static ULONG_PTR run_in_threads(void *(*function)(void *), BYTE *region) {
    pthread_t threads[thread_count];
    struct work work[thread_count];
    ULONG_PTR wrong = 0;
    pthread_barrier_init(&barrier, NULL, thread_count);
    for (int i = 0; i < thread_count; i++) {
        work[i] = (struct work){i, region, 0};
        CHECK_EQUAL(pthread_create(&threads[i], NULL, function, &work[i]), 0);
    }
    for (int i = 0; i < thread_count; i++) {
        CHECK_EQUAL(pthread_join(threads[i], NULL), 0);
        wrong += work[i].wrong;
    }
    pthread_barrier_destroy(&barrier);
    return wrong;
}

static void *live_through_blocks(void *argument) {
    struct work *work = (struct work *)argument;
    for (int round = 0; round < 400; round++)
        work->wrong += block_cycle((BYTE)(work->index * 16 + round % 16 + 1)) != 0;
    return NULL;
}

// 2.10
static void threads_with_their_own_blocks_do_not_disturb_each_other(void) {
    CHECK_EQUAL(run_in_threads(live_through_blocks, NULL), 0);
}

enum { shared_pages = 256 };

// Every eighth page belongs to this thread.
static void *live_through_own_pages(void *argument) {
    struct work *work = (struct work *)argument;
    BYTE value = (BYTE)(work->index + 1);
    for (int round = 0; round < 12; round++)
        for (SIZE_T page = (SIZE_T)work->index; page < shared_pages; page += thread_count) {
            BYTE *address = work->region + page * page_size;
            work->wrong += VirtualAlloc(address, page_size, MEM_COMMIT, PAGE_READWRITE) != address;
            work->wrong += !bytes_are(address, 0, page_size);
            fill_bytes(address, value, page_size);
            work->wrong += region_at(address).Protect != PAGE_READWRITE;
            work->wrong += !bytes_are(address, value, page_size);
            work->wrong += !VirtualFree(address, page_size, MEM_DECOMMIT);
            work->wrong += region_at(address).State != MEM_RESERVE;
        }
    return NULL;
}

// 2.10
static void threads_work_on_different_pages_of_one_region(void) {
    BYTE *region = reserved_pages(shared_pages);
    CHECK_EQUAL(run_in_threads(live_through_own_pages, region), 0);
    CHECK_RESERVED(region, shared_pages * page_size);
    release(region);
}

// All commit the same pages at the same time, then each writes its own byte of each.
static void *commit_the_same_pages(void *argument) {
    struct work *work = (struct work *)argument;
    for (SIZE_T page = 0; page < shared_pages; page++) {
        BYTE *address = work->region + page * page_size;
        pthread_barrier_wait(&barrier);
        work->wrong += VirtualAlloc(address, page_size, MEM_COMMIT, PAGE_READWRITE) == NULL;
        address[work->index] = (BYTE)(work->index + 1);
    }
    return NULL;
}

// 3.44, 2.10
static void the_same_page_committed_by_many_threads_loses_no_byte(void) {
    BYTE *region = reserved_pages(shared_pages);
    CHECK_EQUAL(run_in_threads(commit_the_same_pages, region), 0);
    for (SIZE_T page = 0; page < shared_pages; page++)
        for (int i = 0; i < thread_count; i++)
            CHECK_EQUAL(region[page * page_size + i], i + 1);
    release(region);
}

static int winners[2];

static void *fight_for_one_address(void *argument) {
    struct work *work = (struct work *)argument;
    for (int round = 0; round < 200; round++) {
        pthread_barrier_wait(&barrier);
        if (VirtualAlloc(work->region, 3 * page_size, MEM_RESERVE, PAGE_READWRITE) != NULL)
            __atomic_add_fetch(&winners[0], 1, __ATOMIC_RELAXED);
        else
            work->wrong += GetLastError() != ERROR_INVALID_ADDRESS;
        pthread_barrier_wait(&barrier);
        if (VirtualFree(work->region, 0, MEM_RELEASE))
            __atomic_add_fetch(&winners[1], 1, __ATOMIC_RELAXED);
        else
            work->wrong += GetLastError() != ERROR_INVALID_ADDRESS;
    }
    return NULL;
}

// 2.10, 3.32, 4.15
static void of_many_threads_one_reserves_and_one_releases(void) {
    winners[0] = winners[1] = 0;
    BYTE *space = free_space(allocation_granularity);
    CHECK_EQUAL(run_in_threads(fight_for_one_address, space), 0);
    CHECK_EQUAL(winners[0], 200);
    CHECK_EQUAL(winners[1], 200);
    CHECK_FREE(space);
}

// Over-reserves, releases, and reserves the aligned part: another thread may come in between,
// and then this one tries again.
static void *reserve_aligned(void *argument) {
    struct work *work = (struct work *)argument;
    const SIZE_T alignment = 1 << 20, byte_count = 4 * allocation_granularity;
    for (int done = 0, tries = 0; done < 60 && tries < 100000; tries++) {
        BYTE *wide = (BYTE *)VirtualAlloc(NULL, byte_count + alignment, MEM_RESERVE, PAGE_NOACCESS);
        work->wrong += wide == NULL || !VirtualFree(wide, 0, MEM_RELEASE);
        BYTE *aligned = (BYTE *)(((ULONG_PTR)wide + alignment - 1) & ~(ULONG_PTR)(alignment - 1));
        BYTE *base =
            (BYTE *)VirtualAlloc(aligned, byte_count, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
        if (base == NULL) {
            work->wrong += GetLastError() != ERROR_INVALID_ADDRESS;
            continue;
        }
        work->wrong += base != aligned || !bytes_are(base, 0, page_size);
        fill_bytes(base, (BYTE)(work->index + 1), page_size);
        work->wrong += !bytes_are(base, (BYTE)(work->index + 1), page_size);
        work->wrong += !VirtualFree(base, 0, MEM_RELEASE);
        done++;
    }
    return NULL;
}

// 3.35, 2.10: the way that allocators get an alignment above the granularity.
static void an_aligned_part_of_a_released_reservation_is_had_by_one_thread(void) {
    CHECK_EQUAL(run_in_threads(reserve_aligned, NULL), 0);
}

static int makers_are_done;

static void make_and_release(struct work *work) {
    for (int round = 0; round < 3000; round++) {
        work->wrong += VirtualAlloc(work->region, 4 * page_size, MEM_RESERVE | MEM_COMMIT,
                                    PAGE_READWRITE) == NULL;
        work->wrong += !VirtualFree(work->region, 0, MEM_RELEASE);
    }
    __atomic_store_n(&makers_are_done, 1, __ATOMIC_RELEASE);
}

// One thread makes and releases a block, the others ask about it meanwhile.
static void *make_or_ask(void *argument) {
    struct work *work = (struct work *)argument;
    pthread_barrier_wait(&barrier);
    if (work->index == 0)
        make_and_release(work);
    while (!__atomic_load_n(&makers_are_done, __ATOMIC_ACQUIRE)) {
        MEMORY_BASIC_INFORMATION region = region_at(work->region + page_size);
        int is_free = region.State == MEM_FREE && region.Protect == PAGE_NOACCESS &&
                      region.AllocationBase == NULL && region.Type == 0;
        int is_committed = region.State == MEM_COMMIT && region.Protect == PAGE_READWRITE &&
                           region.AllocationBase == work->region &&
                           region.RegionSize == 3 * page_size && region.Type == MEM_PRIVATE;
        work->wrong += !is_free && !is_committed;
    }
    return NULL;
}

// 2.10
static void a_query_never_sees_half_of_a_call(void) {
    BYTE *space = free_space(allocation_granularity);
    makers_are_done = 0;
    CHECK_EQUAL(run_in_threads(make_or_ask, space), 0);
}

// One thread takes resets back that never were, the others count up a word each on the same pages.
static void *count_or_undo(void *argument) {
    struct work *work = (struct work *)argument;
    volatile DWORD *word =
        (volatile DWORD *)work->region + (work->index + thread_count - 1) % thread_count;
    pthread_barrier_wait(&barrier);
    for (DWORD round = 1; round <= 200000; round++) {
        if (work->index != 0)
            work->wrong += ++*word != round;
        else if (round % 100 == 0)
            work->wrong += VirtualAlloc(work->region, 2 * page_size, MEM_RESET_UNDO,
                                        PAGE_READWRITE) != work->region;
    }
    return NULL;
}

// 7.8, 7.10: making pages live again must not write old values over new ones.
static void an_undo_takes_no_write_of_another_thread_back(void) {
    BYTE *region = committed_pages(2);
    memset(region, 0, 2 * page_size);
    region[page_size] = 1;
    CHECK_EQUAL(run_in_threads(count_or_undo, region), 0);
    release(region);
}

TEST_PROGRAM(TEST(threads_with_their_own_blocks_do_not_disturb_each_other),
             TEST(threads_work_on_different_pages_of_one_region),
             TEST(the_same_page_committed_by_many_threads_loses_no_byte),
             TEST(of_many_threads_one_reserves_and_one_releases),
             TEST(an_aligned_part_of_a_released_reservation_is_had_by_one_thread),
             TEST(an_undo_takes_no_write_of_another_thread_back),
             TEST(a_query_never_sees_half_of_a_call))
