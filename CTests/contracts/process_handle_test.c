// The Ex functions' process handle: the pseudo-handle works, others are refused in order.
#include "memory_checks.h"

static HANDLE handle_of(LONG_PTR value) {
    return (HANDLE)value;
}

// NULL, GetCurrentThread() and values that nobody ever issued.
static HANDLE bad_handle(SIZE_T index) {
    static const LONG_PTR values[] = {0, -2, 0x7FFFFFFC, 0x123456789ABCll, -1000};
    return handle_of(values[index]);
}
enum { bad_handle_count = 5 };

// 13.1, 1.9
static void the_current_process_is_minus_one(void) {
    CHECK_EQUAL((LONG_PTR)GetCurrentProcess(), (LONG_PTR)-1);
    CHECK(GetCurrentProcessId() != 0);
    CHECK_EQUAL(GetCurrentProcessId(), GetCurrentProcessId());
}

// 13.1
static void the_pseudo_handle_serves_every_ex_function(void) {
    HANDLE self = GetCurrentProcess();
    MEMORY_BASIC_INFORMATION region;
    DWORD before = 0;
    BYTE *base = (BYTE *)GRANTED(
        VirtualAllocEx(self, NULL, 2 * page_size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE));
    base[0] = 0x21;
    GRANTED(VirtualProtectEx(self, base, page_size, PAGE_READONLY, &before));
    CHECK_EQUAL(before, PAGE_READWRITE);
    CHECK_EQUAL((SIZE_T)GRANTED(VirtualQueryEx(self, base, &region, sizeof region)), 48);
    CHECK_EQUAL(region.Protect, PAGE_READONLY);
    CHECK_EQUAL(region.RegionSize, page_size);
    GRANTED(VirtualFreeEx(self, base, page_size, MEM_DECOMMIT));
    CHECK_RESERVED(base, page_size);
    GRANTED(VirtualFreeEx(self, base, 0, MEM_RELEASE));
    CHECK_FREE(base);
}

// 3.5, 13.3, 13.5, 13.11
static void virtual_alloc_ex_refuses_other_handles(void) {
    for (SIZE_T i = 0; i < bad_handle_count; i++) {
        check_row("handle 0x%" PRIx64, (uint64_t)(ULONG_PTR)bad_handle(i));
        REFUSED(VirtualAllocEx(bad_handle(i), NULL, page_size, MEM_RESERVE, PAGE_READWRITE),
                ERROR_INVALID_HANDLE);
    }
}

// 4.5, 13.3, 13.5, 13.11
static void virtual_free_ex_refuses_other_handles(void) {
    BYTE *base = committed_pages(1);
    for (SIZE_T i = 0; i < bad_handle_count; i++) {
        check_row("handle 0x%" PRIx64, (uint64_t)(ULONG_PTR)bad_handle(i));
        REFUSED_UNCHANGED(base, page_size, VirtualFreeEx(bad_handle(i), base, 0, MEM_RELEASE),
                          ERROR_INVALID_HANDLE);
        REFUSED_UNCHANGED(base, page_size,
                          VirtualFreeEx(bad_handle(i), base, page_size, MEM_DECOMMIT),
                          ERROR_INVALID_HANDLE);
    }
    release(base);
}

// 5.1, 13.3, 13.5, 13.11
static void virtual_protect_ex_refuses_other_handles(void) {
    BYTE *base = committed_pages(1);
    DWORD before;
    for (SIZE_T i = 0; i < bad_handle_count; i++) {
        check_row("handle 0x%" PRIx64, (uint64_t)(ULONG_PTR)bad_handle(i));
        REFUSED_UNCHANGED(base, page_size,
                          VirtualProtectEx(bad_handle(i), base, page_size, PAGE_READONLY, &before),
                          ERROR_INVALID_HANDLE);
    }
    release(base);
}

// 6.22, 13.3, 13.5, 13.11
static void virtual_query_ex_refuses_other_handles(void) {
    MEMORY_BASIC_INFORMATION region;
    for (SIZE_T i = 0; i < bad_handle_count; i++) {
        check_row("handle 0x%" PRIx64, (uint64_t)(ULONG_PTR)bad_handle(i));
        REFUSED(VirtualQueryEx(bad_handle(i), &region, &region, sizeof region),
                ERROR_INVALID_HANDLE);
    }
}

