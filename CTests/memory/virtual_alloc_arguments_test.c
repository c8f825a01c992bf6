// VirtualAlloc's refusals of malformed arguments: addresses, sizes and allocation types.
#include "memory_checks.h"

#define MEM_REPLACE_OR_DECOMMIT 0x4000u
#define MEM_PLACEHOLDER_OR_MAPPED 0x40000u
#define MEM_ROTATE_PAGES 0x800000u
#define ROUND_TO_PAGE 0x40000000u

static const DWORD well_formed_types[] = {MEM_COMMIT, MEM_RESERVE, MEM_COMMIT | MEM_RESERVE,
                                          MEM_COMMIT | MEM_RESERVE | MEM_TOP_DOWN};
enum { well_formed_type_count = sizeof well_formed_types / sizeof well_formed_types[0] };

// 3.1, 2.2
static void an_address_in_the_lowest_64_kib_is_refused(void) {
    static const ULONG_PTR addresses[] = {1, 0xFFF, 0x1000, 0x8000, 0xFFFF};
    for (SIZE_T i = 0; i < sizeof addresses / sizeof addresses[0]; i++)
        for (SIZE_T type = 0; type < well_formed_type_count; type++) {
            check_row("address 0x%x type 0x%x", (unsigned)addresses[i],
                      (unsigned)well_formed_types[type]);
            REFUSED(VirtualAlloc((void *)addresses[i], page_size, well_formed_types[type],
                                 PAGE_READWRITE),
                    ERROR_INVALID_PARAMETER);
        }
}

// 3.4, 3.29
static void an_address_above_user_space_is_refused(void) {
    static const ULONG_PTR addresses[] = {
        USER_SPACE_END,        0x800000000000ull,     0x8000000000000000ull,
        0xFFFF800000000000ull, 0xFFFFFFFFFFFF0000ull, 0xFFFFFFFFFFFFFFFFull,
    };
    for (SIZE_T i = 0; i < sizeof addresses / sizeof addresses[0]; i++)
        for (SIZE_T type = 0; type < well_formed_type_count; type++) {
            check_row("address 0x%" PRIx64 " type 0x%x", (uint64_t)addresses[i],
                      (unsigned)well_formed_types[type]);
            REFUSED(VirtualAlloc((void *)addresses[i], page_size, well_formed_types[type],
                                 PAGE_READWRITE),
                    ERROR_INVALID_PARAMETER);
        }
}

