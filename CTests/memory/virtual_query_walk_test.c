// VirtualQuery over the whole address space, as heap walkers and leak finders do it.
#include "memory_checks.h"

struct walk {
    SIZE_T region_count;
    ULONG_PTR end;
    DWORD last_error;
};

// Visits every region from address zero until VirtualQuery refuses.
static struct walk walk_address_space(void (*visit)(const MEMORY_BASIC_INFORMATION *, void *),
                                      void *context) {
    struct walk walk = {0, 0, 0};
    MEMORY_BASIC_INFORMATION region;
    SetLastError(UNTOUCHED_ERROR);
    while (walk.region_count < 2000000 &&
           VirtualQuery((void *)walk.end, &region, sizeof region) == sizeof region) {
        CHECK_EQUAL((ULONG_PTR)region.BaseAddress, walk.end);
        CHECK(region.RegionSize != 0 && region.RegionSize % page_size == 0);
        if (visit != NULL)
            visit(&region, context);
        walk.region_count++;
        walk.end += region.RegionSize;
        if (region.RegionSize == 0)
            break;
    }
    walk.last_error = GetLastError();
    return walk;
}

// 6.14
static void a_walk_from_zero_ends_at_the_top_with_an_invalid_parameter(void) {
    struct walk walk = walk_address_space(NULL, NULL);
    CHECK(walk.end >= USER_SPACE_END);
    CHECK(walk.end <= 0x800000000000ull);
    CHECK(walk.region_count > 4 && walk.region_count < 2000000);
    CHECK_EQUAL(walk.last_error, ERROR_INVALID_PARAMETER);
}

static void check_consistent(const MEMORY_BASIC_INFORMATION *region, void *context) {
    (void)context;
    check_row("address %p", region->BaseAddress);
    if (region->State == MEM_FREE) {
        CHECK(region->AllocationBase == NULL);
        CHECK_EQUAL(region->AllocationProtect, 0);
        CHECK_EQUAL(region->Protect, PAGE_NOACCESS);
        CHECK_EQUAL(region->Type, 0);
        return;
    }
    CHECK(region->State == MEM_COMMIT || region->State == MEM_RESERVE);
    CHECK(region->Type == MEM_PRIVATE || region->Type == MEM_MAPPED || region->Type == MEM_IMAGE);
    CHECK(region->AllocationBase != NULL && region->AllocationBase <= region->BaseAddress);
    CHECK(region->AllocationProtect != 0);
    if (region->State == MEM_COMMIT)
        CHECK(region->Protect != 0);
}

// 6.8, 6.9, 6.10, 6.23
static void every_region_of_the_walk_is_one_of_the_three_states(void) {
    BYTE *base = reserved_pages(8);
    GRANTED(VirtualAlloc(base + page_size, 2 * page_size, MEM_COMMIT, PAGE_READWRITE));
    walk_address_space(check_consistent, NULL);
    release(base);
}

struct found {
    const BYTE *base;
    SIZE_T reserved_byte_count, committed_byte_count, run_count;
};

static void add_up_runs_of(const MEMORY_BASIC_INFORMATION *region, void *context) {
    struct found *found = (struct found *)context;
    if (region->AllocationBase != found->base)
        return;
    found->run_count++;
    if (region->State == MEM_COMMIT)
        found->committed_byte_count += region->RegionSize;
    else
        found->reserved_byte_count += region->RegionSize;
}

// 6.5, 6.14, 3.47
static void the_walk_meets_every_run_of_an_allocation_once(void) {
    struct found found = {reserved_pages(64), 0, 0, 0};
    for (SIZE_T page = 0; page < 64; page += 4)
        GRANTED(VirtualAlloc((void *)(uintptr_t)(found.base + page * page_size), page_size,
                             MEM_COMMIT, PAGE_READWRITE));
    walk_address_space(add_up_runs_of, &found);
    CHECK_EQUAL(found.run_count, 32);
    CHECK_EQUAL(found.committed_byte_count, 16 * page_size);
    CHECK_EQUAL(found.reserved_byte_count, 48 * page_size);
    release((void *)(uintptr_t)found.base);
}

// 2.11
static void the_system_never_chooses_an_address_that_is_not_free(void) {
    enum { block_count = 200 };
    static BYTE *blocks[block_count];
    int variable_on_the_stack = 1;
    void *block = malloc(1 << 20);
    memset(block, 0x2E, 1 << 20);
    for (SIZE_T i = 0; i < block_count; i++) {
        blocks[i] = committed_pages(1 + i % 40);
        memset(blocks[i], 0xFF, (1 + i % 40) * page_size);
    }
    CHECK(every_byte_is(block, 0x2E, 1 << 20));
    CHECK_EQUAL(variable_on_the_stack, 1);
    for (SIZE_T i = 0; i < block_count; i++)
        release(blocks[i]);
    free(block);
}

struct free_space_sum {
    SIZE_T byte_count;
};

static void add_up_free_space(const MEMORY_BASIC_INFORMATION *region, void *context) {
    if (region->State == MEM_FREE)
        ((struct free_space_sum *)context)->byte_count += region->RegionSize;
}

// 2.7, 4.18: what was reserved is missing from the free space, and comes back with the release.
static void free_space_shrinks_by_a_reservation_and_is_whole_after_its_release(void) {
    struct free_space_sum before = {0}, between = {0}, after = {0};
    BYTE *warm_up = reserved_pages(1);
    release(warm_up);
    walk_address_space(add_up_free_space, &before);
    BYTE *base = reserved_pages(256);
    walk_address_space(add_up_free_space, &between);
    release(base);
    walk_address_space(add_up_free_space, &after);
    CHECK_EQUAL(before.byte_count - between.byte_count, 256 * page_size);
    CHECK_EQUAL(after.byte_count, before.byte_count);
}

// 6.12
static void nothing_can_be_allocated_in_the_last_64_kib(void) {
    void *last = (void *)(USER_SPACE_END - allocation_granularity);
    SetLastError(UNTOUCHED_ERROR);
    void *answer = VirtualAlloc(last, page_size, MEM_RESERVE, PAGE_READWRITE);
    CHECK(answer == NULL);
    CHECK(GetLastError() == ERROR_INVALID_ADDRESS || GetLastError() == ERROR_INVALID_PARAMETER);
    if (answer != NULL)
        release(answer);
}

TEST_PROGRAM(TEST(a_walk_from_zero_ends_at_the_top_with_an_invalid_parameter),
             TEST(every_region_of_the_walk_is_one_of_the_three_states),
             TEST(the_walk_meets_every_run_of_an_allocation_once),
             TEST(the_system_never_chooses_an_address_that_is_not_free),
             TEST(free_space_shrinks_by_a_reservation_and_is_whole_after_its_release),
             TEST(nothing_can_be_allocated_in_the_last_64_kib))
