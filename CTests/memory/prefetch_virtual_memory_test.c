// PrefetchVirtualMemory: a hint that changes nothing, and its arguments.
#include "memory_checks.h"

static BOOL prefetch(ULONG_PTR count, void *address, SIZE_T byte_count, ULONG flags) {
    WIN32_MEMORY_RANGE_ENTRY entries[2] = {{address, byte_count}, {address, byte_count}};
    return PrefetchVirtualMemory(GetCurrentProcess(), count, entries, flags);
}

// 12.6
static void ranges_need_be_neither_mapped_nor_aligned(void) {
    BYTE *base = committed_pages(4), *reserved = reserved_pages(4);
    BYTE *space = free_space(page_size);
    memset(base, 0x11, 4 * page_size);
    struct snapshot before = snapshot_of(base, 4 * page_size);
    GRANTED(prefetch(2, base, 4 * page_size, 0));
    GRANTED(prefetch(1, base + 5, 3 * page_size, 0));
    GRANTED(prefetch(1, reserved, 4 * page_size, 0));
    GRANTED(prefetch(1, space, page_size, 0));
    GRANTED(prefetch(1, NULL, page_size, 0));
    GRANTED(prefetch(1, (void *)0x1234, 1, 0));
    GRANTED(prefetch(1, (void *)(ULONG_PTR)ranges_need_be_neither_mapped_nor_aligned, 64, 0));
    CHECK_UNCHANGED(&before);
    CHECK_RESERVED(reserved, 4 * page_size);
    CHECK_FREE(space);
    release(base);
    release(reserved);
}

// 12.6
static void malformed_arguments_are_refused(void) {
    BYTE *base = committed_pages(1);
    REFUSED(prefetch(0, base, page_size, 0), ERROR_INVALID_PARAMETER);
    REFUSED(prefetch(1, base, 0, 0), ERROR_INVALID_PARAMETER);
    REFUSED(prefetch(1, NULL, 0, 0), ERROR_INVALID_PARAMETER);
    REFUSED(prefetch(1, base, page_size, 1), ERROR_INVALID_PARAMETER);
    REFUSED(PrefetchVirtualMemory(GetCurrentProcess(), 1, NULL, 0), ERROR_NOACCESS);
    REFUSED(PrefetchVirtualMemory(GetCurrentProcess(), 0, NULL, 0), ERROR_INVALID_PARAMETER);
    REFUSED(PrefetchVirtualMemory(GetCurrentProcess(), 1, (WIN32_MEMORY_RANGE_ENTRY *)8, 0),
            ERROR_NOACCESS);
    release(base);
}

// 12.6: an array that ends at an inaccessible page
static void an_array_that_cannot_be_read_to_its_end_is_refused(void) {
    BYTE *base = committed_pages(2);
    DWORD before;
    GRANTED(VirtualProtect(base + page_size, page_size, PAGE_NOACCESS, &before));
    WIN32_MEMORY_RANGE_ENTRY *entries = (WIN32_MEMORY_RANGE_ENTRY *)(base + page_size) - 2;
    for (int i = 0; i < 2; i++)
        entries[i] = (WIN32_MEMORY_RANGE_ENTRY){base, page_size};
    GRANTED(PrefetchVirtualMemory(GetCurrentProcess(), 2, entries, 0));
    REFUSED(PrefetchVirtualMemory(GetCurrentProcess(), 3, entries, 0), ERROR_NOACCESS);
    REFUSED(PrefetchVirtualMemory(GetCurrentProcess(), (ULONG_PTR)-1, entries, 0), ERROR_NOACCESS);
    release(base);
}

// 13.3, 13.5
static void the_handle_must_be_one_of_a_process(void) {
    BYTE *base = committed_pages(1);
    WIN32_MEMORY_RANGE_ENTRY entry = {base, page_size};
    REFUSED(PrefetchVirtualMemory(NULL, 1, &entry, 0), ERROR_INVALID_HANDLE);
    REFUSED(PrefetchVirtualMemory(GetCurrentThread(), 1, &entry, 0), ERROR_INVALID_HANDLE);
    REFUSED(PrefetchVirtualMemory((HANDLE)0x7FFFFFFC, 1, &entry, 0), ERROR_INVALID_HANDLE);
    entry.NumberOfBytes = 0; // 13.10
    REFUSED(PrefetchVirtualMemory(NULL, 1, &entry, 0), ERROR_INVALID_PARAMETER);
    release(base);
}

TEST_PROGRAM(TEST(ranges_need_be_neither_mapped_nor_aligned), TEST(malformed_arguments_are_refused),
             TEST(an_array_that_cannot_be_read_to_its_end_is_refused),
             TEST(the_handle_must_be_one_of_a_process))
