// NtAllocateVirtualMemory, NtProtectVirtualMemory, NtQueryVirtualMemory, RtlNtStatusToDosError.
#include "native_checks.h"

// 3.22, 3.23, 3.24
static void base_and_size_come_back_rounded(void) {
    struct native_range range = native_range(NULL, 0x1234);
    CHECK_STATUS(allocate(&range, MEM_RESERVE, PAGE_READWRITE), STATUS_SUCCESS);
    CHECK_EQUAL((ULONG_PTR)range.base & 0xFFFF, 0);
    CHECK_EQUAL(range.byte_count, 0x2000);
    BYTE *base = (BYTE *)range.base;
    range = native_range(base + 0xFFF, 2);
    CHECK_STATUS(allocate(&range, MEM_COMMIT, PAGE_READONLY), STATUS_SUCCESS);
    CHECK_RANGE(range, base, 0x2000);
    CHECK_COMMITTED(base, PAGE_READONLY, 0x2000);
    release(base);
    range = native_range(base + 0x8010, 0x1000);
    CHECK_STATUS(allocate(&range, MEM_RESERVE, PAGE_READWRITE), STATUS_SUCCESS);
    CHECK_RANGE(range, base, 0xA000);
    release(base);
}

// S31: LuaJIT's way to the lowest 2 GiB
static void zero_bits_bound_the_address(void) {
    static const struct {
        ULONG_PTR bits;
        ULONG_PTR end;
    } rows[] = {
        {1, 0x80000000u}, {2, 0x40000000u}, {0x7FFFFFFF, 0x80000000u}, {0xFFFFFFFFu, 1ull << 32}};
    for (SIZE_T i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct native_range range = native_range(NULL, 0x20000);
        check_row("zero bits 0x%" PRIx64, (uint64_t)rows[i].bits);
        CHECK_STATUS(NtAllocateVirtualMemory((HANDLE)-1, &range.base, rows[i].bits,
                                             &range.byte_count, MEM_RESERVE | MEM_COMMIT,
                                             PAGE_READWRITE),
                     STATUS_SUCCESS);
        CHECK((ULONG_PTR)range.base != 0 && (ULONG_PTR)range.base + 0x20000 <= rows[i].end);
        CHECK_COMMITTED(range.base, PAGE_READWRITE, 0x20000);
        range.byte_count = 0;
        CHECK_STATUS(free_range(&range, MEM_RELEASE), STATUS_SUCCESS);
    }
    struct native_range range = native_range(NULL, 0x1000);
    CHECK_STATUS(NtAllocateVirtualMemory(GetCurrentProcess(), &range.base, 22, &range.byte_count,
                                         MEM_RESERVE, PAGE_READWRITE),
                 STATUS_INVALID_PARAMETER_3);
}

// 3A, 1B
static void allocation_refusals_have_a_status(void) {
    BYTE *taken = reserved_pages(16);
    const struct {
        void *base;
        SIZE_T byte_count;
        ULONG type, protection;
        NTSTATUS status;
    } rows[] = {
        {taken, 0x1000, MEM_RESERVE, PAGE_READWRITE, (NTSTATUS)STATUS_CONFLICTING_ADDRESSES},
        {taken + 0x10000, 0x1000, MEM_COMMIT, PAGE_READWRITE,
         (NTSTATUS)STATUS_CONFLICTING_ADDRESSES},
        {NULL, 0x1000, MEM_RESERVE, 0, (NTSTATUS)STATUS_INVALID_PAGE_PROTECTION},
        {NULL, 0x1000, MEM_RESERVE, PAGE_READONLY | PAGE_READWRITE,
         (NTSTATUS)STATUS_INVALID_PAGE_PROTECTION},
        {NULL, 0x1000, 0, PAGE_READWRITE, (NTSTATUS)STATUS_INVALID_PARAMETER},
        {NULL, 0x7FFF00000000, MEM_RESERVE, PAGE_READWRITE, (NTSTATUS)STATUS_NO_MEMORY},
    };
    for (SIZE_T i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct native_range range = native_range(rows[i].base, rows[i].byte_count);
        check_row("row %u", (unsigned)i);
        CHECK_STATUS(allocate(&range, rows[i].type, rows[i].protection), rows[i].status);
        CHECK_RANGE(range, rows[i].base, rows[i].byte_count);
    }
    release(taken);
}

// 3.5, 13.3
static void an_unknown_process_is_refused(void) {
    struct native_range range = native_range(NULL, 0x1000);
    CHECK_STATUS(NtAllocateVirtualMemory(NULL, &range.base, 0, &range.byte_count, MEM_RESERVE,
                                         PAGE_READWRITE),
                 STATUS_INVALID_HANDLE);
    CHECK_RANGE(range, NULL, 0x1000);
}

