// Threads that release parts of one allocation, commit, decommit and reserve again side by side. The
// stripe of each begins and ends inside granules that it shares with its neighbours.
#include "native_checks.h"

#include <pthread.h>

enum { thread_count = 4, stripe_pages = 69, granule = 16, steps = 12000 };
enum { window_pages = thread_count * stripe_pages };

struct page {
    int allocation; // 0: free; else a number of the thread's own
    int committed;
    BYTE value; // of all its bytes
};

struct stripe {
    BYTE *base;
    struct page pages[stripe_pages];
    int last_allocation;
    uint64_t random_state;
    int wrong_line;
    int calls;
};

static pthread_barrier_t barrier;

#define EXPECT(stripe, condition)                                                                  \
    do {                                                                                           \
        if (!(condition) && (stripe)->wrong_line == 0)                                             \
            (stripe)->wrong_line = __LINE__;                                                       \
    } while (0)

static int random_below(struct stripe *stripe, int limit) {
    stripe->random_state = stripe->random_state * 6364136223846793005u + 1442695040888963407u;
    return (int)((unsigned)(stripe->random_state >> 33) % (unsigned)limit);
}

static BYTE *address_of(const struct stripe *stripe, int index) {
    return stripe->base + index * page_size;
}

static int is_one_allocation(const struct stripe *stripe, int first, int count) {
    for (int i = first; i < first + count; i++)
        if (stripe->pages[i].allocation != stripe->pages[first].allocation)
            return 0;
    return stripe->pages[first].allocation != 0;
}

static struct native_range range_of(const struct stripe *stripe, int first, int count) {
    return native_range(address_of(stripe, first), (SIZE_T)count * page_size);
}

static void reserve_again(struct stripe *stripe) {
    int first = random_below(stripe, stripe_pages), count = 1 + random_below(stripe, 40);
    first -= (int)((ULONG_PTR)address_of(stripe, first) / page_size % granule);
    if (first < 0)
        return;
    int free_pages = 0;
    while (first + free_pages < stripe_pages && stripe->pages[first + free_pages].allocation == 0)
        free_pages++;
    // Mostly all the room there is.
    if (free_pages > 0 && random_below(stripe, 4) != 0)
        count = free_pages;
    if (first + count > stripe_pages)
        return;
    int expected = count <= free_pages;
    int committed = random_below(stripe, 2);
    struct native_range range = range_of(stripe, first, count);
    NTSTATUS status = allocate(&range, MEM_RESERVE | (committed ? MEM_COMMIT : 0), PAGE_READWRITE);
    EXPECT(stripe, status == (expected ? STATUS_SUCCESS : STATUS_CONFLICTING_ADDRESSES));
    if (status != STATUS_SUCCESS)
        return;
    stripe->calls++;
    stripe->last_allocation++;
    for (int i = first; i < first + count; i++)
        stripe->pages[i] = (struct page){stripe->last_allocation, committed, 0};
}

static void change_pages(struct stripe *stripe) {
    int first = random_below(stripe, stripe_pages), count = 1 + random_below(stripe, 12);
    // Mostly pages that it can be done to.
    int is_chosen = random_below(stripe, 4) != 0;
    while (is_chosen && first < stripe_pages - 1 && stripe->pages[first].allocation == 0)
        first++;
    while (count > 1 && (first + count > stripe_pages ||
                         (is_chosen && !is_one_allocation(stripe, first, count))))
        count--;
    int expected = is_one_allocation(stripe, first, count);
    struct native_range range = range_of(stripe, first, count);
    int operation = random_below(stripe, 6) / 2 + (random_below(stripe, 4) == 0);
    NTSTATUS status = operation <= 1   ? allocate(&range, MEM_COMMIT, PAGE_READWRITE)
                      : operation == 2 ? free_range(&range, MEM_DECOMMIT)
                                       : free_range(&range, MEM_RELEASE);
    EXPECT(stripe, (status == STATUS_SUCCESS) == expected);
    EXPECT(stripe, range.base == address_of(stripe, first) &&
                       range.byte_count == (SIZE_T)count * page_size);
    if (status != STATUS_SUCCESS)
        return;
    stripe->calls++;
    for (int i = first; i < first + count; i++) {
        if (operation == 3)
            stripe->pages[i].allocation = 0;
        if (operation >= 2 || !stripe->pages[i].committed)
            stripe->pages[i].value = 0;
        stripe->pages[i].committed = operation <= 1;
    }
}

static void write_a_page(struct stripe *stripe) {
    struct page *page = &stripe->pages[random_below(stripe, stripe_pages)];
    if (!page->committed)
        return;
    page->value = (BYTE)(1 + random_below(stripe, 255));
    memset(address_of(stripe, (int)(page - stripe->pages)), page->value, page_size);
}

