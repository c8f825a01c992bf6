// GetSystemInfo, GetNativeSystemInfo, GetLargePageMinimum and GlobalMemoryStatusEx.
#include "memory_checks.h"

static SYSTEM_INFO system_info(void) {
    SYSTEM_INFO info;
    memset(&info, 0xEE, sizeof info);
    GetSystemInfo(&info);
    return info;
}

// 1.1, 12.15
static void pages_are_4_kib_and_the_granularity_64_kib(void) {
    SYSTEM_INFO info = system_info();
    CHECK_EQUAL(info.dwPageSize, 0x1000);
    CHECK_EQUAL(info.dwAllocationGranularity, 0x10000);
}

// 2.1
static void the_application_addresses_are_those_of_64_bit_windows(void) {
    SYSTEM_INFO info = system_info();
    CHECK_EQUAL((ULONG_PTR)info.lpMinimumApplicationAddress, 0x10000);
    CHECK_EQUAL((ULONG_PTR)info.lpMaximumApplicationAddress, 0x7FFFFFFEFFFFull);
}

// 1.14
static void the_processor_is_described(void) {
    SYSTEM_INFO info = system_info();
    CHECK_EQUAL(info.wProcessorArchitecture, PROCESSOR_ARCHITECTURE_AMD64);
    CHECK_EQUAL(info.dwProcessorType, PROCESSOR_AMD_X8664);
    CHECK(info.dwNumberOfProcessors >= 1);
    CHECK(info.dwActiveProcessorMask != 0);
    DWORD processors_in_mask = 0;
    for (DWORD_PTR mask = info.dwActiveProcessorMask; mask != 0; mask &= mask - 1)
        processors_in_mask++;
    CHECK_EQUAL(processors_in_mask, info.dwNumberOfProcessors);
}

// 12.15
static void the_native_system_info_is_the_same(void) {
    SYSTEM_INFO info = system_info(), native;
    memset(&native, 0xEE, sizeof native);
    GetNativeSystemInfo(&native);
    CHECK(memcmp(&info, &native, sizeof info) == 0);
}

// 2.1, 6.7: the lowest and the highest address mean what they say.
static void allocations_lie_between_the_application_addresses(void) {
    SYSTEM_INFO info = system_info();
    for (int i = 0; i < 2; i++) {
        BYTE *base = (BYTE *)GRANTED(
            VirtualAlloc(NULL, page_size, MEM_RESERVE | (i ? MEM_TOP_DOWN : 0), PAGE_READWRITE));
        CHECK(base >= (BYTE *)info.lpMinimumApplicationAddress);
        CHECK(base + page_size - 1 <= (BYTE *)info.lpMaximumApplicationAddress);
        release(base);
    }
}

// 1.1
static void the_large_page_minimum_is_2_mib_or_unsupported(void) {
    CHECK(GetLargePageMinimum() == 0x200000 || GetLargePageMinimum() == 0);
}

// 12.14
static void the_memory_status_needs_the_exact_length(void) {
    static const DWORD lengths[] = {0, 1, 56, 63, 65, 128, 0xFFFFFFFFu};
    MEMORYSTATUSEX status[2];
    for (SIZE_T i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        check_row("length %u", (unsigned)lengths[i]);
        memset(status, 0x5F, sizeof status);
        status[0].dwLength = lengths[i];
        REFUSED(GlobalMemoryStatusEx(&status[0]), ERROR_INVALID_PARAMETER);
        CHECK(every_byte_is(&status[0].dwMemoryLoad, 0x5F, sizeof status - sizeof(DWORD)));
    }
}

// 12.14
static void the_memory_status_is_consistent(void) {
    SYSTEM_INFO info = system_info();
    MEMORYSTATUSEX status;
    memset(&status, 0xEE, sizeof status);
    CHECK_EQUAL(sizeof status, 64);
    status.dwLength = sizeof status;
    GRANTED(GlobalMemoryStatusEx(&status));
    CHECK(status.dwMemoryLoad <= 100);
    CHECK(status.ullTotalPhys >= 1u << 24);
    CHECK(status.ullAvailPhys <= status.ullTotalPhys);
    CHECK(status.ullTotalPageFile >= 1u << 24);
    CHECK(status.ullAvailPageFile <= status.ullTotalPageFile);
    CHECK_EQUAL(status.ullTotalVirtual, (ULONG_PTR)info.lpMaximumApplicationAddress -
                                            (ULONG_PTR)info.lpMinimumApplicationAddress + 1);
    CHECK(status.ullAvailVirtual <= status.ullTotalVirtual);
    CHECK(status.ullAvailVirtual >= status.ullTotalVirtual / 2);
    CHECK_EQUAL(status.ullAvailExtendedVirtual, 0);
}

TEST_PROGRAM(TEST(pages_are_4_kib_and_the_granularity_64_kib),
             TEST(the_application_addresses_are_those_of_64_bit_windows),
             TEST(the_processor_is_described), TEST(the_native_system_info_is_the_same),
             TEST(allocations_lie_between_the_application_addresses),
             TEST(the_large_page_minimum_is_2_mib_or_unsupported),
             TEST(the_memory_status_needs_the_exact_length), TEST(the_memory_status_is_consistent))
