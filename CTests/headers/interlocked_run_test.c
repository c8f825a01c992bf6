/*
 * Interlocked operations. Source of each rule: Learn, the page of the function. They run on
 * Windows' own headers as well.
 */
#include <windows.h>
#include "expect.h"

struct neighbours {
    LONG before;
    LONG value;
    LONG after;
};

static void exchange_returns_the_value_before(void) {
    LONG value = 5;
    LONG64 wide = 0x500000000;
    EXPECT(InterlockedExchange(&value, 7) == 5 && value == 7);
    EXPECT(InterlockedExchange64(&wide, -1) == 0x500000000 && wide == -1);
    EXPECT(InterlockedExchangeAdd(&value, -3) == 7 && value == 4);
    EXPECT(InterlockedExchangeAdd64(&wide, 0x100000000) == -1 && wide == 0xFFFFFFFF);
}

static void compare_exchange_changes_only_an_equal_value(void) {
    LONG value = 5;
    LONG64 wide = 5;
    SHORT narrow = 5;
    EXPECT(InterlockedCompareExchange(&value, 9, 4) == 5 && value == 5);
    EXPECT(InterlockedCompareExchange(&value, 9, 5) == 5 && value == 9);
    EXPECT(InterlockedCompareExchange64(&wide, 9, 4) == 5 && wide == 5);
    EXPECT(InterlockedCompareExchange64(&wide, 9, 5) == 5 && wide == 9);
    EXPECT(InterlockedCompareExchange16(&narrow, 9, 5) == 5 && narrow == 9);
}

static void increment_and_decrement_return_the_value_after(void) {
    LONG value = -1;
    LONG64 wide = 0xFFFFFFFF;
    SHORT narrow = 0x7FFF;
    EXPECT(InterlockedIncrement(&value) == 0 && value == 0);
    EXPECT(InterlockedDecrement(&value) == -1 && value == -1);
    EXPECT(InterlockedIncrement64(&wide) == 0x100000000);
    EXPECT(InterlockedDecrement64(&wide) == 0xFFFFFFFF);
    EXPECT(InterlockedIncrement16(&narrow) == -0x8000);
    EXPECT(InterlockedAdd(&value, 11) == 10 && value == 10);
    EXPECT(InterlockedAdd64(&wide, 1) == 0x100000000 && wide == 0x100000000);
}

static void and_or_xor_return_the_value_before(void) {
    LONG value = 12;
    LONG64 wide = 12;
    EXPECT(InterlockedAnd(&value, 6) == 12 && value == 4);
    EXPECT(InterlockedOr(&value, 3) == 4 && value == 7);
    EXPECT(InterlockedXor(&value, 5) == 7 && value == 2);
    EXPECT(InterlockedAnd64(&wide, 6) == 12 && wide == 4);
    EXPECT(InterlockedOr64(&wide, 3) == 4 && wide == 7);
    EXPECT(_InterlockedXor64(&wide, 5) == 7 && wide == 2);
#ifndef __MINGW32__ /* mingw-w64 10 has it only as a declaration. */
    char byte_value = 12;
    EXPECT(_InterlockedOr8(&byte_value, 3) == 12 && byte_value == 15);
#endif
}

static void pointers_are_exchanged_whole(void) {
    int a, b;
    PVOID pointer = &a;
    EXPECT(InterlockedExchangePointer(&pointer, &b) == &a && pointer == &b);
    EXPECT(InterlockedCompareExchangePointer(&pointer, NULL, &a) == &b && pointer == &b);
    EXPECT(InterlockedCompareExchangePointer(&pointer, NULL, &b) == &b && pointer == NULL);
}

static void the_width_is_that_of_the_name(void) {
    struct neighbours three = {-1, -1, -1};
    EXPECT(InterlockedIncrement((volatile LONG *)&three.value) == 0);
    EXPECT(three.before == -1 && three.value == 0 && three.after == -1);
#ifdef __LP64__
    /* porting.md, section 5, advice 1: where long has 8 bytes, the cast must not widen it. */
    three.value = -1;
    EXPECT(InterlockedIncrement((volatile long *)(void *)&three.value) == 0);
    EXPECT(three.before == -1 && three.value == 0 && three.after == -1);
#endif
}

static void bit_operations_return_the_bit_before(void) {
    LONG words[2] = {0, 0};
    EXPECT(InterlockedBitTestAndSet(words, 31) == 0 && words[0] == (LONG)0x80000000);
    EXPECT(InterlockedBitTestAndSet(words, 31) == 1);
    EXPECT(InterlockedBitTestAndReset(words, 31) == 1 && words[0] == 0 && words[1] == 0);
}

#ifndef __MINGW32__ /* mingw-w64 10 does not have it. */
static void sixteen_bytes_are_compared_and_exchanged_at_once(void) {
    struct {
        LONG64 half[2];
    } __attribute__((aligned(16))) target = {{1, 2}};
    LONG64 comparand[2] = {1, 3};
    EXPECT(InterlockedCompareExchange128(target.half, 9, 8, comparand) == 0);
    EXPECT(target.half[0] == 1 && target.half[1] == 2);
    EXPECT(comparand[0] == 1 && comparand[1] == 2);
    EXPECT(InterlockedCompareExchange128(target.half, 9, 8, comparand) == 1);
    EXPECT(target.half[0] == 8 && target.half[1] == 9);
}
#endif

int main(void) {
    exchange_returns_the_value_before();
    compare_exchange_changes_only_an_equal_value();
    increment_and_decrement_return_the_value_after();
    and_or_xor_return_the_value_before();
    pointers_are_exchanged_whole();
    the_width_is_that_of_the_name();
    bit_operations_return_the_bit_before();
#ifndef __MINGW32__
    sixteen_bytes_are_compared_and_exchanged_at_once();
#endif
    return expect_status;
}