// 3.4, 3.29
static void a_range_that_wraps_or_ends_above_user_space_is_refused(void) {
    static const ULONG_PTR rows[][2] = {
        {0x10000, USER_SPACE_END},        {0x10000, 0xFFFFFFFFFFFFFFFFull},
        {0x10000, 0xFFFFFFFFFFFF0000ull}, {USER_SPACE_END - 0x10000, 0x10001},
        {USER_SPACE_END - 1, 2},          {0x7FFF00000000ull, 0x8000000000000000ull},
    };
    for (SIZE_T i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (SIZE_T type = 0; type < well_formed_type_count; type++) {
            check_row("address 0x%" PRIx64 " size 0x%" PRIx64, (uint64_t)rows[i][0],
                      (uint64_t)rows[i][1]);
            REFUSED(VirtualAlloc((void *)rows[i][0], rows[i][1], well_formed_types[type],
                                 PAGE_READWRITE),
                    ERROR_INVALID_PARAMETER);
        }
}

// 3.4, 3.28
static void a_size_of_zero_is_refused_for_every_type_and_address(void) {
    static const DWORD types[] = {MEM_COMMIT, MEM_RESERVE, MEM_COMMIT | MEM_RESERVE, MEM_RESET,
                                  MEM_RESET_UNDO};
    BYTE *base = committed_pages(2);
    void *addresses[] = {NULL, base, base + page_size, base + 2 * page_size};
    for (SIZE_T i = 0; i < 4; i++)
        for (SIZE_T type = 0; type < sizeof types / sizeof types[0]; type++) {
            check_row("address %d type 0x%x", (int)i, (unsigned)types[type]);
            REFUSED_UNCHANGED(base, 3 * page_size,
                              VirtualAlloc(addresses[i], 0, types[type], PAGE_READWRITE),
                              ERROR_INVALID_PARAMETER);
        }
    release(base);
}

// 3.30
static void a_size_larger_than_user_space_is_refused(void) {
    static const SIZE_T sizes[] = {USER_SPACE_END + 1, 0x800000000000ull, 0x8000000000000000ull,
                                   0xFFFFFFFFFFFFF000ull, 0xFFFFFFFFFFFFFFFFull};
    for (SIZE_T i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        for (SIZE_T type = 0; type < well_formed_type_count; type++) {
            check_row("size 0x%" PRIx64, (uint64_t)sizes[i]);
            REFUSED(VirtualAlloc(NULL, sizes[i], well_formed_types[type], PAGE_READWRITE),
                    ERROR_INVALID_PARAMETER);
        }
}

// 3.7, 3.30
static void a_legal_size_without_a_hole_is_not_enough_memory(void) {
    REFUSED(VirtualAlloc(NULL, (SIZE_T)USER_SPACE_END - 0x20000, MEM_RESERVE, PAGE_NOACCESS),
            ERROR_NOT_ENOUGH_MEMORY);
}

// 3.7, 2.9, 3.30
static void committing_more_than_the_limit_is_refused_at_once(void) {
    SetLastError(UNTOUCHED_ERROR);
    void *base = VirtualAlloc(NULL, (SIZE_T)64 << 40, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    DWORD error = GetLastError();
    CHECK(base == NULL);
    CHECK(error == ERROR_COMMITMENT_LIMIT || error == ERROR_NOT_ENOUGH_MEMORY);
}

// 3.2, 3.9
static void the_types_of_the_table_are_refused(void) {
    static const DWORD types[] = {
        0,
        MEM_TOP_DOWN,
        MEM_WRITE_WATCH,
        MEM_PHYSICAL,
        MEM_COMMIT | MEM_PHYSICAL,
        MEM_RESERVE | MEM_COMMIT | MEM_PHYSICAL,
        MEM_RESERVE | MEM_PHYSICAL | MEM_WRITE_WATCH,
        MEM_RESERVE | MEM_PHYSICAL | MEM_LARGE_PAGES,
        MEM_LARGE_PAGES,
        MEM_RESERVE | MEM_LARGE_PAGES,
        MEM_RESERVE | MEM_COMMIT | MEM_LARGE_PAGES | MEM_PHYSICAL,
        MEM_RESERVE | MEM_COMMIT | MEM_LARGE_PAGES | MEM_WRITE_WATCH,
        MEM_RESERVE | MEM_COMMIT | ROUND_TO_PAGE,
        MEM_RESERVE | MEM_PLACEHOLDER_OR_MAPPED,
        MEM_RESERVE | MEM_REPLACE_OR_DECOMMIT,
        MEM_RESERVE | MEM_ROTATE_PAGES,
        MEM_RELEASE,
        MEM_RESERVE | MEM_RELEASE,
        MEM_RESERVE | MEM_FREE,
        MEM_RESERVE | MEM_PRIVATE,
        0x40,
        MEM_RESERVE | 0x40,
        MEM_RESERVE | 0x800,
        MEM_RESERVE | 0x2000000,
        MEM_RESERVE | 0x10000000,
    };
    for (SIZE_T i = 0; i < sizeof types / sizeof types[0]; i++) {
        check_row("type 0x%x", (unsigned)types[i]);
        REFUSED(VirtualAlloc(NULL, page_size, types[i], PAGE_READWRITE), ERROR_INVALID_PARAMETER);
    }
}

// 3.2, 3.9, 14.13
static void write_watch_without_reserve_is_refused(void) {
    BYTE *base = reserved_pages(1);
    REFUSED_UNCHANGED(base, page_size,
                      VirtualAlloc(base, page_size, MEM_COMMIT | MEM_WRITE_WATCH, PAGE_READWRITE),
                      ERROR_INVALID_PARAMETER);
    release(base);
}

static void check_refused_with_any_other_bit(DWORD type) {
    static const DWORD others[] = {MEM_COMMIT,      MEM_RESERVE,  MEM_TOP_DOWN,
                                   MEM_WRITE_WATCH, MEM_PHYSICAL, MEM_LARGE_PAGES};
    BYTE *base = committed_pages(2);
    memset(base, 0x42, 2 * page_size);
    for (SIZE_T i = 0; i < sizeof others / sizeof others[0]; i++) {
        check_row("type 0x%x", (unsigned)(type | others[i]));
        REFUSED_UNCHANGED(base, 2 * page_size,
                          VirtualAlloc(base, page_size, type | others[i], PAGE_READWRITE),
                          ERROR_INVALID_PARAMETER);
    }
    release(base);
}

// 3.9
static void reset_with_any_other_bit_is_refused(void) {
    check_refused_with_any_other_bit(MEM_RESET);
}

// 3.9, 7.11
static void reset_undo_with_any_other_bit_is_refused(void) {
    check_refused_with_any_other_bit(MEM_RESET_UNDO);
    check_refused_with_any_other_bit(MEM_RESET_UNDO | MEM_RESET);
}

// 3.3
static void physical_memory_needs_exactly_readwrite(void) {
    static const DWORD protections[] = {PAGE_NOACCESS, PAGE_READONLY, PAGE_EXECUTE_READWRITE,
                                        PAGE_READWRITE | PAGE_GUARD};
    for (SIZE_T i = 0; i < sizeof protections / sizeof protections[0]; i++) {
        check_row("protection 0x%x", (unsigned)protections[i]);
        REFUSED(VirtualAlloc(NULL, page_size, MEM_RESERVE | MEM_PHYSICAL, protections[i]),
                ERROR_INVALID_PARAMETER);
    }
}

// 3.9: never a plain allocation in silence.
static void write_watch_is_refused_as_not_supported(void) {
    REFUSED(VirtualAlloc(NULL, page_size, MEM_RESERVE | MEM_WRITE_WATCH, PAGE_READWRITE),
            ERROR_NOT_SUPPORTED);
    REFUSED(
        VirtualAlloc(NULL, page_size, MEM_RESERVE | MEM_COMMIT | MEM_WRITE_WATCH, PAGE_READWRITE),
        ERROR_NOT_SUPPORTED);
}

// 3.9
static void physical_memory_is_refused_as_not_supported(void) {
    REFUSED(VirtualAlloc(NULL, page_size, MEM_RESERVE | MEM_PHYSICAL, PAGE_READWRITE),
            ERROR_NOT_SUPPORTED);
    REFUSED(
        VirtualAlloc(NULL, page_size, MEM_RESERVE | MEM_PHYSICAL | MEM_TOP_DOWN, PAGE_READWRITE),
        ERROR_NOT_SUPPORTED);
}

// 3.6, 3.9
static void large_pages_without_the_privilege_are_refused(void) {
    REFUSED(
        VirtualAlloc(NULL, 0x200000, MEM_RESERVE | MEM_COMMIT | MEM_LARGE_PAGES, PAGE_READWRITE),
        ERROR_PRIVILEGE_NOT_HELD);
}

// 3.65: Windows versions differ; either the request is refused or it is a plain reserve.
static void reset_without_an_address_is_refused_or_reserves(void) {
    SetLastError(UNTOUCHED_ERROR);
    void *base = VirtualAlloc(NULL, page_size, MEM_RESET, PAGE_READWRITE);
    if (base == NULL) {
        CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    } else {
        CHECK_RESERVED(base, page_size);
        release(base);
    }
}

TEST_PROGRAM(TEST(an_address_in_the_lowest_64_kib_is_refused),
             TEST(an_address_above_user_space_is_refused),
             TEST(a_range_that_wraps_or_ends_above_user_space_is_refused),
             TEST(a_size_of_zero_is_refused_for_every_type_and_address),
             TEST(a_size_larger_than_user_space_is_refused),
             TEST(a_legal_size_without_a_hole_is_not_enough_memory),
             TEST(committing_more_than_the_limit_is_refused_at_once),
             TEST(the_types_of_the_table_are_refused), TEST(write_watch_without_reserve_is_refused),
             TEST(reset_with_any_other_bit_is_refused),
             TEST(reset_undo_with_any_other_bit_is_refused),
             TEST(physical_memory_needs_exactly_readwrite),
             TEST(write_watch_is_refused_as_not_supported),
             TEST(physical_memory_is_refused_as_not_supported),
             TEST(large_pages_without_the_privilege_are_refused),
             TEST(reset_without_an_address_is_refused_or_reserves))
