// VirtualQuery on one address: what it reports of free, reserved, committed and foreign memory.
#include "memory_checks.h"

// 6.1
static void success_answers_the_size_of_the_structure_even_for_a_larger_buffer(void) {
    struct {
        MEMORY_BASIC_INFORMATION region;
        BYTE behind[64];
    } buffer;
    memset(&buffer, 0x5C, sizeof buffer);
    CHECK_EQUAL(sizeof buffer.region, 48);
    CHECK_EQUAL((SIZE_T)GRANTED(VirtualQuery(&buffer, &buffer.region, 48)), 48);
    CHECK_EQUAL((SIZE_T)GRANTED(VirtualQuery(&buffer, &buffer.region, sizeof buffer)), 48);
    CHECK(every_byte_is(buffer.behind, 0x5C, sizeof buffer.behind));
}

// 6.2
static void a_short_buffer_is_refused_and_left_alone(void) {
    MEMORY_BASIC_INFORMATION region;
    memset(&region, 0x5D, sizeof region);
    for (SIZE_T length = 0; length < 48; length++) {
        check_row("length %d", (int)length);
        REFUSED(VirtualQuery(&region, &region, length), ERROR_BAD_LENGTH);
    }
    CHECK(every_byte_is(&region, 0x5D, sizeof region));
}

// 6.3
static void an_unwritable_buffer_is_refused(void) {
    BYTE *base = committed_pages(2);
    DWORD before;
    GRANTED(VirtualProtect(base, page_size, PAGE_READONLY, &before));
    GRANTED(VirtualFree(base + page_size, page_size, MEM_DECOMMIT));
    void *buffers[] = {NULL,
                       (void *)16,
                       base,
                       base + page_size,
                       base + page_size - 8,
                       (void *)0xFFFF800000000000ull,
                       (void *)0xFFFFFFFFFFFFFFF0ull};
    for (SIZE_T i = 0; i < sizeof buffers / sizeof buffers[0]; i++) {
        check_row("buffer %d", (int)i);
        REFUSED(VirtualQuery(base, (PMEMORY_BASIC_INFORMATION)buffers[i], 48), ERROR_NOACCESS);
    }
    release(base);
}

// 6.4, 6.5, 14.5
static void a_run_is_counted_from_the_page_of_the_address(void) {
    BYTE *base = reserved_pages(8);
    GRANTED(VirtualAlloc(base + 2 * page_size, 4 * page_size, MEM_COMMIT, PAGE_READWRITE));
    CHECK_RESERVED(base, 2 * page_size);
    CHECK_RESERVED(base + page_size + 1, page_size);
    CHECK_COMMITTED(base + 2 * page_size, PAGE_READWRITE, 4 * page_size);
    CHECK_COMMITTED(base + 3 * page_size + 0xFFF, PAGE_READWRITE, 3 * page_size);
    CHECK_COMMITTED(base + 5 * page_size, PAGE_READWRITE, page_size);
    CHECK_RESERVED(base + 6 * page_size, 2 * page_size);
    release(base);
}

// 6.5
static void a_run_ends_where_the_protection_differs(void) {
    BYTE *base = committed_pages(6);
    DWORD before;
    GRANTED(VirtualProtect(base + 2 * page_size, page_size, PAGE_READONLY, &before));
    GRANTED(VirtualProtect(base + 3 * page_size, page_size, PAGE_EXECUTE_READ, &before));
    CHECK_COMMITTED(base, PAGE_READWRITE, 2 * page_size);
    CHECK_COMMITTED(base + 2 * page_size, PAGE_READONLY, page_size);
    CHECK_COMMITTED(base + 3 * page_size, PAGE_EXECUTE_READ, page_size);
    CHECK_COMMITTED(base + 4 * page_size, PAGE_READWRITE, 2 * page_size);
    release(base);
}

// 6.6
static void runs_never_cross_from_one_allocation_into_another(void) {
    BYTE *space = free_space(3 * allocation_granularity);
    for (SIZE_T i = 0; i < 3; i++)
        GRANTED(VirtualAlloc(space + i * allocation_granularity, allocation_granularity,
                             MEM_RESERVE | (i == 1 ? 0 : MEM_COMMIT), PAGE_READWRITE));
    GRANTED(VirtualAlloc(space + allocation_granularity, allocation_granularity, MEM_COMMIT,
                         PAGE_READWRITE));
    for (SIZE_T i = 0; i < 3; i++) {
        BYTE *base = space + i * allocation_granularity;
        check_row("allocation %d", (int)i);
        CHECK_COMMITTED(base, PAGE_READWRITE, allocation_granularity);
        CHECK_ALLOCATION(base + 15 * page_size, base, PAGE_READWRITE);
    }
    for (SIZE_T i = 0; i < 3; i++)
        release(space + i * allocation_granularity);
}