// The base is known where something else of the stripe lies below.
static const BYTE *known_base(const struct stripe *stripe, int index) {
    int first = index;
    while (first > 0 && stripe->pages[first - 1].allocation == stripe->pages[index].allocation)
        first--;
    return first > 0 ? address_of(stripe, first) : NULL;
}

static void check_page(struct stripe *stripe, int index) {
    const struct page *page = &stripe->pages[index];
    BYTE *address = address_of(stripe, index);
    MEMORY_BASIC_INFORMATION region = region_at(address);
    DWORD state = page->allocation == 0 ? MEM_FREE : page->committed ? MEM_COMMIT : MEM_RESERVE;
    EXPECT(stripe, region.State == state);
    const BYTE *base = known_base(stripe, index);
    if (page->allocation != 0 && base != NULL)
        EXPECT(stripe, region.AllocationBase == base);
    if (page->committed)
        EXPECT(stripe, every_byte_is(address, page->value, page_size));
    SIZE_T alike = 0;
    for (int i = index; i < stripe_pages && stripe->pages[i].committed == page->committed &&
                        stripe->pages[i].allocation == page->allocation;
         i++)
        alike += page_size;
    // Only at the end of the stripe may it go on.
    if (index + (int)(alike / page_size) < stripe_pages)
        EXPECT(stripe, region.RegionSize == alike);
}

static void *work(void *argument) {
    struct stripe *stripe = (struct stripe *)argument;
    pthread_barrier_wait(&barrier);
    for (int step = 0; step < steps && stripe->wrong_line == 0; step++) {
        int what = random_below(stripe, 10);
        if (what <= 1)
            reserve_again(stripe);
        else if (what < 5)
            change_pages(stripe);
        else if (what < 8)
            write_a_page(stripe);
        else
            check_page(stripe, random_below(stripe, stripe_pages));
    }
    return NULL;
}

static void release_all(BYTE *window) {
    for (SIZE_T i = 0; i < window_pages;) {
        MEMORY_BASIC_INFORMATION region = region_at(window + i * page_size);
        if (region.State == MEM_FREE) {
            i += region.RegionSize / page_size;
        } else {
            GRANTED(VirtualFree(region.AllocationBase, 0, MEM_RELEASE));
            CHECK(region_at(window + i * page_size).State == MEM_FREE);
        }
    }
}

static void run_threads(BYTE *window, uint64_t seed) {
    static struct stripe stripes[thread_count];
    pthread_t threads[thread_count];
    check_row("seed %u", (unsigned)seed);
    GRANTED(VirtualAlloc(window, window_pages * page_size, MEM_RESERVE, PAGE_READWRITE));
    pthread_barrier_init(&barrier, NULL, thread_count);
    for (int i = 0; i < thread_count; i++) {
        struct stripe *stripe = &stripes[i];
        memset(stripe, 0, sizeof *stripe);
        stripe->base = window + i * stripe_pages * page_size;
        stripe->random_state = seed * 100 + (uint64_t)i;
        stripe->last_allocation = 1;
        for (int k = 0; k < stripe_pages; k++)
            stripe->pages[k].allocation = 1;
        CHECK_EQUAL(pthread_create(&threads[i], NULL, work, stripe), 0);
    }
    for (int i = 0; i < thread_count; i++)
        pthread_join(threads[i], NULL);
    pthread_barrier_destroy(&barrier);
    for (int i = 0; i < thread_count; i++) {
        for (int k = 0; k < stripe_pages; k++)
            check_page(&stripes[i], k);
        CHECK_EQUAL(stripes[i].wrong_line, 0);
        CHECK(stripes[i].calls > steps / 20);
    }
    release_all(window);
}

// 2.10, 4.31 to 4.34, among the addresses that the library has
static void threads_that_release_parts_leave_each_others_pages_alone(void) {
    for (uint64_t seed = 1; seed <= 6; seed++)
        run_threads(free_space(window_pages * page_size), seed);
}

// 2.10, 4.31 to 4.34, at addresses that become an arena by the first release of a part
static void threads_that_release_parts_at_a_chosen_address_do_too(void) {
    for (uint64_t seed = 11; seed <= 16; seed++)
        run_threads((BYTE *)(ULONG_PTR)(0x5B0000000000 + (seed << 32)), seed);
}

TEST_PROGRAM(TEST(threads_that_release_parts_leave_each_others_pages_alone),
             TEST(threads_that_release_parts_at_a_chosen_address_do_too))
