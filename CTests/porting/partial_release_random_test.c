// Random reserves, commits, decommits and releases of parts, against a model with one entry a page.
#include "native_checks.h"

enum { page_count = 192, granule = 16, steps = 3000 };

struct page {
    int allocation; // 0: free
    int committed;
    BYTE value; // of all its bytes
};

static struct page pages[page_count];
static BYTE *space;
static int last_allocation;
static uint64_t random_state;

static unsigned random_below(unsigned limit) {
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(random_state >> 33) % limit;
}

static int first_of(int index) {
    while (index > 0 && pages[index - 1].allocation == pages[index].allocation)
        index--;
    return index;
}

static int end_of(int index) {
    int allocation = pages[index].allocation;
    while (index < page_count && pages[index].allocation == allocation)
        index++;
    return index;
}

// What is left above a released part becomes an allocation of its own (4.32).
static void rename_from(int index) {
    int end = end_of(index);
    last_allocation++;
    for (int i = index; i < end; i++)
        pages[i].allocation = last_allocation;
}

static int reserve_somewhere(void) {
    int first = (int)random_below(page_count / granule) * granule;
    int count = 1 + (int)random_below(40);
    if (first + count > page_count)
        count = page_count - first;
    int expected = 1;
    for (int i = first; i < first + count; i++)
        expected = expected && pages[i].allocation == 0;
    struct native_range range = native_range(space + first * page_size, (SIZE_T)count * page_size);
    int committed = (int)random_below(2);
    NTSTATUS status = allocate(&range, MEM_RESERVE | (committed ? MEM_COMMIT : 0), PAGE_READWRITE);
    CHECK_EQUAL(status == 0, expected);
    if (status != 0)
        return 0;
    last_allocation++;
    for (int i = first; i < first + count; i++)
        pages[i] = (struct page){last_allocation, committed, 0};
    return 1;
}

static void change_a_range(void) {
    int first = (int)random_below(page_count), count = 1 + (int)random_below(24);
    if (first + count > page_count)
        count = page_count - first;
    int is_inside = pages[first].allocation != 0 && end_of(first) >= first + count;
    struct native_range range = native_range(space + first * page_size, (SIZE_T)count * page_size);
    int operation = (int)random_below(4);
    NTSTATUS status = operation <= 1   ? allocate(&range, MEM_COMMIT, PAGE_READWRITE)
                      : operation == 2 ? free_range(&range, MEM_DECOMMIT)
                                       : free_range(&range, MEM_RELEASE);
    CHECK_EQUAL(status == 0, is_inside);
    if (status != 0)
        return;
    CHECK_RANGE(range, space + first * page_size, (SIZE_T)count * page_size);
    if (operation == 3 && first + count < page_count &&
        pages[first + count].allocation == pages[first].allocation && first_of(first) < first)
        rename_from(first + count);
    for (int i = first; i < first + count; i++) {
        if (operation == 3)
            pages[i].allocation = 0;
        if (operation >= 2 || !pages[i].committed)
            pages[i].value = 0;
        pages[i].committed = operation <= 1;
    }
}

static void write_somewhere(void) {
    int index = (int)random_below(page_count);
    if (!pages[index].committed)
        return;
    pages[index].value = (BYTE)(1 + random_below(255));
    memset(space + index * page_size, pages[index].value, page_size);
}

static int agrees(int index) {
    MEMORY_BASIC_INFORMATION region = region_at(space + index * page_size);
    const struct page *page = &pages[index];
    DWORD state = page->allocation == 0 ? MEM_FREE : page->committed ? MEM_COMMIT : MEM_RESERVE;
    if (region.State != state)
        return 0;
    if (page->allocation != 0 && region.AllocationBase != space + first_of(index) * page_size)
        return 0;
    return !page->committed || every_byte_is(space + index * page_size, page->value, page_size);
}

static int all_agree(void) {
    for (int i = 0; i < page_count; i++)
        if (!agrees(i))
            return 0;
    return 1;
}

static void run_steps(BYTE *base, uint64_t seed) {
    space = base;
    random_state = seed;
    memset(pages, 0, sizeof pages);
    for (int step = 0; step < steps; step++) {
        unsigned what = random_below(8);
        if (what == 0)
            reserve_somewhere();
        else if (what < 5)
            change_a_range();
        else
            write_somewhere();
        if (step % 8 == 0 && !all_agree()) {
            check_row("seed %u, step %d", (unsigned)seed, step);
            CHECK(all_agree());
            return;
        }
    }
    for (int i = 0; i < page_count; i = end_of(i))
        if (pages[i].allocation != 0)
            GRANTED(VirtualFree(space + i * page_size, 0, MEM_RELEASE));
    memset(pages, 0, sizeof pages);
    CHECK(all_agree());
}

// 4.31 to 4.34, among the addresses that the library has
static void random_parts_leave_the_rest_as_it_was(void) {
    for (uint64_t seed = 1; seed <= 8; seed++)
        run_steps(free_space(page_count * page_size), seed);
}

// 4.31 to 4.34, far from all others
static void random_parts_at_a_chosen_address_leave_the_rest_as_it_was(void) {
    for (uint64_t seed = 11; seed <= 18; seed++)
        run_steps((BYTE *)(ULONG_PTR)(0x590000000000 + (seed << 32)), seed);
}

TEST_PROGRAM(TEST(random_parts_leave_the_rest_as_it_was),
             TEST(random_parts_at_a_chosen_address_leave_the_rest_as_it_was))
