// VirtualAlloc with MEM_COMMIT on granules of 64 KiB that were never used before: the committed pages can
// be used at once, however many granules they fill.
#include "enforcement_checks.h"

// The most granules that the library prepares at once, and one more.
static const SIZE_T granule_counts[] = {1, 2, 32, 33};
enum { count_of_counts = sizeof granule_counts / sizeof granule_counts[0] };

enum { part_bytes = 64 * allocation_granularity, part_count = 64 };

// The start of a part of a large stretch of addresses. No earlier call has used the part, even if the
// stretch was reserved before.
static BYTE *unused_part_of(BYTE *stretch) {
    static SIZE_T used_parts;
    CHECK(used_parts < part_count);
    return stretch + part_bytes * used_parts++;
}

static BYTE *reserved_stretch(void) {
    return (BYTE *)GRANTED(
        VirtualAlloc(NULL, (SIZE_T)part_bytes * part_count, MEM_RESERVE, PAGE_NOACCESS));
}

static void check_written(BYTE *base, SIZE_T byte_count) {
    CHECK(every_byte_is(base, 0, byte_count));
    memset(base, 0x5A, byte_count);
    CHECK(every_byte_is(base, 0x5A, byte_count));
}

// 2.7, 3.26
static void a_whole_granule_committed_for_the_first_time_can_be_written(void) {
    BYTE *stretch = reserved_stretch();
    for (int i = 0; i < count_of_counts; i++) {
        SIZE_T byte_count = granule_counts[i] * allocation_granularity;
        BYTE *base = unused_part_of(stretch) + allocation_granularity;
        check_row("%d granules", (int)granule_counts[i]);
        GRANTED(VirtualAlloc(base, byte_count, MEM_COMMIT, PAGE_READWRITE));
        CHECK_COMMITTED(base, PAGE_READWRITE, byte_count);
        CHECK_RESERVED(base - page_size, page_size);
        CHECK_ENFORCED(base - page_size, byte_count + 2 * page_size);
        check_written(base, byte_count);
    }
    release(stretch);
}

// 2.7
static void a_whole_granule_reserved_and_committed_in_one_call_can_be_written(void) {
    for (int i = 0; i < count_of_counts; i++) {
        SIZE_T byte_count = granule_counts[i] * allocation_granularity;
        BYTE *stretch = reserved_stretch();
        BYTE *base = unused_part_of(stretch);
        release(stretch);
        check_row("%d granules", (int)granule_counts[i]);
        GRANTED(VirtualAlloc(base, byte_count, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE));
        CHECK_COMMITTED(base, PAGE_READWRITE, byte_count);
        CHECK_ENFORCED(base, byte_count);
        check_written(base, byte_count);
        release(base);
    }
}

// 3.26
static void granules_committed_with_a_part_of_the_next_can_be_written(void) {
    BYTE *stretch = reserved_stretch();
    for (int i = 0; i < count_of_counts; i++) {
        SIZE_T byte_count = granule_counts[i] * allocation_granularity;
        BYTE *base = unused_part_of(stretch) + page_size;
        check_row("%d granules", (int)granule_counts[i]);
        GRANTED(VirtualAlloc(base, byte_count, MEM_COMMIT, PAGE_READWRITE));
        CHECK_ENFORCED(base - page_size, byte_count + 2 * page_size);
        check_written(base, byte_count);
    }
    release(stretch);
}

// 2.7, 3.11
static void a_whole_granule_committed_for_the_first_time_has_the_requested_protection(void) {
    static const DWORD protections[] = {PAGE_READONLY, PAGE_EXECUTE_READ, PAGE_EXECUTE_READWRITE,
                                        PAGE_NOACCESS};
    BYTE *stretch = reserved_stretch();
    for (int i = 0; i < count_of_counts; i++)
        for (int j = 0; j < (int)(sizeof protections / sizeof protections[0]); j++) {
            SIZE_T byte_count = granule_counts[i] * allocation_granularity;
            BYTE *base = unused_part_of(stretch);
            DWORD before = 0;
            check_row("%d granules, protection 0x%x", (int)granule_counts[i],
                      (unsigned)protections[j]);
            GRANTED(VirtualAlloc(base, byte_count, MEM_COMMIT, protections[j]));
            CHECK_COMMITTED(base, protections[j], byte_count);
            CHECK_ENFORCED(base, byte_count + page_size);
            GRANTED(VirtualProtect(base, byte_count, PAGE_READWRITE, &before));
            check_written(base, byte_count);
        }
    release(stretch);
}

TEST_PROGRAM(TEST(a_whole_granule_committed_for_the_first_time_can_be_written),
             TEST(a_whole_granule_reserved_and_committed_in_one_call_can_be_written),
             TEST(granules_committed_with_a_part_of_the_next_can_be_written),
             TEST(a_whole_granule_committed_for_the_first_time_has_the_requested_protection))
