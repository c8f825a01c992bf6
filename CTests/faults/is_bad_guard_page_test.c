// Services that meet armed guard pages (behaviour 8.30, 8.32). Wine dies of it.
#include "exception_log.h"

// 8.32
static void an_armed_guard_page_is_bad_once(void) {
    BYTE *base = committed_pages(3);
    DWORD before;
    GRANTED(VirtualProtect(base + page_size, page_size, PAGE_READWRITE | PAGE_GUARD, &before));
    CHECK(IsBadReadPtr(base, 3 * page_size));
    CHECK_COMMITTED(base, PAGE_READWRITE, 3 * page_size);
    CHECK(!IsBadReadPtr(base, 3 * page_size));
    GRANTED(VirtualProtect(base, page_size, PAGE_READWRITE | PAGE_GUARD, &before));
    CHECK(IsBadWritePtr(base, 1));
    CHECK(!IsBadWritePtr(base, 1));
    release(base);
}

// 8.30
static void a_result_for_an_armed_guard_page_fails_once(void) {
    BYTE *base = committed_pages(2);
    DWORD before;
    MEMORY_BASIC_INFORMATION *answer = (MEMORY_BASIC_INFORMATION *)(base + page_size);
    GRANTED(VirtualProtect(answer, page_size, PAGE_READWRITE | PAGE_GUARD, &before));
    REFUSED(VirtualQuery(base, answer, sizeof *answer), EXCEPTION_GUARD_PAGE);
    CHECK_COMMITTED(base, PAGE_READWRITE, 2 * page_size);
    GRANTED(VirtualQuery(base, answer, sizeof *answer));
    CHECK_EQUAL(answer->RegionSize, 2 * page_size);
    release(base);
}

TEST_PROGRAM(TEST(an_armed_guard_page_is_bad_once),
             TEST(a_result_for_an_armed_guard_page_fails_once))
