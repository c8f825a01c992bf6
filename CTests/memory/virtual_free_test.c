// VirtualFree with MEM_RELEASE: what it frees, from which addresses, and what it leaves alone.
#include "fault_probe.h"
#include "memory_checks.h"

// 4.11, 14.1
static void release_frees_the_whole_region_whatever_its_pages_are(void) {
    static const DWORD protections[] = {PAGE_READWRITE, PAGE_NOACCESS, PAGE_READWRITE | PAGE_GUARD,
                                        PAGE_EXECUTE_READ};
    BYTE *base = reserved_pages(16);
    for (SIZE_T i = 0; i < 4; i++)
        GRANTED(
            VirtualAlloc(base + (2 * i + 1) * page_size, page_size, MEM_COMMIT, protections[i]));
    GRANTED(VirtualAlloc(base + 9 * page_size, page_size, MEM_COMMIT, PAGE_READWRITE));
    GRANTED(VirtualFree(base + 9 * page_size, page_size, MEM_DECOMMIT));
    GRANTED(VirtualFree(base, 0, MEM_RELEASE));
    for (SIZE_T i = 0; i < 16; i++) {
        check_row("page %d", (int)i);
        CHECK_FREE(base + i * page_size);
        CHECK(faults_on_read(base + i * page_size));
    }
}

// 4.12, 4.36, 14.2
static void any_address_in_the_first_page_releases(void) {
    static const SIZE_T offsets[] = {0, 1, 0x800, 0xFFE, 0xFFF};
    for (SIZE_T i = 0; i < sizeof offsets / sizeof offsets[0]; i++) {
        check_row("offset 0x%x", (unsigned)offsets[i]);
        BYTE *base = committed_pages(2);
        GRANTED(VirtualFree(base + offsets[i], 0, MEM_RELEASE));
        CHECK_FREE(base);
    }
}

// 4.9, 4.13, 4.36
static void an_address_in_a_later_page_does_not_release(void) {
    static const SIZE_T offsets[] = {0x1000, 0x1001, 0x8000, 0xFFFF};
    BYTE *base = committed_pages(16);
    memset(base, 0x64, 16 * page_size);
    for (SIZE_T i = 0; i < sizeof offsets / sizeof offsets[0]; i++) {
        check_row("offset 0x%x", (unsigned)offsets[i]);
        REFUSED_UNCHANGED(base, 16 * page_size, VirtualFree(base + offsets[i], 0, MEM_RELEASE),
                          ERROR_INVALID_ADDRESS);
    }
    release(base);
}

// 4.14
static void releasing_null_is_an_invalid_address(void) {
    REFUSED(VirtualFree(NULL, 0, MEM_RELEASE), ERROR_INVALID_ADDRESS);
}

// 4.15, 4.36
static void a_second_release_is_refused(void) {
    BYTE *base = committed_pages(16);
    GRANTED(VirtualFree(base, 0, MEM_RELEASE));
    REFUSED(VirtualFree(base, 0, MEM_RELEASE), ERROR_INVALID_ADDRESS);
    CHECK_FREE(base);
}

// 4.16
static void the_unusable_tail_of_the_last_slot_is_not_allocated(void) {
    BYTE *base = committed_pages(3);
    REFUSED_UNCHANGED(base, allocation_granularity,
                      VirtualFree(base + 3 * page_size, 0, MEM_RELEASE), ERROR_INVALID_ADDRESS);
    REFUSED_UNCHANGED(base, allocation_granularity,
                      VirtualFree(base + 15 * page_size, page_size, MEM_DECOMMIT),
                      ERROR_INVALID_ADDRESS);
    release(base);
}

// 4.18
static void a_released_region_is_free_and_merges_with_the_free_space_around_it(void) {
    BYTE *space = free_space(4 * allocation_granularity);
    BYTE *middle = space + allocation_granularity;
    GRANTED(VirtualAlloc(middle, allocation_granularity, MEM_COMMIT | MEM_RESERVE, PAGE_READWRITE));
    middle[0] = 1;
    CHECK_EQUAL(region_at(space).RegionSize, allocation_granularity);
    release(middle);
    CHECK_FREE(space);
    CHECK_FREE(middle);
    CHECK(region_at(space).RegionSize >= 4 * allocation_granularity);
    CHECK(faults_on_read(middle));
    CHECK(faults_on_write(middle));
    CHECK(faults_on_execute(middle));
}

// 4.19
static void releasing_a_region_leaves_its_neighbour_alone(void) {
    BYTE *space = free_space(2 * allocation_granularity);
    BYTE *upper = space + allocation_granularity;
    GRANTED(VirtualAlloc(space, allocation_granularity, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE));
    GRANTED(VirtualAlloc(upper, allocation_granularity, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE));
    memset(upper, 0x65, allocation_granularity);
    struct snapshot before = snapshot_of(upper, allocation_granularity);
    release(space);
    CHECK_FREE(space);
    CHECK_UNCHANGED(&before);
    release(upper);
}

// 4.20
static void locked_and_reset_pages_are_released_directly(void) {
    BYTE *base = committed_pages(4);
    memset(base, 0x66, 4 * page_size);
    GRANTED(VirtualLock(base, 2 * page_size));
    GRANTED(VirtualAlloc(base + 2 * page_size, 2 * page_size, MEM_RESET, PAGE_READWRITE));
    GRANTED(VirtualFree(base, 0, MEM_RELEASE));
    CHECK_FREE(base);
    GRANTED(VirtualAlloc(base, 4 * page_size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE));
    CHECK(every_byte_is(base, 0, 4 * page_size));
    release(base);
}

TEST_PROGRAM(TEST(release_frees_the_whole_region_whatever_its_pages_are),
             TEST(any_address_in_the_first_page_releases),
             TEST(an_address_in_a_later_page_does_not_release),
             TEST(releasing_null_is_an_invalid_address), TEST(a_second_release_is_refused),
             TEST(the_unusable_tail_of_the_last_slot_is_not_allocated),
             TEST(a_released_region_is_free_and_merges_with_the_free_space_around_it),
             TEST(releasing_a_region_leaves_its_neighbour_alone),
             TEST(locked_and_reset_pages_are_released_directly))
