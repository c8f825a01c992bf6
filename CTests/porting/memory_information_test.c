// QueryVirtualMemoryInformation, and the classes of NtQueryVirtualMemory: region and working set.
#include "native_checks.h"

#include <psapi.h>

static WIN32_MEMORY_REGION_INFORMATION information_of(const void *address) {
    WIN32_MEMORY_REGION_INFORMATION information;
    SIZE_T length = 0;
    memset(&information, 0xEE, sizeof information);
    GRANTED(QueryVirtualMemoryInformation(GetCurrentProcess(), address, MemoryRegionInfo,
                                          &information, sizeof information, &length));
    CHECK_EQUAL(length, sizeof information);
    return information;
}

// 6.24, 6.25, A15.16
static void the_whole_allocation_is_described(void) {
    BYTE *base =
        (BYTE *)GRANTED(VirtualAlloc(NULL, 20 * page_size, MEM_RESERVE, PAGE_EXECUTE_READ));
    DWORD before;
    WIN32_MEMORY_REGION_INFORMATION region = information_of(base + 7 * page_size + 3);
    CHECK_EQUAL((ULONG_PTR)region.AllocationBase, (ULONG_PTR)base);
    CHECK_EQUAL(region.AllocationProtect, PAGE_EXECUTE_READ);
    CHECK_EQUAL(region.RegionSize, 20 * page_size);
    CHECK_EQUAL(region.CommitSize, 0);
    CHECK_EQUAL(region.Flags, 0);
    GRANTED(VirtualAlloc(base + 2 * page_size, 5 * page_size, MEM_COMMIT, PAGE_READWRITE));
    GRANTED(VirtualAlloc(base + 19 * page_size, page_size, MEM_COMMIT, PAGE_READWRITE));
    GRANTED(VirtualProtect(base + 3 * page_size, page_size, PAGE_NOACCESS, &before));
    region = information_of(base + 19 * page_size);
    CHECK_EQUAL((ULONG_PTR)region.AllocationBase, (ULONG_PTR)base);
    CHECK_EQUAL(region.RegionSize, 20 * page_size);
    CHECK_EQUAL(region.CommitSize, 6 * page_size);
    CHECK_EQUAL(region.Flags, 0);
    release(base);
}

// 6.23, 6.24
static void a_program_is_one_allocation(void) {
    WIN32_MEMORY_REGION_INFORMATION region =
        information_of((const void *)(ULONG_PTR)a_program_is_one_allocation);
    CHECK_EQUAL((ULONG_PTR)region.AllocationBase, (ULONG_PTR)GetModuleHandleA(NULL));
    CHECK(region.RegionSize >= 2 * page_size && region.CommitSize == region.RegionSize);
}

// 6.24
static void short_buffers_are_refused_or_leave_the_commit_size_out(void) {
    WIN32_MEMORY_REGION_INFORMATION region;
    HANDLE self = GetCurrentProcess();
    BYTE *base = committed_pages(2);
    SIZE_T length = 77;
    memset(&region, 0xEE, sizeof region);
    REFUSED(QueryVirtualMemoryInformation(self, base, MemoryRegionInfo, &region, 23, &length),
            ERROR_BAD_LENGTH);
    CHECK(length == 77 && every_byte_is(&region, 0xEE, sizeof region));
    GRANTED(QueryVirtualMemoryInformation(self, base, MemoryRegionInfo, &region, 24, &length));
    CHECK_EQUAL(length, 24);
    CHECK_EQUAL(region.RegionSize, 2 * page_size);
    CHECK(every_byte_is(&region.CommitSize, 0xEE, sizeof region.CommitSize));
    GRANTED(QueryVirtualMemoryInformation(self, base, MemoryRegionInfo, &region, 1000, NULL));
    CHECK_EQUAL(region.CommitSize, 2 * page_size);
    release(base);
}

