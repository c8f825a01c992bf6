// Linux only: MEM_TOP_DOWN without limits, the room of the main stack, and threads that search for a
// place at the same time.
#include "place_model.h"

#include <pthread.h>
#include <sys/resource.h>

static const DWORD directions[] = {0, MEM_TOP_DOWN};

enum { thread_count = 4, most_blocks = 256 };
static BYTE *blocks[thread_count][most_blocks];
static ULONG_PTR window_base;

static void *fill_the_window(void *argument) {
    BYTE **own = blocks[*(int *)argument];
    struct request request = {window_base, window_base + most_blocks * 0x10000ull, 0x10000, 0x10000,
                              directions[*(int *)argument % 2]};
    for (int count = 0; count < most_blocks; count++) {
        own[count] = placed(&request, MEM_RESERVE | (count % 2 ? MEM_COMMIT : 0));
        if (own[count] == NULL)
            break;
    }
    return NULL;
}

// 2.10, 10.11
static void threads_that_search_at_once_use_the_room_up(void) {
    for (int round = 0; round < 24; round++) {
        check_row("round %d", round);
        window_base = 0x5A0A40000000ull + (ULONG_PTR)round * 0x10000000;
        pthread_t threads[thread_count];
        int numbers[thread_count], total = 0;
        memset(blocks, 0, sizeof blocks);
        for (int i = 0; i < thread_count; i++) {
            numbers[i] = i;
            CHECK_EQUAL(pthread_create(&threads[i], NULL, fill_the_window, &numbers[i]), 0);
        }
        for (int i = 0; i < thread_count; i++)
            pthread_join(threads[i], NULL);
        for (int i = 0; i < thread_count; i++)
            for (int k = 0; k < most_blocks && blocks[i][k] != NULL; k++, total++)
                release(blocks[i][k]);
        CHECK_EQUAL(total, most_blocks);
    }
}

static SIZE_T stack_limit(void) {
    struct rlimit limit;
    getrlimit(RLIMIT_STACK, &limit);
    return limit.rlim_cur < 1 << 30 ? limit.rlim_cur : 1 << 30;
}

// The room into which the main stack may grow, as /proc/self/maps and the limit have it.
static void find_stack(ULONG_PTR *start, ULONG_PTR *end) {
    FILE *file = fopen("/proc/self/maps", "r");
    char line[512];
    *start = *end = 0;
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (strstr(line, "[stack]") != NULL)
            sscanf(line, "%" SCNxPTR "-%" SCNxPTR, start, end);
    if (file != NULL)
        fclose(file);
    *start = (*end - stack_limit() - 0x100000) & ~0xFFFFull;
}

// From the top down: the free regions of VirtualQuery, less the room of the stack.
static ULONG_PTR highest_place(SIZE_T byte_count) {
    ULONG_PTR stack_start, stack_end, found = 0, run = 0;
    find_stack(&stack_start, &stack_end);
    MEMORY_BASIC_INFORMATION region;
    for (ULONG_PTR at = 0x10000; at < 0x7FFFFFFE0000; at += region.RegionSize) {
        region = region_at((void *)at);
        ULONG_PTR end = at + region.RegionSize;
        if (region.State != MEM_FREE) {
            run = 0;
            continue;
        }
        if (run == 0)
            run = (at + 0xFFFF) & ~0xFFFFull;
        if (end == stack_start || (end > stack_start && run < stack_end))
            end = stack_start;
        if (end >= run + byte_count)
            found = (end - byte_count) & ~0xFFFFull;
    }
    return found;
}

