// Linux only: places between limits, among other people's mappings, which come and go.
#include "place_model.h"

#include <pthread.h>
#include <sys/mman.h>

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000
#endif

static const DWORD directions[] = {0, MEM_TOP_DOWN};

static void *map_at(ULONG_PTR address, SIZE_T byte_count) {
    void *base = mmap((void *)address, byte_count, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
    return base == MAP_FAILED ? NULL : base;
}

static void *foreign(ULONG_PTR address, SIZE_T byte_count) {
    void *base = map_at(address, byte_count);
    CHECK_EQUAL((ULONG_PTR)base, address);
    return base;
}

// 2.11, 3.59: other windows than elsewhere in this program, so that none of it is an arena's
static void other_peoples_mappings_are_stepped_over_from_either_end(void) {
    for (int i = 0; i < 2; i++) {
        check_row(i ? "highest first" : "lowest first");
        ULONG_PTR base = 0x5A0640000000ull + (ULONG_PTR)i * 0x10000000;
        struct request request = {base, base + 0x200000, 0x18000, 0x10000, directions[i]};
        ULONG_PTR edge = i ? base + 0x1F0000 : base;
        foreign(edge, 0x10000);
        foreign(base + 0x100000 - (i ? 0 : 0x1000), 0x1000);
        BYTE *blocks[16];
        int count = 0;
        while (count < 16 && (blocks[count] = CHECK_PLACE(&request, MEM_RESERVE)) != NULL)
            count++;
        munmap((void *)edge, 0x10000);
        munmap((void *)(base + 0x100000 - (i ? 0 : 0x1000)), 0x1000);
        request.byte_count = 0x10000;
        BYTE *at_edge = CHECK_PLACE(&request, MEM_RESERVE);
        CHECK_EQUAL((ULONG_PTR)at_edge, edge);
        release(at_edge);
        while (count > 0)
            release(blocks[--count]);
    }
}

// 3.59: as soon as somebody unmaps something, there is a higher place
static void a_place_that_becomes_free_is_used_at_once(void) {
    for (int i = 0; i < 2; i++) {
        check_row(i ? "highest first" : "lowest first");
        ULONG_PTR base = 0x5A0740000000ull + (ULONG_PTR)i * 0x10000000;
        struct request request = {base, base + 0x200000, 0x20000, 0x20000, directions[i]};
        void *obstacle = foreign(i ? base + 0x150000 : base, 0xB0000);
        BYTE *first = CHECK_PLACE(&request, MEM_RESERVE | MEM_COMMIT);
        munmap(obstacle, 0xB0000);
        BYTE *second = CHECK_PLACE(&request, MEM_RESERVE | MEM_COMMIT);
        CHECK(i ? second > first : second < first);
        release(first);
        release(second);
    }
}

// 2.11, 3.23: the last 64 KiB are shared with somebody else
static void a_mapping_in_the_last_granule_stays_where_it_is(void) {
    for (SIZE_T pages = 1; pages < 16; pages++) {
        check_row("%u pages of the granule", (unsigned)pages);
        ULONG_PTR end = 0x5A0840000000ull + pages * 0x100000;
        SIZE_T byte_count = 0x20000 + pages * page_size;
        BYTE *obstacle = (BYTE *)foreign(end + pages * page_size, page_size);
        obstacle[0] = 42;
        struct request request = {end - 0x100000, end + 0x10000, byte_count, 0x10000, MEM_TOP_DOWN};
        BYTE *base = CHECK_PLACE(&request, MEM_RESERVE | MEM_COMMIT);
        CHECK_EQUAL((ULONG_PTR)base, end - 0x20000);
        memset(base, 7, byte_count);
        release(base);
        CHECK_EQUAL((ULONG_PTR)GRANTED(
                        VirtualAlloc(base, byte_count, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE)),
                    (ULONG_PTR)base);
        CHECK(every_byte_is(base, 0, byte_count));
        GRANTED(VirtualFree(base + 0x1F000, 0x2000, MEM_DECOMMIT));
        CHECK_EQUAL(obstacle[0], 42);
        release(base);
        munmap(obstacle, page_size);
        request.end = end + (pages + 1) * page_size;
        request.byte_count += page_size;
        base = CHECK_PLACE(&request, MEM_RESERVE | MEM_COMMIT);
        memset(base, 9, request.byte_count);
        release(base);
    }
}

static volatile int is_over;

static void *come_and_go(void *argument) {
    ULONG_PTR address = *(ULONG_PTR *)argument;
    while (!__atomic_load_n(&is_over, __ATOMIC_RELAXED)) {
        BYTE *base = (BYTE *)map_at(address, page_size);
        if (base == NULL)
            continue;
        *(volatile BYTE *)base = 1;
        munmap(base, page_size);
    }
    return NULL;
}

// 2.10, 3.59
static void a_mapping_that_comes_and_goes_leads_to_one_place_or_the_next(void) {
    ULONG_PTR top = 0x5A0930000000ull, obstacle = top - 0x8000;
    int counts[2] = {0, 0};
    pthread_t thread;
    is_over = 0;
    CHECK_EQUAL(pthread_create(&thread, NULL, come_and_go, &obstacle), 0);
    for (int round = 0; round < 4000; round++) {
        // Fresh addresses: what was once ours is not free to others again.
        struct request request = {top - 0x1000000, top, 0x10000, 0x10000, MEM_TOP_DOWN};
        BYTE *base = placed(&request, MEM_RESERVE | MEM_COMMIT);
        int which = (int)((top - 0x10000 - (ULONG_PTR)base) / 0x10000);
        CHECK(which == 0 || which == 1);
        if (which != 0 && which != 1)
            break;
        counts[which]++;
        base[0x8000] = 2;
        release(base);
        if (which == 0)
            break;
    }
    is_over = 1;
    pthread_join(thread, NULL);
    CHECK_EQUAL(counts[0], 1);
}

TEST_PROGRAM(TEST(other_peoples_mappings_are_stepped_over_from_either_end),
             TEST(a_place_that_becomes_free_is_used_at_once),
             TEST(a_mapping_in_the_last_granule_stays_where_it_is),
             TEST(a_mapping_that_comes_and_goes_leads_to_one_place_or_the_next))
