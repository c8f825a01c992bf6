// SetProcessWorkingSetSize, GetProcessWorkingSetSize, EmptyWorkingSet.
#include "memory_checks.h"

#include <psapi.h>

struct sizes {
    SIZE_T minimum, maximum;
    DWORD flags;
};

static struct sizes sizes_now(void) {
    struct sizes sizes = {77, 77, 77}, same = {77, 77, 77};
    GRANTED(GetProcessWorkingSetSizeEx(GetCurrentProcess(), &sizes.minimum, &sizes.maximum,
                                       &sizes.flags));
    GRANTED(GetProcessWorkingSetSize(GetCurrentProcess(), &same.minimum, &same.maximum));
    CHECK(same.minimum == sizes.minimum && same.maximum == sizes.maximum);
    return sizes;
}

static void check_sizes(SIZE_T minimum_pages, SIZE_T maximum_pages, DWORD flags) {
    struct sizes sizes = sizes_now();
    CHECK_EQUAL(sizes.minimum, minimum_pages * page_size);
    CHECK_EQUAL(sizes.maximum, maximum_pages * page_size);
    CHECK_EQUAL(sizes.flags, flags);
}

static BOOL set(SIZE_T minimum, SIZE_T maximum, DWORD flags) {
    return SetProcessWorkingSetSizeEx(GetCurrentProcess(), minimum, maximum, flags);
}

enum { neither_enforced = QUOTA_LIMITS_HARDWS_MIN_DISABLE | QUOTA_LIMITS_HARDWS_MAX_DISABLE };

// A12.3
static void the_sizes_are_50_and_345_pages_at_first(void) {
    check_sizes(50, 345, neither_enforced);
}

// A12.4
static void sizes_are_rounded_up_to_pages(void) {
    GRANTED(set(30 * page_size + 1, 400 * page_size - 1, 0));
    check_sizes(31, 400, neither_enforced);
    GRANTED(SetProcessWorkingSetSize(GetCurrentProcess(), 60 * page_size, 60 * page_size));
    check_sizes(60, 60, neither_enforced);
}

// A12.3
static void a_small_minimum_is_raised_and_malformed_sizes_change_nothing(void) {
    GRANTED(set(1, 100 * page_size, 0));
    check_sizes(20, 100, neither_enforced);
    GRANTED(set(page_size, 13 * page_size, 0));
    check_sizes(20, 20, neither_enforced);
    REFUSED(set(0, 100 * page_size, 0), ERROR_INVALID_PARAMETER);
    REFUSED(set(101 * page_size, 100 * page_size, 0), ERROR_INVALID_PARAMETER);
    REFUSED(set(page_size, 12 * page_size, 0), ERROR_INVALID_PARAMETER);
    REFUSED(set(0, 0, 0), ERROR_INVALID_PARAMETER);
    REFUSED(set(50 * page_size, (SIZE_T)-1, 0), ERROR_INVALID_PARAMETER);
    REFUSED(set((SIZE_T)-1, 100 * page_size, 0), ERROR_INVALID_PARAMETER);
    check_sizes(20, 20, neither_enforced);
}

// A12.2, A12.4
static void flags_are_kept_until_they_are_named(void) {
    const SIZE_T minimum = 50 * page_size, maximum = 100 * page_size;
    GRANTED(set(minimum, maximum, QUOTA_LIMITS_HARDWS_MIN_ENABLE));
    check_sizes(50, 100, QUOTA_LIMITS_HARDWS_MIN_ENABLE | QUOTA_LIMITS_HARDWS_MAX_DISABLE);
    GRANTED(set(minimum, maximum, QUOTA_LIMITS_HARDWS_MAX_ENABLE));
    check_sizes(50, 100, QUOTA_LIMITS_HARDWS_MIN_ENABLE | QUOTA_LIMITS_HARDWS_MAX_ENABLE);
    REFUSED(set(minimum, maximum, 3), ERROR_INVALID_PARAMETER);
    REFUSED(set(minimum, maximum, 12), ERROR_INVALID_PARAMETER);
    REFUSED(set(minimum, maximum, 16), ERROR_INVALID_PARAMETER);
    check_sizes(50, 100, QUOTA_LIMITS_HARDWS_MIN_ENABLE | QUOTA_LIMITS_HARDWS_MAX_ENABLE);
    GRANTED(set(minimum, maximum, neither_enforced));
    check_sizes(50, 100, neither_enforced);
}

