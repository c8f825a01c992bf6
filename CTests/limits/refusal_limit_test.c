// Linux only: what a refusal at the kernel's limit on mappings leaves. A reservation at a fixed address leaves its
// addresses as free as before, and a commit leaves as many mappings.
#include "enforcement_checks.h"
#include "mapping_limit.h"

enum { block_count = 64 };
#define BLOCK_BYTES ((SIZE_T)allocation_granularity)

static BYTE *const far = (BYTE *)0x590000000000;

static BYTE *block(int i) {
    return far + (SIZE_T)i * BLOCK_BYTES;
}

// The kernel would join each hole with the blocks around it.
static void make_every_second_block(void) {
    for (int i = 0; i <= block_count; i += 2)
        CHECK(VirtualAlloc(block(i), BLOCK_BYTES, MEM_RESERVE, PAGE_READWRITE) == block(i));
}

static void release_every_second_block(void) {
    for (int i = 0; i <= block_count; i += 2)
        release(block(i));
}

static void fill_the_holes_at_the_limit(DWORD protection) {
    int granted[block_count] = {0};
    // The library also has an arena, and mappings in reserve.
    release(reserved_pages(1));
    make_every_second_block();
    reach_the_limit();
    for (int i = 1; i < block_count; i += 2) {
        stay_at_the_limit();
        check_row("hole %d, protection 0x%x", i, (unsigned)protection);
        struct snapshot before = snapshot_of(block(i), BLOCK_BYTES);
        SetLastError(UNTOUCHED_ERROR);
        granted[i] =
            VirtualAlloc(block(i), BLOCK_BYTES, MEM_RESERVE | MEM_COMMIT, protection) == block(i);
        if (granted[i])
            continue;
        CHECK_EQUAL(GetLastError(), ERROR_NOT_ENOUGH_MEMORY);
        CHECK_UNCHANGED(&before);
        CHECK_FREE(block(i));
    }
    leave_the_limit();
    for (int i = 1; i < block_count; i += 2) {
        if (!granted[i])
            CHECK(VirtualAlloc(block(i), BLOCK_BYTES, MEM_RESERVE | MEM_COMMIT, protection) ==
                  block(i));
        release(block(i));
    }
    release_every_second_block();
}

static void a_refused_reservation_leaves_its_addresses_free(void) {
    fill_the_holes_at_the_limit(PAGE_READWRITE);
    fill_the_holes_at_the_limit(PAGE_READONLY);
    fill_the_holes_at_the_limit(PAGE_EXECUTE_READ);
    fill_the_holes_at_the_limit(PAGE_NOACCESS);
}

// How many mappings the kernel still makes, up to `most`.
static int mappings_left(int most) {
    void *pages[8];
    int count = 0;
    while (count < most && (pages[count] = mapping_of_its_own()) != MAP_FAILED)
        count++;
    for (int i = 0; i < count; i++)
        CHECK_EQUAL(munmap(pages[i], page_size), 0);
    return count;
}

// The library asks the kernel for mappings to find out whether some are left. The first calls spend its reserve.
static void refused_commits_use_up_no_mapping_when_the_reserve_is_spent(void) {
    BYTE *base = reserved_pages(4 * block_count);
    int refused_count = 0;
    reach_the_limit();
    for (int i = 0; i < block_count; i++) {
        check_row("page %d", 4 * i);
        stay_at_the_limit();
        give_back_one_mapping();
        int before = mappings_left(3);
        SetLastError(UNTOUCHED_ERROR);
        if (VirtualAlloc(base + 4 * (SIZE_T)i * page_size, page_size, MEM_COMMIT, PAGE_READONLY))
            continue;
        CHECK_EQUAL(GetLastError(), ERROR_NOT_ENOUGH_MEMORY);
        if (i < block_count / 2)
            continue;
        CHECK(mappings_left(3) >= before);
        refused_count++;
    }
    CHECK(refused_count > 0);
    leave_the_limit();
    release(base);
}

TEST_PROGRAM(TEST(a_refused_reservation_leaves_its_addresses_free),
             TEST(refused_commits_use_up_no_mapping_when_the_reserve_is_spent))