// 6.7, 2.5
static void free_space_runs_from_the_tail_of_a_slot_to_the_next_allocation(void) {
    BYTE *space = free_space(4 * allocation_granularity);
    BYTE *above = space + 3 * allocation_granularity;
    GRANTED(VirtualAlloc(space, 3 * page_size, MEM_RESERVE, PAGE_READWRITE));
    GRANTED(VirtualAlloc(above, page_size, MEM_RESERVE, PAGE_READWRITE));
    CHECK_RESERVED(space, 3 * page_size);
    CHECK_FREE(space + 3 * page_size);
    CHECK_EQUAL(region_at(space + 3 * page_size).RegionSize, above - (space + 3 * page_size));
    CHECK_FREE(space + 5 * page_size + 1);
    CHECK_EQUAL(region_at(space + 5 * page_size + 1).RegionSize, above - (space + 5 * page_size));
    release(above);
    release(space);
}

// 6.8, 14.4
static void free_memory_reports_noaccess_and_no_allocation(void) {
    BYTE *space = free_space(allocation_granularity);
    CHECK_FREE(space);
    CHECK_FREE(space + page_size + 17);
}

// 6.9, 14.4
static void reserved_memory_reports_no_protection(void) {
    BYTE *base = (BYTE *)GRANTED(VirtualAlloc(NULL, page_size, MEM_RESERVE, PAGE_READWRITE));
    CHECK_RESERVED(base, page_size);
    CHECK_ALLOCATION(base, base, PAGE_READWRITE);
    release(base);
}

// 6.10, 6.16
static void an_armed_guard_is_reported_and_splits_the_run(void) {
    BYTE *base = committed_pages(3);
    DWORD before;
    GRANTED(VirtualProtect(base + page_size, page_size, PAGE_READWRITE | PAGE_GUARD, &before));
    CHECK_COMMITTED(base, PAGE_READWRITE, page_size);
    CHECK_COMMITTED(base + page_size, PAGE_READWRITE | PAGE_GUARD, page_size);
    CHECK_COMMITTED(base + 2 * page_size, PAGE_READWRITE, page_size);
    GRANTED(VirtualProtect(base + page_size, page_size, PAGE_READWRITE, &before));
    CHECK_COMMITTED(base, PAGE_READWRITE, 3 * page_size);
    release(base);
}

// 6.4, 6.8 to 6.10: one answer, whether into a variable, into memory elsewhere, or by handle.
static void an_answer_does_not_depend_on_where_the_buffer_is(void) {
    static const DWORD protections[] = {PAGE_NOACCESS,
                                        PAGE_READONLY,
                                        PAGE_READWRITE,
                                        PAGE_EXECUTE,
                                        PAGE_EXECUTE_READ,
                                        PAGE_EXECUTE_READWRITE,
                                        PAGE_READWRITE | PAGE_GUARD};
    enum { protection_count = sizeof protections / sizeof protections[0], step = 9 };
    static MEMORY_BASIC_INFORMATION elsewhere, by_handle;
    BYTE *base = (BYTE *)GRANTED(VirtualAlloc(NULL, (protection_count + 1) * step * page_size,
                                              MEM_RESERVE, PAGE_READWRITE | PAGE_NOCACHE));
    for (int i = 0; i < protection_count; i++)
        GRANTED(VirtualAlloc(base + (i * step + 1) * page_size, 5 * page_size, MEM_COMMIT,
                             protections[i]));
    for (int page = 0; page < (protection_count + 1) * step; page++) {
        MEMORY_BASIC_INFORMATION here;
        BYTE *address = base + page * page_size + 5;
        check_row("page %d", page);
        memset(&here, 0, sizeof here);
        memset(&elsewhere, 0, sizeof elsewhere);
        memset(&by_handle, 0, sizeof by_handle);
        GRANTED(VirtualQuery(address, &here, sizeof here));
        GRANTED(VirtualQuery(address, &elsewhere, sizeof elsewhere));
        GRANTED(VirtualQueryEx(GetCurrentProcess(), address, &by_handle, sizeof by_handle));
        CHECK(memcmp(&here, &elsewhere, sizeof here) == 0);
        CHECK(memcmp(&here, &by_handle, sizeof here) == 0);
        int is_committed = page / step < protection_count && page % step >= 1 && page % step < 6;
        CHECK_EQUAL(here.State, is_committed ? MEM_COMMIT : MEM_RESERVE);
        CHECK(here.AllocationBase == base);
    }
    release(base);
}