// A15.16, 13.3, 13.6
static void what_cannot_be_described_leaves_the_buffer(void) {
    WIN32_MEMORY_REGION_INFORMATION region;
    HANDLE self = GetCurrentProcess(), handle = NULL;
    BYTE *space = free_space(page_size);
    memset(&region, 0xEE, sizeof region);
    REFUSED(QueryVirtualMemoryInformation(self, space, MemoryRegionInfo, &region, 32, NULL),
            ERROR_UNEXP_NET_ERR);
    REFUSED(QueryVirtualMemoryInformation(NULL, &region, MemoryRegionInfo, &region, 32, NULL),
            ERROR_INVALID_HANDLE);
    REFUSED(QueryVirtualMemoryInformation(self, &region, (WIN32_MEMORY_INFORMATION_CLASS)1, &region,
                                          32, NULL),
            ERROR_INVALID_PARAMETER);
    REFUSED(QueryVirtualMemoryInformation(self, &region, MemoryRegionInfo, NULL, 32, NULL),
            ERROR_NOACCESS);
    REFUSED(QueryVirtualMemoryInformation(self, &region, MemoryRegionInfo, &region, 32, (PSIZE_T)8),
            ERROR_NOACCESS);
    GRANTED(DuplicateHandle(self, self, self, &handle, PROCESS_VM_READ, FALSE, 0));
    REFUSED(QueryVirtualMemoryInformation(handle, &region, MemoryRegionInfo, &region, 32, NULL),
            ERROR_ACCESS_DENIED);
    GRANTED(CloseHandle(handle));
    CHECK(every_byte_is(&region, 0xEE, sizeof region));
}

// A15.16, 12.7, 12.8
static void nt_has_the_same_answers_with_a_status(void) {
    WIN32_MEMORY_REGION_INFORMATION region;
    PSAPI_WORKING_SET_EX_INFORMATION entries[2];
    HANDLE self = GetCurrentProcess();
    BYTE *base = committed_pages(2), *space = free_space(page_size);
    SIZE_T length = 0;
    SetLastError(UNTOUCHED_ERROR);
    CHECK_STATUS(NtQueryVirtualMemory(self, base + page_size, MemoryRegionInformation, &region,
                                      sizeof region, &length),
                 STATUS_SUCCESS);
    CHECK(length == 32 && region.AllocationBase == base && region.CommitSize == 2 * page_size);
    memset(&region, 0xEE, sizeof region);
    CHECK_STATUS(
        NtQueryVirtualMemory(self, space, MemoryRegionInformation, &region, sizeof region, NULL),
        STATUS_INVALID_ADDRESS);
    CHECK(every_byte_is(&region, 0xEE, sizeof region));
    base[0] = 1;
    entries[0].VirtualAddress = base + page_size;
    entries[1].VirtualAddress = base;
    CHECK_STATUS(NtQueryVirtualMemory(self, NULL, MemoryWorkingSetExInformation, entries,
                                      sizeof entries, &length),
                 STATUS_SUCCESS);
    CHECK(length == 32 && !entries[0].VirtualAttributes.Valid &&
          entries[1].VirtualAttributes.Valid);
    CHECK_STATUS(NtQueryVirtualMemory(self, NULL, MemoryWorkingSetExInformation, entries, 15, NULL),
                 STATUS_INFO_LENGTH_MISMATCH);
    CHECK_STATUS(NtQueryVirtualMemory(self, base, (MEMORY_INFORMATION_CLASS)99, &region, 32, NULL),
                 STATUS_INVALID_INFO_CLASS);
    CHECK_EQUAL(GetLastError(), UNTOUCHED_ERROR);
    release(base);
}

TEST_PROGRAM(TEST(the_whole_allocation_is_described), TEST(a_program_is_one_allocation),
             TEST(short_buffers_are_refused_or_leave_the_commit_size_out),
             TEST(what_cannot_be_described_leaves_the_buffer),
             TEST(nt_has_the_same_answers_with_a_status))
