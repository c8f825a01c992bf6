// IsBadReadPtr, IsBadWritePtr, IsBadCodePtr, IsBadStringPtrA (behaviour 12.16 to 12.19).
#include "exception_log.h"

// 12.16
static void zero_bytes_are_never_bad_and_null_is(void) {
    CHECK(!IsBadReadPtr(NULL, 0));
    CHECK(!IsBadWritePtr(NULL, 0));
    CHECK(IsBadReadPtr(NULL, 1));
    CHECK(IsBadWritePtr(NULL, 1));
}

// 12.16
static void each_page_of_the_range_is_looked_at(void) {
    BYTE *base = reserved_pages(3);
    GRANTED(VirtualAlloc(base, 2 * page_size, MEM_COMMIT, PAGE_READWRITE));
    CHECK(!IsBadReadPtr(base, 2 * page_size));
    CHECK(!IsBadWritePtr(base + page_size, page_size));
    CHECK(IsBadReadPtr(base, 2 * page_size + 1));
    CHECK(IsBadWritePtr(base + page_size - 1, page_size + 2));
    CHECK(IsBadReadPtr(base + 2 * page_size, 1));
    release(base);
    CHECK(IsBadReadPtr(base, 1));
}

// 12.16
static void a_range_past_the_top_is_bad(void) {
    int here = 0;
    CHECK(IsBadReadPtr(&here, ~(UINT_PTR)0));
    CHECK(!IsBadReadPtr(&here, sizeof here));
}

// 12.16, 12.17
static void readonly_memory_is_bad_to_write_and_kept(void) {
    BYTE *base = committed_pages(1);
    DWORD before;
    base[3] = 33;
    CHECK(!IsBadWritePtr(base, page_size));
    CHECK_EQUAL(base[3], 33);
    GRANTED(VirtualProtect(base, page_size, PAGE_READONLY, &before));
    CHECK(IsBadWritePtr(base, 1));
    CHECK(!IsBadReadPtr(base, page_size));
    GRANTED(VirtualProtect(base, page_size, PAGE_NOACCESS, &before));
    CHECK(IsBadReadPtr(base, 1));
    release(base);
}

// 12.18
static void code_pointers_need_only_be_readable(void) {
    int here = 0;
    CHECK(IsBadCodePtr(NULL));
    CHECK(!IsBadCodePtr((FARPROC)(ULONG_PTR)&here));
}

// 12.19
static void strings_are_looked_at_to_their_end_or_the_maximum(void) {
    BYTE *base = reserved_pages(2);
    GRANTED(VirtualAlloc(base, page_size, MEM_COMMIT, PAGE_READWRITE));
    memset(base, 'x', page_size);
    char *text = (char *)base + page_size - 4;
    CHECK(IsBadStringPtrA(text, 100));
    CHECK(!IsBadStringPtrA(text, 4));
    text[3] = 0;
    CHECK(!IsBadStringPtrA(text, 100));
    CHECK(IsBadStringPtrA(NULL, 1));
    CHECK(!IsBadStringPtrA(text, 0));
    release(base);
}

TEST_PROGRAM(TEST(zero_bytes_are_never_bad_and_null_is), TEST(each_page_of_the_range_is_looked_at),
             TEST(a_range_past_the_top_is_bad), TEST(readonly_memory_is_bad_to_write_and_kept),
             TEST(code_pointers_need_only_be_readable),
             TEST(strings_are_looked_at_to_their_end_or_the_maximum))