// 6.11, 2.3; between the highest application address and these a Linux stack may lie.
static void an_address_above_user_space_is_refused(void) {
    static const ULONG_PTR addresses[] = {0x800000000000ull, 0x8000000000000000ull,
                                          0xFFFF800000000000ull, 0xFFFFFFFFFFFFFFFFull};
    MEMORY_BASIC_INFORMATION region;
    memset(&region, 0x5E, sizeof region);
    for (SIZE_T i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        check_row("address 0x%" PRIx64, (uint64_t)addresses[i]);
        REFUSED(VirtualQuery((void *)addresses[i], &region, sizeof region),
                ERROR_INVALID_PARAMETER);
    }
    CHECK(every_byte_is(&region, 0x5E, sizeof region));
}

// 6.13, 2.2
static void the_lowest_64_kib_are_free(void) {
    CHECK_FREE(NULL);
    CHECK(region_at(NULL).RegionSize >= allocation_granularity);
    CHECK_FREE((void *)0xFFFF);
}

// 6.23, 2.11
static void the_program_image_is_committed_and_of_type_image(void) {
    static const int constant = 1;
    void (*code)(void) = the_lowest_64_kib_are_free;
    void *code_address;
    memcpy(&code_address, &code, sizeof code_address);
    MEMORY_BASIC_INFORMATION region = region_at(code_address);
    CHECK_EQUAL(region.State, MEM_COMMIT);
    CHECK_EQUAL(region.Protect, PAGE_EXECUTE_READ);
    CHECK_EQUAL(region.Type, MEM_IMAGE);
    CHECK(region.AllocationBase != NULL && region.AllocationBase <= code_address);
    region = region_at(&constant);
    CHECK_EQUAL(region.State, MEM_COMMIT);
    CHECK_EQUAL(region.Protect, PAGE_READONLY);
    CHECK_EQUAL(region.Type, MEM_IMAGE);
}

// 6.23, 2.11
static void the_stack_and_the_c_heap_are_committed_private_and_writable(void) {
    int variable_on_the_stack = 0;
    void *block = malloc(64);
    void *addresses[] = {&variable_on_the_stack, block};
    for (SIZE_T i = 0; i < 2; i++) {
        check_row("address %d", (int)i);
        MEMORY_BASIC_INFORMATION region = region_at(addresses[i]);
        CHECK_EQUAL(region.State, MEM_COMMIT);
        CHECK_EQUAL(region.Protect, PAGE_READWRITE);
        CHECK_EQUAL(region.Type, MEM_PRIVATE);
        CHECK(region.AllocationBase != NULL && region.AllocationBase <= addresses[i]);
    }
    CHECK_EQUAL(variable_on_the_stack, 0);
    free(block);
}

TEST_PROGRAM(TEST(success_answers_the_size_of_the_structure_even_for_a_larger_buffer),
             TEST(a_short_buffer_is_refused_and_left_alone), TEST(an_unwritable_buffer_is_refused),
             TEST(a_run_is_counted_from_the_page_of_the_address),
             TEST(a_run_ends_where_the_protection_differs),
             TEST(runs_never_cross_from_one_allocation_into_another),
             TEST(free_space_runs_from_the_tail_of_a_slot_to_the_next_allocation),
             TEST(free_memory_reports_noaccess_and_no_allocation),
             TEST(reserved_memory_reports_no_protection),
             TEST(an_armed_guard_is_reported_and_splits_the_run),
             TEST(an_answer_does_not_depend_on_where_the_buffer_is),
             TEST(an_address_above_user_space_is_refused), TEST(the_lowest_64_kib_are_free),
             TEST(the_program_image_is_committed_and_of_type_image),
             TEST(the_stack_and_the_c_heap_are_committed_private_and_writable))
