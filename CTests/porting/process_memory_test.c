// GetProcessMemoryInfo: its rules, and that its figures follow what the process does.
#include "memory_checks.h"

#include <psapi.h>

enum { block_pages = 4096 };

static PROCESS_MEMORY_COUNTERS_EX counters_now(void) {
    PROCESS_MEMORY_COUNTERS_EX counters;
    memset(&counters, 0xEE, sizeof counters);
    GRANTED(GetProcessMemoryInfo(GetCurrentProcess(), (PPROCESS_MEMORY_COUNTERS)&counters,
                                 sizeof counters));
    CHECK_EQUAL(counters.PagefileUsage, counters.PrivateUsage);
    CHECK(counters.WorkingSetSize > 0);
    CHECK(counters.PeakWorkingSetSize >= counters.WorkingSetSize);
    CHECK(counters.PeakPagefileUsage >= counters.PagefileUsage);
    return counters;
}

// 12.12
static void a_program_has_a_working_set_from_its_start(void) {
    PROCESS_MEMORY_COUNTERS_EX counters = counters_now();
    CHECK(counters.WorkingSetSize % page_size == 0);
    CHECK(counters.WorkingSetSize >= 16 * page_size);
    CHECK(counters.PageFaultCount > 0);
}

// 12.12, 1.22; observed: the longer form is filled only where it fits.
static void each_form_is_filled_to_its_own_length(void) {
    for (DWORD cb = 72; cb <= 95; cb += cb == 80 ? 15 : 1) {
        BYTE bytes[128];
        DWORD filled = cb < 80 ? 72 : 80;
        memset(bytes, 0xEE, sizeof bytes);
        check_row("cb %u", (unsigned)cb);
        GRANTED(K32GetProcessMemoryInfo(GetCurrentProcess(), (PPROCESS_MEMORY_COUNTERS)bytes, cb));
        CHECK(((PPROCESS_MEMORY_COUNTERS)bytes)->cb >= 72);
        CHECK(every_byte_is(bytes + filled, 0xEE, sizeof bytes - filled));
        CHECK(((PPROCESS_MEMORY_COUNTERS)bytes)->WorkingSetSize > 0);
    }
}

// 12.12
static void a_length_below_the_shortest_form_is_refused(void) {
    const DWORD lengths[] = {0, 4, 71};
    for (SIZE_T i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        PROCESS_MEMORY_COUNTERS counters;
        memset(&counters, 0xEE, sizeof counters);
        check_row("cb %u", (unsigned)lengths[i]);
        REFUSED(GetProcessMemoryInfo(GetCurrentProcess(), &counters, lengths[i]),
                ERROR_INSUFFICIENT_BUFFER);
        CHECK(every_byte_is(&counters, 0xEE, sizeof counters));
    }
}

// 12.12, 13.6
static void the_handle_must_be_a_process_that_may_be_asked(void) {
    PROCESS_MEMORY_COUNTERS counters;
    HANDLE self = GetCurrentProcess(), may_query = NULL, may_not = NULL;
    GRANTED(
        DuplicateHandle(self, self, self, &may_query, PROCESS_QUERY_LIMITED_INFORMATION, FALSE, 0));
    GRANTED(DuplicateHandle(self, self, self, &may_not, PROCESS_VM_OPERATION, FALSE, 0));
    memset(&counters, 0xEE, sizeof counters);
    REFUSED(GetProcessMemoryInfo(NULL, &counters, sizeof counters), ERROR_INVALID_HANDLE);
    REFUSED(GetProcessMemoryInfo((HANDLE)(ULONG_PTR)0x12340000, &counters, sizeof counters),
            ERROR_INVALID_HANDLE);
    REFUSED(GetProcessMemoryInfo(may_not, &counters, sizeof counters), ERROR_ACCESS_DENIED);
    CHECK(every_byte_is(&counters, 0xEE, sizeof counters));
    GRANTED(GetProcessMemoryInfo(may_query, &counters, sizeof counters));
    GRANTED(CloseHandle(may_query));
    GRANTED(CloseHandle(may_not));
}

