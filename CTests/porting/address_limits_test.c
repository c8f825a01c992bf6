// VirtualAlloc2 between limits: the lowest place, or with MEM_TOP_DOWN the highest, whatever lies
// between them.
#include "place_model.h"

#define WINDOW 0x5A0420000000ull
enum { window_byte_count = 0x1000000, most_blocks = 96 };

static const DWORD directions[] = {0, MEM_TOP_DOWN};

static struct request whole_window(SIZE_T byte_count, DWORD type) {
    struct request request = {WINDOW, WINDOW + window_byte_count, byte_count,
                              allocation_granularity, type};
    return request;
}

static BYTE *fixed(ULONG_PTR base, SIZE_T byte_count) {
    return (BYTE *)GRANTED(
        VirtualAlloc((void *)base, byte_count, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE));
}

// 10.10, 10.11, 3.59
static void an_empty_window_is_filled_from_the_end_asked_for(void) {
    for (int i = 0; i < 2; i++) {
        check_row(i ? "highest first" : "lowest first");
        struct request request = whole_window(0x23000, directions[i]);
        BYTE *first = CHECK_PLACE(&request, MEM_RESERVE);
        CHECK_EQUAL((ULONG_PTR)first, i ? WINDOW + window_byte_count - 0x30000 : WINDOW);
        BYTE *second = CHECK_PLACE(&request, MEM_RESERVE | MEM_COMMIT);
        CHECK_EQUAL((ULONG_PTR)second, (ULONG_PTR)first + (i ? -0x30000 : 0x30000));
        second[0x22FFF] = 1;
        release(first);
        CHECK_EQUAL((ULONG_PTR)CHECK_PLACE(&request, MEM_RESERVE), (ULONG_PTR)first);
        release(first);
        release(second);
    }
}

// 3.59, 10.10
static void room_just_released_does_not_attract_from_the_other_end(void) {
    for (int i = 0; i < 2; i++) {
        check_row(i ? "highest first" : "lowest first");
        BYTE *middle = fixed(WINDOW + 0x800000, 0x100000);
        release(middle);
        struct request request = whole_window(0x20000, directions[1 - i]);
        BYTE *other_end = CHECK_PLACE(&request, MEM_RESERVE);
        release(other_end);
        request.type = directions[i];
        release(CHECK_PLACE(&request, MEM_RESERVE | MEM_COMMIT));
    }
}

// 10.9, 3.59
static void the_alignment_is_kept_from_either_end(void) {
    for (SIZE_T alignment = 0x10000; alignment <= 0x400000; alignment <<= 1)
        for (int i = 0; i < 2; i++) {
            check_row("alignment 0x%x, direction %d", (unsigned)alignment, i);
            BYTE *low = fixed(WINDOW, 0x1000);
            BYTE *high = fixed(WINDOW + window_byte_count - 0x10000, 0x10000);
            struct request request = whole_window(0x11000, directions[i]);
            request.alignment = alignment;
            release(CHECK_PLACE(&request, MEM_RESERVE));
            release(low);
            release(high);
        }
}

// 10.10: the limit is inclusive, to the page
static void the_last_page_before_the_limit_is_used(void) {
    for (SIZE_T pages = 1; pages <= 16; pages++) {
        check_row("%u pages above a granule", (unsigned)pages);
        struct request request = whole_window(pages * page_size, MEM_TOP_DOWN);
        request.end = WINDOW + 0x40000 + pages * page_size;
        BYTE *base = CHECK_PLACE(&request, MEM_RESERVE | MEM_COMMIT);
        CHECK_EQUAL((ULONG_PTR)base, WINDOW + 0x40000);
        base[pages * page_size - 1] = 1;
        release(base);
    }
}

static uint64_t random_state;

static unsigned random_below(unsigned limit) {
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(random_state >> 33) % limit;
}

static struct request random_request(void) {
    unsigned granules = window_byte_count / allocation_granularity;
    unsigned first = random_below(3) == 0 ? 0 : random_below(granules);
    unsigned last = random_below(3) == 0 ? granules : first + 1 + random_below(granules - first);
    struct request request = {WINDOW + (ULONG_PTR)first * allocation_granularity,
                              WINDOW + (ULONG_PTR)last * allocation_granularity,
                              1 + random_below(random_below(4) == 0 ? 0x300000 : 0x60000),
                              (SIZE_T)allocation_granularity << random_below(5),
                              directions[random_below(2)]};
    if (random_below(2) == 0)
        request.end -= random_below(15) * page_size;
    return request;
}

static void run_steps(uint64_t seed) {
    BYTE *blocks[most_blocks] = {0};
    random_state = seed;
    for (int step = 0; step < 250 && check_state.test_failures == 0; step++) {
        check_row("seed %u, step %d", (unsigned)seed, step);
        BYTE **block = &blocks[random_below(most_blocks)];
        if (*block != NULL) {
            release(*block);
            *block = NULL;
            continue;
        }
        struct request request = random_request();
        DWORD type = MEM_RESERVE | (random_below(2) ? MEM_COMMIT : 0);
        if (random_below(4) != 0)
            *block = CHECK_PLACE(&request, type);
        else
            *block = (BYTE *)VirtualAlloc((void *)(request.lowest + random_below(0x10000)),
                                          request.byte_count, type, PAGE_READWRITE);
    }
    for (int i = 0; i < most_blocks; i++)
        if (blocks[i] != NULL)
            release(blocks[i]);
}

// 3.59, 10.9 to 10.11
static void random_requests_get_the_place_that_a_walk_finds(void) {
    for (uint64_t seed = 1; seed <= 12; seed++)
        run_steps(seed);
}

TEST_PROGRAM(TEST(an_empty_window_is_filled_from_the_end_asked_for),
             TEST(room_just_released_does_not_attract_from_the_other_end),
             TEST(the_alignment_is_kept_from_either_end),
             TEST(the_last_page_before_the_limit_is_used),
             TEST(random_requests_get_the_place_that_a_walk_finds))
