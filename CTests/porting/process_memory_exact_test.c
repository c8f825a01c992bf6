// Linux only: GetProcessMemoryInfo counts this library's commits to the byte, and knows the form
// that Windows 10 22H2 brought.
#include "memory_checks.h"

#include <psapi.h>
#include <sys/wait.h>
#include <unistd.h>

static PROCESS_MEMORY_COUNTERS_EX2 counters_now(void) {
    PROCESS_MEMORY_COUNTERS_EX2 counters;
    memset(&counters, 0xEE, sizeof counters);
    GRANTED(GetProcessMemoryInfo(GetCurrentProcess(), (PPROCESS_MEMORY_COUNTERS)&counters,
                                 sizeof counters));
    CHECK_EQUAL(counters.cb, sizeof counters);
    return counters;
}

// Learn, PROCESS_MEMORY_COUNTERS_EX2
static void the_longest_form_has_the_private_working_set(void) {
    BYTE *base = committed_pages(1024);
    PROCESS_MEMORY_COUNTERS_EX2 before = counters_now();
    memset(base, 1, 1024 * page_size);
    PROCESS_MEMORY_COUNTERS_EX2 after = counters_now();
    CHECK(after.PrivateWorkingSetSize <= after.WorkingSetSize);
    CHECK(after.PrivateWorkingSetSize >= before.PrivateWorkingSetSize + 900 * page_size);
    CHECK_EQUAL(after.SharedCommitUsage, 0);
    release(base);
}

// Learn, PROCESS_MEMORY_COUNTERS_EX, PrivateUsage
static void private_usage_is_what_is_committed_to_the_byte(void) {
    SIZE_T before = counters_now().PrivateUsage;
    BYTE *base = reserved_pages(1 << 18);
    CHECK_EQUAL(counters_now().PrivateUsage, before);
    for (SIZE_T i = 0; i < 7; i++)
        GRANTED(VirtualAlloc(base + i * 5 * page_size, page_size, MEM_COMMIT, PAGE_READWRITE));
    CHECK_EQUAL(counters_now().PrivateUsage, before + 7 * page_size);
    release(base);
    CHECK_EQUAL(counters_now().PrivateUsage, before);
}

// Learn, PROCESS_MEMORY_COUNTERS, PeakPagefileUsage: of this process, which a child is not.
static void a_child_has_peaks_of_its_own(void) {
    BYTE *base = committed_pages(4096);
    memset(base, 1, 4096 * page_size);
    SIZE_T high = counters_now().PrivateUsage;
    release(base);
    CHECK(counters_now().PeakPagefileUsage >= high);
    CHECK(counters_now().PeakWorkingSetSize >= 4096 * page_size);
    pid_t child = fork();
    if (child == 0) {
        PROCESS_MEMORY_COUNTERS_EX2 counters = counters_now();
        _exit(counters.PeakPagefileUsage < high && counters.PeakWorkingSetSize < high ? 0 : 1);
    }
    int status = -1;
    CHECK(waitpid(child, &status, 0) == child);
    CHECK_EQUAL(status, 0);
}

TEST_PROGRAM(TEST(the_longest_form_has_the_private_working_set),
             TEST(private_usage_is_what_is_committed_to_the_byte),
             TEST(a_child_has_peaks_of_its_own))
