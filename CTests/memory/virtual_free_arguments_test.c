// The arguments that VirtualFree refuses whatever the address holds.
#include "memory_checks.h"

// The placeholder flags, which older headers lack (1.3).
#define COALESCE 0x1u
#define PRESERVE 0x2u

// 4.1
static void release_with_a_size_is_refused_whatever_the_address(void) {
    static const SIZE_T sizes[] = {1, page_size, 16 * page_size};
    BYTE *base = committed_pages(16);
    memset(base, 0x61, 16 * page_size);
    void *addresses[] = {base,
                         base + page_size,
                         base + 32 * page_size,
                         (void *)0x10,
                         NULL,
                         (void *)0xFFFF800000000000ull};
    for (SIZE_T i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        for (SIZE_T k = 0; k < sizeof addresses / sizeof addresses[0]; k++) {
            check_row("address %d size 0x%" PRIx64, (int)k, (uint64_t)sizes[i]);
            REFUSED_UNCHANGED(base, 16 * page_size,
                              VirtualFree(addresses[k], sizes[i], MEM_RELEASE),
                              ERROR_INVALID_PARAMETER);
        }
    release(base);
}

// 4.2, 4.3
static void free_types_other_than_one_operation_are_refused(void) {
    static const DWORD types[] = {0,
                                  MEM_FREE,
                                  MEM_DECOMMIT | MEM_RELEASE,
                                  COALESCE,
                                  PRESERVE,
                                  MEM_DECOMMIT | COALESCE,
                                  MEM_DECOMMIT | PRESERVE,
                                  MEM_RELEASE | COALESCE | PRESERVE,
                                  MEM_COMMIT,
                                  MEM_RESERVE,
                                  MEM_RELEASE | MEM_RESERVE,
                                  MEM_DECOMMIT | 0x80000000u,
                                  0xFFFFFFFFu};
    BYTE *base = committed_pages(2);
    memset(base, 0x62, 2 * page_size);
    for (SIZE_T i = 0; i < sizeof types / sizeof types[0]; i++)
        for (SIZE_T size = 0; size <= 2 * page_size; size += page_size) {
            check_row("type 0x%x size 0x%x", (unsigned)types[i], (unsigned)size);
            REFUSED_UNCHANGED(base, 2 * page_size, VirtualFree(base, size, types[i]),
                              ERROR_INVALID_PARAMETER);
        }
    release(base);
}

// 4.4
static void an_address_above_user_space_is_refused(void) {
    static const ULONG_PTR addresses[] = {USER_SPACE_END, 0x800000000000ull, 0x8000000000000000ull,
                                          0xFFFF800000000000ull, 0xFFFFFFFFFFFFFFFFull};
    for (SIZE_T i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        check_row("address 0x%" PRIx64, (uint64_t)addresses[i]);
        REFUSED(VirtualFree((void *)addresses[i], 0, MEM_RELEASE), ERROR_INVALID_PARAMETER);
        REFUSED(VirtualFree((void *)addresses[i], page_size, MEM_DECOMMIT),
                ERROR_INVALID_PARAMETER);
    }
}

// 4.4
static void a_size_past_user_space_is_refused(void) {
    static const SIZE_T sizes[] = {USER_SPACE_END, 0x8000000000000000ull, 0xFFFFFFFFFFFFF000ull};
    BYTE *base = committed_pages(1);
    base[0] = 0x63;
    for (SIZE_T i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        check_row("size 0x%" PRIx64, (uint64_t)sizes[i]);
        REFUSED_UNCHANGED(base, page_size, VirtualFree(base, sizes[i], MEM_DECOMMIT),
                          ERROR_INVALID_PARAMETER);
    }
    release(base);
}

// 4.1, 4.4
static void a_size_that_rounds_up_past_the_last_address_is_refused(void) {
    BYTE *base = committed_pages(1);
    base[0] = 0x67;
    for (SIZE_T below = 1; below < page_size; below *= 8) {
        check_row("size -%d", (int)below);
        REFUSED_UNCHANGED(base, page_size, VirtualFree(base, (SIZE_T)0 - below, MEM_DECOMMIT),
                          ERROR_INVALID_PARAMETER);
        REFUSED_UNCHANGED(base, page_size, VirtualFree(base, (SIZE_T)0 - below, MEM_RELEASE),
                          ERROR_INVALID_PARAMETER);
    }
    VirtualFree(base, 0, MEM_RELEASE);
}

// 4.6, 4.28
static void free_memory_cannot_be_freed(void) {
    BYTE *space = free_space(allocation_granularity);
    REFUSED(VirtualFree(space, 0, MEM_RELEASE), ERROR_INVALID_ADDRESS);
    REFUSED(VirtualFree(space, 0, MEM_DECOMMIT), ERROR_INVALID_ADDRESS);
    REFUSED(VirtualFree(space, page_size, MEM_DECOMMIT), ERROR_INVALID_ADDRESS);
    CHECK_FREE(space);
}

TEST_PROGRAM(TEST(release_with_a_size_is_refused_whatever_the_address),
             TEST(free_types_other_than_one_operation_are_refused),
             TEST(an_address_above_user_space_is_refused), TEST(a_size_past_user_space_is_refused),
             TEST(a_size_that_rounds_up_past_the_last_address_is_refused),
             TEST(free_memory_cannot_be_freed))