// Learn, PROCESS_MEMORY_COUNTERS_EX, PrivateUsage: the commit charge
static void committing_raises_the_private_usage_and_decommitting_lowers_it(void) {
    SIZE_T before = counters_now().PrivateUsage;
    BYTE *base = reserved_pages(block_pages);
    SIZE_T reserved = counters_now().PrivateUsage;
    GRANTED(VirtualAlloc(base, block_pages * page_size, MEM_COMMIT, PAGE_READWRITE));
    SIZE_T committed = counters_now().PrivateUsage;
    GRANTED(VirtualFree(base, block_pages / 2 * page_size, MEM_DECOMMIT));
    SIZE_T halved = counters_now().PrivateUsage;
    release(base);
    PROCESS_MEMORY_COUNTERS_EX after = counters_now();
    // On Windows the bookkeeping itself takes some pages more.
    const SIZE_T slack = 64 * page_size;
    CHECK(reserved - before <= slack);
    CHECK(committed - reserved - block_pages * page_size <= slack);
    CHECK(committed - halved - block_pages / 2 * page_size + slack <= 2 * slack);
    CHECK(after.PrivateUsage - before <= slack);
    CHECK(after.PeakPagefileUsage >= committed);
}

// Learn, PROCESS_MEMORY_COUNTERS, PeakPagefileUsage: also of what nobody asked about meanwhile
static void the_peak_is_kept_of_every_commit(void) {
    enum { block_count = 64 };
    PROCESS_MEMORY_COUNTERS counters;
    BYTE *small[block_count];
    BYTE *first = committed_pages(block_pages), *second = reserved_pages(2 * block_pages);
    GRANTED(VirtualAlloc(second, 2 * block_pages * page_size, MEM_COMMIT, PAGE_READWRITE));
    for (SIZE_T i = 0; i < block_count; i++)
        small[i] = committed_pages(256);
    for (SIZE_T i = 0; i < block_count; i++)
        release(small[i]);
    release(first);
    release(second);
    GRANTED(GetProcessMemoryInfo(GetCurrentProcess(), &counters, sizeof counters));
    CHECK(counters.PeakPagefileUsage >= (3 * block_pages + 256 * block_count) * page_size);
    CHECK(counters.PagefileUsage <= counters.PeakPagefileUsage - 2 * block_pages * page_size);
}

// Learn, PROCESS_MEMORY_COUNTERS, WorkingSetSize and PageFaultCount
static void touching_raises_the_working_set_and_counts_faults(void) {
    BYTE *base = committed_pages(block_pages);
    PROCESS_MEMORY_COUNTERS_EX before = counters_now();
    for (SIZE_T i = 0; i < block_pages; i++)
        base[i * page_size] = 1;
    PROCESS_MEMORY_COUNTERS_EX touched = counters_now();
    CHECK(touched.WorkingSetSize >= before.WorkingSetSize + block_pages / 2 * page_size);
    CHECK(touched.PageFaultCount > before.PageFaultCount);
    release(base);
    PROCESS_MEMORY_COUNTERS_EX after = counters_now();
    CHECK(after.WorkingSetSize <= touched.WorkingSetSize - block_pages / 2 * page_size);
    CHECK(after.PeakWorkingSetSize >= touched.WorkingSetSize);
}

TEST_PROGRAM(TEST(a_program_has_a_working_set_from_its_start),
             TEST(each_form_is_filled_to_its_own_length),
             TEST(a_length_below_the_shortest_form_is_refused),
             TEST(the_handle_must_be_a_process_that_may_be_asked),
             TEST(committing_raises_the_private_usage_and_decommitting_lowers_it),
             TEST(the_peak_is_kept_of_every_commit),
             TEST(touching_raises_the_working_set_and_counts_faults))
