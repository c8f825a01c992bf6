// VirtualProtect: which pages change, what the old protection says, what survives.
#include "fault_probe.h"
#include "memory_checks.h"

// 5.4
static void every_page_with_a_byte_of_the_range_changes(void) {
    BYTE *base = committed_pages(4);
    DWORD before = 0;
    GRANTED(VirtualProtect(base + 0x1FFF, 2, PAGE_READONLY, &before));
    CHECK_EQUAL(before, PAGE_READWRITE);
    CHECK_COMMITTED(base, PAGE_READWRITE, page_size);
    CHECK_COMMITTED(base + page_size, PAGE_READONLY, 2 * page_size);
    CHECK_COMMITTED(base + 3 * page_size, PAGE_READWRITE, page_size);
    CHECK(!faults_on_write(base + 0xFFF));
    CHECK(faults_on_write(base + 0x1000));
    CHECK(faults_on_write(base + 0x2FFF));
    CHECK(!faults_on_write(base + 0x3000));
    release(base);
}

// 5.5
static void the_old_protection_is_that_of_the_first_page_with_its_modifiers(void) {
    BYTE *base = committed_pages(3);
    DWORD before = 0;
    GRANTED(VirtualProtect(base + page_size, page_size, PAGE_READWRITE | PAGE_GUARD, &before));
    GRANTED(VirtualProtect(base + 2 * page_size, page_size, PAGE_READONLY, &before));
    GRANTED(VirtualProtect(base, 3 * page_size, PAGE_READONLY, &before));
    CHECK_EQUAL(before, PAGE_READWRITE);
    GRANTED(VirtualProtect(base + page_size, page_size, PAGE_READWRITE | PAGE_GUARD, &before));
    GRANTED(VirtualProtect(base + page_size, 2 * page_size, PAGE_EXECUTE_READ, &before));
    CHECK_EQUAL(before, PAGE_READWRITE | PAGE_GUARD);
    release(base);
}

// 5.7
static void a_reserved_page_in_the_range_refuses_the_whole_call(void) {
    static const SIZE_T ranges[][2] = {{0, 4}, {1, 2}, {2, 1}, {2, 2}};
    BYTE *base = committed_pages(4);
    DWORD before;
    memset(base, 0x51, 4 * page_size);
    GRANTED(VirtualFree(base + 2 * page_size, page_size, MEM_DECOMMIT));
    for (SIZE_T i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
        check_row("page %d, %d pages", (int)ranges[i][0], (int)ranges[i][1]);
        REFUSED_UNCHANGED(base, 4 * page_size,
                          VirtualProtect(base + ranges[i][0] * page_size, ranges[i][1] * page_size,
                                         PAGE_READONLY, &before),
                          ERROR_INVALID_ADDRESS);
    }
    release(base);
}

// 5.8
static void free_memory_cannot_be_protected(void) {
    BYTE *space = free_space(allocation_granularity);
    DWORD before;
    REFUSED(VirtualProtect(space, page_size, PAGE_READONLY, &before), ERROR_INVALID_ADDRESS);
    CHECK_FREE(space);
}

// 5.8
static void a_range_past_the_end_of_the_allocation_is_refused(void) {
    BYTE *base = committed_pages(2);
    DWORD before;
    REFUSED_UNCHANGED(base, 3 * page_size,
                      VirtualProtect(base, 3 * page_size, PAGE_READONLY, &before),
                      ERROR_INVALID_ADDRESS);
    REFUSED_UNCHANGED(base, 3 * page_size,
                      VirtualProtect(base + 1, 2 * page_size, PAGE_READONLY, &before),
                      ERROR_INVALID_ADDRESS);
    release(base);
}

// 5.8
static void a_range_over_two_allocations_is_refused(void) {
    BYTE *space = free_space(2 * allocation_granularity);
    BYTE *upper = space + allocation_granularity;
    DWORD before;
    GRANTED(VirtualAlloc(space, allocation_granularity, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE));
    GRANTED(VirtualAlloc(upper, allocation_granularity, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE));
    REFUSED_UNCHANGED(space, 2 * allocation_granularity,
                      VirtualProtect(upper - page_size, 2 * page_size, PAGE_READONLY, &before),
                      ERROR_INVALID_ADDRESS);
    release(upper);
    release(space);
}

// 5.10
static void contents_survive_every_protection(void) {
    static const DWORD protections[] = {PAGE_NOACCESS,
                                        PAGE_READONLY,
                                        PAGE_EXECUTE,
                                        PAGE_EXECUTE_READ,
                                        PAGE_EXECUTE_READWRITE,
                                        PAGE_READWRITE,
                                        PAGE_READWRITE | PAGE_GUARD};
    BYTE *base = committed_pages(3);
    DWORD before;
    for (SIZE_T i = 0; i < 3 * page_size; i++)
        base[i] = (BYTE)(i * 7 + i / page_size);
    uint64_t contents = snapshot_of(base, 3 * page_size).contents;
    for (SIZE_T i = 0; i < sizeof protections / sizeof protections[0]; i++) {
        check_row("protection 0x%x", (unsigned)protections[i]);
        GRANTED(VirtualProtect(base, 2 * page_size, protections[i], &before));
        GRANTED(VirtualProtect(base, 2 * page_size, PAGE_READWRITE, &before));
        CHECK_EQUAL(before, protections[i]);
        CHECK_EQUAL(snapshot_of(base, 3 * page_size).contents, contents);
    }
    release(base);
}