// 5.4, 5.5, 5.7
static void protect_gives_the_range_and_the_old_protection_back(void) {
    BYTE *base = reserved_pages(4);
    ULONG before = 0;
    GRANTED(VirtualAlloc(base, 2 * page_size, MEM_COMMIT, PAGE_READWRITE));
    struct native_range range = native_range(base + 0xFFF, 2);
    CHECK_STATUS(protect_range(&range, PAGE_READONLY, &before), STATUS_SUCCESS);
    CHECK_EQUAL(before, PAGE_READWRITE);
    CHECK_RANGE(range, base, 2 * page_size);
    CHECK_COMMITTED(base, PAGE_READONLY, 2 * page_size);
    range = native_range(base + page_size, 2 * page_size);
    CHECK_STATUS(protect_range(&range, PAGE_READWRITE, &before), STATUS_NOT_COMMITTED);
    CHECK_STATUS(protect_range(&range, 0, &before), STATUS_INVALID_PAGE_PROTECTION);
    CHECK_RANGE(range, base + page_size, 2 * page_size);
    CHECK_COMMITTED(base, PAGE_READONLY, 2 * page_size);
    release(base);
}

// 6.1, 6.2, 6.4
static void basic_information_is_that_of_virtual_query(void) {
    MEMORY_BASIC_INFORMATION expected, region;
    SIZE_T length = 0;
    BYTE *base = committed_pages(3);
    GRANTED(VirtualQuery(base + page_size, &expected, sizeof expected));
    memset(&region, 0, sizeof region);
    CHECK_STATUS(NtQueryVirtualMemory(GetCurrentProcess(), base + page_size + 7, 0, &region,
                                      sizeof region, &length),
                 STATUS_SUCCESS);
    CHECK_EQUAL(length, sizeof region);
    CHECK(region.BaseAddress == expected.BaseAddress && region.Protect == expected.Protect);
    CHECK(region.RegionSize == expected.RegionSize && region.State == expected.State);
    CHECK_STATUS(
        NtQueryVirtualMemory(GetCurrentProcess(), base, 0, &region, sizeof region - 1, NULL),
        STATUS_INFO_LENGTH_MISMATCH);
    CHECK_STATUS(NtQueryVirtualMemory(NULL, base, 0, &region, sizeof region, NULL),
                 STATUS_INVALID_HANDLE);
    CHECK_STATUS(NtQueryVirtualMemory(GetCurrentProcess(), (PVOID)USER_SPACE_END, 0, &region,
                                      sizeof region, NULL),
                 STATUS_INVALID_PARAMETER);
    release(base);
}

// 1B
static void every_status_of_the_table_has_its_error(void) {
    static const struct {
        DWORD status, error;
    } rows[] = {
        {0x00000000, 0},    {0xC0000005, 998},  {0x80000001, 0x80000001}, {0xC0000006, 999},
        {0x8000000D, 299},  {0xC0000008, 6},    {0xC0000024, 6},          {0xC0000022, 5},
        {0xC000010A, 5},    {0xC000000D, 87},   {0xC00000EF, 87},         {0xC00000FA, 87},
        {0xC0000045, 87},   {0xC000004E, 87},   {0xC000001A, 87},         {0xC000001B, 87},
        {0xC0000018, 487},  {0xC0000019, 487},  {0xC000002D, 487},        {0xC000009F, 487},
        {0xC00000A0, 487},  {0xC0000088, 487},  {0xC0000021, 5},          {0xC000001F, 5},
        {0xC0000220, 1132}, {0xC0000004, 24},   {0xC0000017, 8},          {0xC0000040, 8},
        {0xC000012D, 1455}, {0xC000009A, 1450}, {0xC0000007, 1454},       {0xC00000A1, 1453},
        {0xC0000044, 1816}, {0xC0000061, 1314}, {0xC000002A, 158},        {0xC000011E, 1006},
        {0xC0000098, 1006}, {0xC0000020, 193},  {0xC000012F, 193},        {0xC0000243, 1224},
        {0xC0000121, 5},    {0xC0000141, 59},   {0xC00000BB, 50},         {0xC0000034, 2},
        {0xC000004D, 87},   {0xC0001234, 317},  {0x20000055, 0x20000055}, {0x80070057, 87},
    };
    for (SIZE_T i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        check_row("status 0x%x", (unsigned)rows[i].status);
        CHECK_EQUAL(RtlNtStatusToDosError((NTSTATUS)rows[i].status), rows[i].error);
    }
}

// The NT calls report by their result alone.
static void the_last_error_is_left_alone(void) {
    struct native_range range = native_range(NULL, 0);
    SetLastError(UNTOUCHED_ERROR);
    CHECK(allocate(&range, MEM_RESERVE, PAGE_READWRITE) < 0);
    CHECK_EQUAL(GetLastError(), UNTOUCHED_ERROR);
}

TEST_PROGRAM(TEST(base_and_size_come_back_rounded), TEST(zero_bits_bound_the_address),
             TEST(allocation_refusals_have_a_status), TEST(an_unknown_process_is_refused),
             TEST(protect_gives_the_range_and_the_old_protection_back),
             TEST(basic_information_is_that_of_virtual_query),
             TEST(every_status_of_the_table_has_its_error), TEST(the_last_error_is_left_alone))