// 3.8, 13.10
static void malformed_allocation_arguments_win_over_a_bad_handle(void) {
    REFUSED(VirtualAllocEx(NULL, NULL, page_size, 0, PAGE_READWRITE), ERROR_INVALID_PARAMETER);
    REFUSED(VirtualAllocEx(NULL, NULL, page_size, MEM_RESERVE, 0), ERROR_INVALID_PARAMETER);
    REFUSED(VirtualAllocEx(NULL, NULL, 0, MEM_RESERVE, PAGE_READWRITE), ERROR_INVALID_PARAMETER);
    REFUSED(VirtualAllocEx(NULL, (void *)0x8000, page_size, MEM_RESERVE, PAGE_READWRITE),
            ERROR_INVALID_PARAMETER);
    REFUSED(VirtualAllocEx(NULL, (void *)USER_SPACE_END, page_size, MEM_RESERVE, PAGE_READWRITE),
            ERROR_INVALID_PARAMETER);
}

// 3.8
static void a_bad_handle_wins_over_a_bad_range(void) {
    BYTE *base = committed_pages(1);
    BYTE *space = free_space(page_size);
    DWORD before;
    REFUSED(VirtualAllocEx(NULL, base, page_size, MEM_RESERVE, PAGE_READWRITE),
            ERROR_INVALID_HANDLE);
    REFUSED(VirtualAllocEx(NULL, space, page_size, MEM_COMMIT, PAGE_READWRITE),
            ERROR_INVALID_HANDLE);
    REFUSED(VirtualFreeEx(NULL, space, 0, MEM_RELEASE), ERROR_INVALID_HANDLE);
    REFUSED(VirtualFreeEx(NULL, base + page_size, page_size, MEM_DECOMMIT), ERROR_INVALID_HANDLE);
    REFUSED(VirtualProtectEx(NULL, space, page_size, PAGE_READONLY, &before), ERROR_INVALID_HANDLE);
    release(base);
}

// 4.1, 4.2, 13.10
static void malformed_free_arguments_win_over_a_bad_handle(void) {
    BYTE *base = committed_pages(1);
    REFUSED_UNCHANGED(base, page_size, VirtualFreeEx(NULL, base, page_size, MEM_RELEASE),
                      ERROR_INVALID_PARAMETER);
    REFUSED_UNCHANGED(base, page_size, VirtualFreeEx(NULL, base, 0, 0), ERROR_INVALID_PARAMETER);
    REFUSED_UNCHANGED(base, page_size, VirtualFreeEx(NULL, base, 0, MEM_DECOMMIT | MEM_RELEASE),
                      ERROR_INVALID_PARAMETER);
    release(base);
}

// 5.1, 13.10
static void a_malformed_protection_wins_over_a_bad_handle(void) {
    BYTE *base = committed_pages(1);
    DWORD before;
    REFUSED_UNCHANGED(base, page_size, VirtualProtectEx(NULL, base, page_size, 0, &before),
                      ERROR_INVALID_PARAMETER);
    REFUSED_UNCHANGED(base, page_size,
                      VirtualProtectEx(NULL, base, page_size, PAGE_WRITECOPY | 1, &before),
                      ERROR_INVALID_PARAMETER);
    release(base);
}

// 5.1
static void a_missing_old_protection_wins_over_a_bad_handle(void) {
    BYTE *base = committed_pages(1);
    REFUSED_UNCHANGED(base, page_size, VirtualProtectEx(NULL, base, page_size, PAGE_READONLY, NULL),
                      ERROR_NOACCESS);
    release(base);
}

TEST_PROGRAM(
    TEST(the_current_process_is_minus_one), TEST(the_pseudo_handle_serves_every_ex_function),
    TEST(virtual_alloc_ex_refuses_other_handles), TEST(virtual_free_ex_refuses_other_handles),
    TEST(virtual_protect_ex_refuses_other_handles), TEST(virtual_query_ex_refuses_other_handles),
    TEST(malformed_allocation_arguments_win_over_a_bad_handle),
    TEST(a_bad_handle_wins_over_a_bad_range), TEST(malformed_free_arguments_win_over_a_bad_handle),
    TEST(a_malformed_protection_wins_over_a_bad_handle),
    TEST(a_missing_old_protection_wins_over_a_bad_handle))