// 5.10: pages that were never touched read as zero behind any protection.
static void untouched_pages_stay_zero_through_every_protection(void) {
    BYTE *base = committed_pages(2);
    DWORD before;
    GRANTED(VirtualProtect(base, 2 * page_size, PAGE_NOACCESS, &before));
    GRANTED(VirtualProtect(base, 2 * page_size, PAGE_READONLY, &before));
    CHECK(every_byte_is(base, 0, 2 * page_size));
    release(base);
}

// 5.11
static void the_new_protection_shows_and_equal_neighbours_merge(void) {
    BYTE *base = committed_pages(4);
    DWORD before;
    GRANTED(VirtualProtect(base + page_size, page_size, PAGE_READONLY, &before));
    CHECK_COMMITTED(base, PAGE_READWRITE, page_size);
    GRANTED(VirtualProtect(base + 2 * page_size, page_size, PAGE_READONLY, &before));
    CHECK_COMMITTED(base + page_size, PAGE_READONLY, 2 * page_size);
    CHECK_ALLOCATION(base + page_size, base, PAGE_READWRITE);
    GRANTED(VirtualProtect(base + page_size, 2 * page_size, PAGE_READWRITE, &before));
    CHECK_COMMITTED(base, PAGE_READWRITE, 4 * page_size);
    release(base);
}

// 5.9, 8.5, 8.12: what each protection lets the processor do.
static void access_is_what_the_protection_says(void) {
    static const struct {
        DWORD protection;
        int reads, writes, executes;
    } rows[] = {
        {PAGE_NOACCESS, 0, 0, 0}, {PAGE_READONLY, 1, 0, 0},     {PAGE_READWRITE, 1, 1, 0},
        {PAGE_EXECUTE, 1, 0, 1},  {PAGE_EXECUTE_READ, 1, 0, 1}, {PAGE_EXECUTE_READWRITE, 1, 1, 1},
    };
    BYTE *base = committed_pages(1);
    DWORD before;
    base[0] = RETURN_INSTRUCTION;
    GRANTED(FlushInstructionCache(GetCurrentProcess(), base, 1));
    for (SIZE_T i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        check_row("protection 0x%x", (unsigned)rows[i].protection);
        GRANTED(VirtualProtect(base, page_size, rows[i].protection, &before));
        CHECK_EQUAL(!faults_on_read(base), rows[i].reads);
        CHECK_EQUAL(!faults_on_write(base), rows[i].writes);
        CHECK_EQUAL(!faults_on_execute(base), rows[i].executes);
    }
    release(base);
}

// 5.18
static void a_guard_can_be_set_on_a_page_and_makes_it_inaccessible(void) {
    BYTE *base = committed_pages(3);
    DWORD before = 0;
    base[page_size] = 0x52;
    GRANTED(VirtualProtect(base + page_size, page_size, PAGE_READWRITE | PAGE_GUARD, &before));
    CHECK_EQUAL(before, PAGE_READWRITE);
    CHECK_COMMITTED(base + page_size, PAGE_READWRITE | PAGE_GUARD, page_size);
    CHECK_COMMITTED(base, PAGE_READWRITE, page_size);
    CHECK(faults_on_read(base + page_size));
    CHECK(!faults_on_write(base + 2 * page_size));
    GRANTED(VirtualProtect(base + page_size, page_size, PAGE_READWRITE, &before));
    CHECK_EQUAL(base[page_size], 0x52);
    release(base);
}

// 5.22
static void targets_no_update_is_accepted_and_not_reported(void) {
    BYTE *base = committed_pages(1);
    DWORD before;
    GRANTED(VirtualProtect(base, page_size, PAGE_EXECUTE_READ | PAGE_TARGETS_NO_UPDATE, &before));
    CHECK_COMMITTED(base, PAGE_EXECUTE_READ, page_size);
    release(base);
}

// 5.23
static void flushing_the_instruction_cache_succeeds(void) {
    BYTE *base = committed_pages(1);
    CHECK(FlushInstructionCache(GetCurrentProcess(), NULL, 0));
    CHECK(FlushInstructionCache(GetCurrentProcess(), base, page_size));
    release(base);
}

// 5.23: code written into fresh memory runs, and runs changed after it was changed.
static void code_can_be_written_made_executable_run_and_changed(void) {
    BYTE *base = committed_pages(1);
    for (BYTE answer = 1; answer < 4; answer++) {
        const BYTE code[] = {0xB8, answer, 0, 0, 0, RETURN_INSTRUCTION};
        DWORD before;
        int (*function)(void);
        GRANTED(VirtualProtect(base, page_size, PAGE_READWRITE, &before));
        memcpy(base, code, sizeof code);
        GRANTED(VirtualProtect(base, page_size, PAGE_EXECUTE_READ, &before));
        CHECK(FlushInstructionCache(GetCurrentProcess(), base, sizeof code));
        memcpy(&function, &base, sizeof function);
        CHECK_EQUAL(function(), answer);
    }
    release(base);
}

TEST_PROGRAM(TEST(every_page_with_a_byte_of_the_range_changes),
             TEST(the_old_protection_is_that_of_the_first_page_with_its_modifiers),
             TEST(a_reserved_page_in_the_range_refuses_the_whole_call),
             TEST(free_memory_cannot_be_protected),
             TEST(a_range_past_the_end_of_the_allocation_is_refused),
             TEST(a_range_over_two_allocations_is_refused), TEST(contents_survive_every_protection),
             TEST(untouched_pages_stay_zero_through_every_protection),
             TEST(the_new_protection_shows_and_equal_neighbours_merge),
             TEST(access_is_what_the_protection_says),
             TEST(a_guard_can_be_set_on_a_page_and_makes_it_inaccessible),
             TEST(targets_no_update_is_accepted_and_not_reported),
             TEST(flushing_the_instruction_cache_succeeds),
             TEST(code_can_be_written_made_executable_run_and_changed))