// 3.59
static void top_down_takes_the_highest_place_of_all(void) {
    static const SIZE_T sizes[] = {0x1000, 0x10000, 0x11000, 0x400000, 0x80000000, 0x10000000000};
    BYTE *held[12];
    for (int i = 0; i < 12; i++) {
        check_row("request %d", i);
        // The library's own tables come to lie somewhere too, when a part of the address space is
        // used for the first time.
        release(
            GRANTED(VirtualAlloc(NULL, sizes[i % 6], MEM_RESERVE | MEM_TOP_DOWN, PAGE_READWRITE)));
        ULONG_PTR expected = highest_place(sizes[i % 6]);
        held[i] = (BYTE *)GRANTED(
            VirtualAlloc(NULL, sizes[i % 6], MEM_RESERVE | MEM_TOP_DOWN, PAGE_READWRITE));
        CHECK_EQUAL((ULONG_PTR)held[i], expected);
    }
    for (int i = 0; i < 12; i++)
        release(held[i]);
    BYTE *again =
        (BYTE *)GRANTED(VirtualAlloc(NULL, sizes[0], MEM_COMMIT | MEM_TOP_DOWN, PAGE_READWRITE));
    CHECK_EQUAL((ULONG_PTR)again, (ULONG_PTR)held[0]);
    release(again);
}

enum { large_block = 0x4000000, rounds = 64 };
static pthread_barrier_t barrier;

static void *take_from_the_top(void *argument) {
    BYTE **own = (BYTE **)argument;
    pthread_barrier_wait(&barrier);
    for (int i = 0; i < 2; i++)
        own[i] =
            (BYTE *)VirtualAlloc(NULL, large_block, MEM_RESERVE | MEM_TOP_DOWN, PAGE_READWRITE);
    return NULL;
}

// 2.10, 3.59: what one thread is making room of is not taken for somebody else's memory by another
static void threads_that_take_from_the_top_leave_no_room_above(void) {
    static BYTE *taken[rounds][thread_count][2];
    pthread_barrier_init(&barrier, NULL, thread_count);
    for (int round = 0; round < rounds; round++) {
        check_row("round %d", round);
        pthread_t threads[thread_count];
        ULONG_PTR lowest = ~(ULONG_PTR)0;
        for (int i = 0; i < thread_count; i++)
            CHECK_EQUAL(pthread_create(&threads[i], NULL, take_from_the_top, taken[round][i]), 0);
        for (int i = 0; i < thread_count; i++) {
            pthread_join(threads[i], NULL);
            for (int k = 0; k < 2; k++)
                if ((ULONG_PTR)taken[round][i][k] < lowest)
                    lowest = (ULONG_PTR)taken[round][i][k];
        }
        CHECK(lowest != 0);
        CHECK(highest_place(large_block) < lowest);
    }
    pthread_barrier_destroy(&barrier);
    for (int i = 0; i < rounds * thread_count * 2; i++)
        release(taken[i / thread_count / 2][i / 2 % thread_count][i % 2]);
}

static int depth_reached(int depth) {
    volatile char frame[16384];
    frame[0] = frame[sizeof frame - 1] = (char)depth;
    return depth == 0 ? frame[0] : depth_reached(depth - 1) + (frame[0] != (char)depth);
}

// 2.11: the kernel shows no mapping there, yet it is not free
static void the_main_stack_keeps_the_room_to_grow(void) {
    ULONG_PTR start, end;
    find_stack(&start, &end);
    if (end > USER_SPACE_END)
        end = USER_SPACE_END;
    struct request request = {(start - 0x800000) & ~0xFFFFull, end, 0x10000, 0x10000, MEM_TOP_DOWN};
    BYTE *taken[256];
    int count = 0;
    while (count < 256 && (taken[count] = placed(&request, MEM_RESERVE)) != NULL)
        CHECK((ULONG_PTR)taken[count++] + 0x10000 <= start);
    CHECK(count > 0);
    CHECK_EQUAL(depth_reached((int)(stack_limit() / 16384 * 7 / 8)), 0);
    while (count > 0)
        release(taken[--count]);
}

TEST_PROGRAM(TEST(threads_that_search_at_once_use_the_room_up),
             TEST(threads_that_take_from_the_top_leave_no_room_above),
             TEST(top_down_takes_the_highest_place_of_all),
             TEST(the_main_stack_keeps_the_room_to_grow))
