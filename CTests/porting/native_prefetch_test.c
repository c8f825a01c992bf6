// NtSetInformationVirtualMemory(VmPrefetchInformation), and prefetching in other processes.
#include "native_checks.h"
#include "sandbox.h"

static MEMORY_RANGE_ENTRY entry;
static ULONG no_flags;

static NTSTATUS prefetch(ULONG class, ULONG_PTR count, PMEMORY_RANGE_ENTRY entries, PVOID flags,
                         ULONG length) {
    return NtSetInformationVirtualMemory(GetCurrentProcess(),
                                         (VIRTUAL_MEMORY_INFORMATION_CLASS) class, count, entries,
                                         flags, length);
}

// A12.11
static void arguments_are_checked_in_order(void) {
    ULONG flags = 1;
    entry.VirtualAddress = committed_pages(1);
    entry.NumberOfBytes = page_size;
    SetLastError(UNTOUCHED_ERROR);
    CHECK_STATUS(prefetch(0, 1, &entry, &no_flags, 4), STATUS_SUCCESS);
    CHECK_STATUS(prefetch(1, 0, NULL, NULL, 0), STATUS_INVALID_PARAMETER_2);
    CHECK_STATUS(prefetch(0, 0, NULL, NULL, 0), STATUS_INVALID_PARAMETER_5);
    CHECK_STATUS(prefetch(0, 0, NULL, &no_flags, 8), STATUS_INVALID_PARAMETER_6);
    CHECK_STATUS(prefetch(0, 0, NULL, &flags, 4), STATUS_INVALID_PARAMETER_5);
    CHECK_STATUS(prefetch(0, 0, NULL, &no_flags, 4), STATUS_INVALID_PARAMETER_3);
    CHECK_STATUS(prefetch(0, 1, NULL, &no_flags, 4), STATUS_ACCESS_VIOLATION);
    CHECK_STATUS(
        NtSetInformationVirtualMemory(NULL, VmPrefetchInformation, 1, &entry, &no_flags, 4),
        STATUS_INVALID_HANDLE);
    PVOID base = entry.VirtualAddress;
    entry.NumberOfBytes = 0;
    CHECK_STATUS(prefetch(0, 1, &entry, &no_flags, 4), STATUS_INVALID_PARAMETER_4);
    CHECK_EQUAL(GetLastError(), UNTOUCHED_ERROR);
    release(base);
}

static void prefetch_from_the_parent(void) {
    HANDLE parent =
        (HANDLE)GRANTED(OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, (DWORD)getppid()));
    WIN32_MEMORY_RANGE_ENTRY range = {entry.VirtualAddress, page_size};
    GRANTED(PrefetchVirtualMemory(parent, 1, &range, 0));
    GRANTED(PrefetchVirtualMemory(GetCurrentProcess(), 1, &range, 0));
    GRANTED(CloseHandle(parent));
}

// 12.6: a hint that the kernel does not take is no error.
static void prefetching_in_another_process_succeeds_even_if_it_is_refused(void) {
    static const struct refusal refusals[] = {
        {"nothing", 0, {0}},
        {"process_madvise", EPERM, {440}},
        {"process_madvise, ENOSYS", ENOSYS, {440}},
        {"pidfd_open, madvise", EPERM, {434, SYS_madvise}},
    };
    entry.VirtualAddress = committed_pages(1);
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        check_row("refused: %s", refusals[i].name);
        in_child_with(&refusals[i], prefetch_from_the_parent);
    }
    release(entry.VirtualAddress);
}

TEST_PROGRAM(TEST(arguments_are_checked_in_order),
             TEST(prefetching_in_another_process_succeeds_even_if_it_is_refused))
