// _aligned_malloc and its kin, the Interlocked functions and bit searches: all in the headers.
#include "memory_checks.h"

#include <intrin.h>
#include <malloc.h>

// Learn, _aligned_malloc
static void every_alignment_is_kept(void) {
    for (SIZE_T alignment = 1; alignment <= 65536; alignment *= 2) {
        check_row("alignment %u", (unsigned)alignment);
        BYTE *block = (BYTE *)_aligned_malloc(100, alignment);
        CHECK(block != NULL && ((SIZE_T)block & (alignment - 1)) == 0);
        memset(block, 0x5A, 100);
        block = (BYTE *)_aligned_realloc(block, 10000, alignment);
        CHECK(block != NULL && ((SIZE_T)block & (alignment - 1)) == 0);
        CHECK(every_byte_is(block, 0x5A, 100));
        _aligned_free(block);
    }
}

// Learn, _aligned_realloc, _aligned_free
static void null_is_nothing_and_size_zero_frees(void) {
    void *block = _aligned_realloc(NULL, 10, 16);
    CHECK(block != NULL);
    CHECK(_aligned_realloc(block, 0, 16) == NULL);
    _aligned_free(NULL);
}

// Learn, _msize
static void a_block_is_as_large_as_was_asked_for(void) {
    void *block = malloc(123);
    CHECK(_msize(block) >= 123);
    free(block);
}

// Learn, InterlockedCompareExchange, InterlockedExchangeAdd
static void interlocked_operations_answer_the_value_before_or_after(void) {
    volatile LONG word = 5;
    volatile LONG64 wide = 5;
    PVOID volatile pointer = NULL;
    CHECK_EQUAL(InterlockedIncrement(&word), 6);
    CHECK_EQUAL(InterlockedDecrement(&word), 5);
    CHECK_EQUAL(InterlockedExchangeAdd(&word, 10), 5);
    CHECK_EQUAL(InterlockedCompareExchange(&word, 1, 15), 15);
    CHECK_EQUAL(InterlockedCompareExchange(&word, 2, 15), 1);
    CHECK_EQUAL(InterlockedExchange(&word, 9), 1);
    CHECK_EQUAL(InterlockedExchangeAdd64(&wide, 1), 5);
    CHECK(InterlockedCompareExchangePointer(&pointer, (PVOID)&word, NULL) == NULL);
    CHECK(pointer == (PVOID)&word);
}

// Learn, _BitScanForward
static void bit_searches_find_the_ends(void) {
    DWORD index = 99;
    CHECK(_BitScanForward(&index, 0x00100010) != 0);
    CHECK_EQUAL(index, 4);
    CHECK(_BitScanReverse(&index, 0x00100010) != 0);
    CHECK_EQUAL(index, 20);
    CHECK_EQUAL(_BitScanForward(&index, 0), 0);
    YieldProcessor();
}

TEST_PROGRAM(TEST(every_alignment_is_kept), TEST(null_is_nothing_and_size_zero_frees),
             TEST(a_block_is_as_large_as_was_asked_for),
             TEST(interlocked_operations_answer_the_value_before_or_after),
             TEST(bit_searches_find_the_ends))