// A12.1
static void emptying_keeps_contents_and_sizes(void) {
    HANDLE self = GetCurrentProcess();
    struct sizes before = sizes_now();
    BYTE *base = committed_pages(8);
    DWORD old;
    memset(base, 0x51, 8 * page_size);
    GRANTED(VirtualProtect(base + 2 * page_size, page_size, PAGE_READONLY, &old));
    GRANTED(VirtualProtect(base + 3 * page_size, page_size, PAGE_NOACCESS, &old));
    GRANTED(VirtualLock(base, page_size));
    struct snapshot unchanged = snapshot_of(base, 8 * page_size);
    GRANTED(EmptyWorkingSet(self));
    GRANTED(K32EmptyWorkingSet(self));
    GRANTED(SetProcessWorkingSetSize(self, (SIZE_T)-1, (SIZE_T)-1));
    PSAPI_WORKING_SET_EX_INFORMATION entry = {base, {0}};
    GRANTED(QueryWorkingSetEx(self, &entry, sizeof entry));
    CHECK(entry.VirtualAttributes.Valid && entry.VirtualAttributes.Locked);
    CHECK_UNCHANGED(&unchanged);
    check_sizes(before.minimum / page_size, before.maximum / page_size, before.flags);
    release(base);
}

// A12.2, 13.3, 13.6
static void handles_need_their_rights(void) {
    HANDLE self = GetCurrentProcess(), query = NULL, quota = NULL;
    SIZE_T minimum = 77, maximum = 77;
    struct sizes before = sizes_now();
    GRANTED(DuplicateHandle(self, self, self, &query, PROCESS_QUERY_INFORMATION, FALSE, 0));
    GRANTED(DuplicateHandle(self, self, self, &quota, PROCESS_SET_QUOTA, FALSE, 0));
    REFUSED(SetProcessWorkingSetSize(query, 60 * page_size, 70 * page_size), ERROR_ACCESS_DENIED);
    REFUSED(SetProcessWorkingSetSize(NULL, 60 * page_size, 70 * page_size), ERROR_INVALID_HANDLE);
    REFUSED(GetProcessWorkingSetSize(quota, &minimum, &maximum), ERROR_ACCESS_DENIED);
    REFUSED(GetProcessWorkingSetSize(NULL, &minimum, &maximum), ERROR_INVALID_HANDLE);
    REFUSED(GetProcessWorkingSetSize(self, &minimum, NULL), ERROR_NOACCESS);
    CHECK(minimum == 77 && maximum == 77);
    REFUSED(EmptyWorkingSet(query), ERROR_ACCESS_DENIED);
    REFUSED(EmptyWorkingSet(quota), ERROR_ACCESS_DENIED);
    REFUSED(EmptyWorkingSet(NULL), ERROR_INVALID_HANDLE);
    check_sizes(before.minimum / page_size, before.maximum / page_size, before.flags);
    GRANTED(SetProcessWorkingSetSize(quota, 60 * page_size, 70 * page_size));
    check_sizes(60, 70, before.flags);
    GRANTED(CloseHandle(query));
    GRANTED(CloseHandle(quota));
}

TEST_PROGRAM(TEST(the_sizes_are_50_and_345_pages_at_first), TEST(sizes_are_rounded_up_to_pages),
             TEST(a_small_minimum_is_raised_and_malformed_sizes_change_nothing),
             TEST(flags_are_kept_until_they_are_named), TEST(emptying_keeps_contents_and_sizes),
             TEST(handles_need_their_rights))
