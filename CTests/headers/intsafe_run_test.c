/* intsafe.h: results that fit, and the value of results that do not fit (Learn, intsafe.h). */
#include <intsafe.h>
#include <limits.h>
#include <windows.h>
#include "expect.h"

#define OVERFLOW INTSAFE_E_ARITHMETIC_OVERFLOW

/* Each operation once with a result that fits, and once with a result beyond the limits of the type. */
#define UNSIGNED_OPERATIONS(name, type, most)                                                      \
    do {                                                                                           \
        type result = 0;                                                                           \
        EXPECT(name##Add(2, 3, &result) == S_OK && result == 5);                                   \
        EXPECT(name##Add((type)((most)-3), 3, &result) == S_OK && result == (most));               \
        EXPECT(name##Add((most), 1, &result) == OVERFLOW && result == (most));                     \
        EXPECT(name##Sub(3, 3, &result) == S_OK && result == 0);                                   \
        EXPECT(name##Sub(2, 3, &result) == OVERFLOW && result == (most));                          \
        EXPECT(name##Mult(6, 7, &result) == S_OK && result == 42);                                 \
        EXPECT(name##Mult((type)((most) / 2 + 1), 2, &result) == OVERFLOW && result == (most));    \
    } while (0)

static void unsigned_results_that_do_not_fit_become_the_largest_value(void) {
    UNSIGNED_OPERATIONS(UShort, USHORT, USHORT_MAX);
    UNSIGNED_OPERATIONS(UInt, UINT, UINT_MAX);
    UNSIGNED_OPERATIONS(ULong, ULONG, 0xFFFFFFFFU);
    UNSIGNED_OPERATIONS(DWord, DWORD, DWORD_MAX);
    UNSIGNED_OPERATIONS(ULongLong, ULONGLONG, ULONGLONG_MAX);
    UNSIGNED_OPERATIONS(DWordLong, DWORDLONG, DWORDLONG_MAX);
    UNSIGNED_OPERATIONS(ULongPtr, ULONG_PTR, ULONG_PTR_MAX);
    UNSIGNED_OPERATIONS(DWordPtr, DWORD_PTR, DWORD_PTR_MAX);
    UNSIGNED_OPERATIONS(UIntPtr, UINT_PTR, UINT_PTR_MAX);
    UNSIGNED_OPERATIONS(SizeT, SIZE_T, SIZE_T_MAX);
}

#define SIGNED_OPERATIONS(name, type, least, most)                                                 \
    do {                                                                                           \
        type result = 0;                                                                           \
        EXPECT(name##Add(2, -3, &result) == S_OK && result == -1);                                 \
        EXPECT(name##Add((most), 1, &result) == OVERFLOW && result == -1);                         \
        EXPECT(name##Add((least), -1, &result) == OVERFLOW && result == -1);                       \
        EXPECT(name##Sub((least), -1, &result) == S_OK && result == (least) + 1);                  \
        EXPECT(name##Sub((least), 1, &result) == OVERFLOW && result == -1);                        \
        EXPECT(name##Mult(-6, 7, &result) == S_OK && result == -42);                               \
        EXPECT(name##Mult((least), -1, &result) == OVERFLOW && result == -1);                      \
    } while (0)

static void signed_results_that_do_not_fit_become_minus_one(void) {
    SIGNED_OPERATIONS(Int, INT, INT_MIN, INT_MAX);
    SIGNED_OPERATIONS(Long, LONG, INT_MIN, INT_MAX);
    SIGNED_OPERATIONS(LongLong, LONGLONG, LONGLONG_MIN, LONGLONG_MAX);
    SIGNED_OPERATIONS(LongPtr, LONG_PTR, LONG_PTR_MIN, LONG_PTR_MAX);
    SIGNED_OPERATIONS(IntPtr, INT_PTR, INT_PTR_MIN, INT_PTR_MAX);
    SIGNED_OPERATIONS(SSIZET, SSIZE_T, SSIZE_T_MIN, SSIZE_T_MAX);
}

/* `last` fits the type `to`, `beyond` does not. */
#define CONVERSION(name, to, last, beyond, failure)                                                \
    do {                                                                                           \
        to result = 0;                                                                             \
        EXPECT(name((last), &result) == S_OK && result == (to)(last));                             \
        EXPECT(name((beyond), &result) == OVERFLOW && result == (to)(failure));                    \
    } while (0)

static void signed_numbers_outside_an_unsigned_type_do_not_fit(void) {
    CONVERSION(IntToUInt, UINT, INT_MAX, -1, UINT_MAX);
    CONVERSION(IntToULong, ULONG, INT_MAX, -1, 0xFFFFFFFFU);
    CONVERSION(IntToDWord, DWORD, INT_MAX, -1, DWORD_MAX);
    CONVERSION(IntToUShort, USHORT, 65535, 65536, USHORT_MAX);
    CONVERSION(IntToSizeT, SIZE_T, 0, INT_MIN, SIZE_T_MAX);
    CONVERSION(IntToULongLong, ULONGLONG, INT_MAX, -1, ULONGLONG_MAX);
    CONVERSION(LongToULong, ULONG, 0, -1, 0xFFFFFFFFU);
    CONVERSION(LongToDWord, DWORD, INT_MAX, INT_MIN, DWORD_MAX);
    CONVERSION(LongLongToUInt, UINT, 0xFFFFFFFFLL, -1, UINT_MAX);
    CONVERSION(LongLongToULong, ULONG, 0xFFFFFFFFLL, 0x100000000LL, 0xFFFFFFFFU);
    CONVERSION(LongLongToULongLong, ULONGLONG, LONGLONG_MAX, -1, ULONGLONG_MAX);
    CONVERSION(LongLongToSizeT, SIZE_T, LONGLONG_MAX, LONGLONG_MIN, SIZE_T_MAX);
}

static void numbers_outside_a_smaller_type_do_not_fit(void) {
    CONVERSION(LongLongToInt, INT, INT_MIN, INT_MIN - 1LL, -1);
    CONVERSION(LongLongToLong, LONG, INT_MAX, INT_MAX + 1LL, -1);
    CONVERSION(UIntToInt, INT, 0x7FFFFFFFU, 0x80000000U, -1);
    CONVERSION(UIntToLong, LONG, 0x7FFFFFFFU, 0x80000000U, -1);
    CONVERSION(UIntToUShort, USHORT, 65535, 65536, USHORT_MAX);
    CONVERSION(ULongToInt, INT, 0x7FFFFFFFU, 0xFFFFFFFFU, -1);
    CONVERSION(ULongToLong, LONG, 0x7FFFFFFFU, 0x80000000U, -1);
    CONVERSION(ULongToUShort, USHORT, 65535, 65536, USHORT_MAX);
    CONVERSION(DWordToInt, INT, 0x7FFFFFFFU, 0x80000000U, -1);
    CONVERSION(DWordToUShort, USHORT, 65535, 65536, USHORT_MAX);
    CONVERSION(DWordToByte, BYTE, 255, 256, BYTE_MAX);
    CONVERSION(ULongLongToInt, INT, 0x7FFFFFFFULL, 0x80000000ULL, -1);
    CONVERSION(ULongLongToUInt, UINT, 0xFFFFFFFFULL, 0x100000000ULL, UINT_MAX);
    CONVERSION(ULongLongToLong, LONG, 0x7FFFFFFFULL, ULONGLONG_MAX, -1);
    CONVERSION(ULongLongToULong, ULONG, 0xFFFFFFFFULL, 0x100000000ULL, 0xFFFFFFFFU);
    CONVERSION(ULongLongToDWord, DWORD, 0xFFFFFFFFULL, ULONGLONG_MAX, DWORD_MAX);
    CONVERSION(ULongLongToLongLong, LONGLONG, LONGLONG_MAX, 1ULL << 63, -1);
    CONVERSION(SizeTToInt, INT, 0x7FFFFFFFU, 0x80000000U, -1);
    CONVERSION(SizeTToUInt, UINT, 0xFFFFFFFFU, SIZE_T_MAX, UINT_MAX);
    CONVERSION(SizeTToLong, LONG, 0x7FFFFFFFU, 0x80000000U, -1);
    CONVERSION(SizeTToULong, ULONG, 0xFFFFFFFFU, SIZE_T_MAX, 0xFFFFFFFFU);
    CONVERSION(SizeTToDWord, DWORD, 0xFFFFFFFFU, 0x100000000ULL, DWORD_MAX);
    CONVERSION(SizeTToLongLong, LONGLONG, LONGLONG_MAX, SIZE_T_MAX, -1);
    CONVERSION(UIntPtrToInt, INT, 0x7FFFFFFFU, 0x80000000U, -1);
    CONVERSION(UIntPtrToUInt, UINT, 0xFFFFFFFFU, 0x100000000ULL, UINT_MAX);
    CONVERSION(ULongPtrToULong, ULONG, 0xFFFFFFFFU, 0x100000000ULL, 0xFFFFFFFFU);
    CONVERSION(ULongPtrToDWord, DWORD, 0xFFFFFFFFU, 0x100000000ULL, DWORD_MAX);
}

static void a_conversion_to_a_type_of_the_same_range_always_fits(void) {
    SIZE_T result = 0;
    EXPECT(ULongLongToSizeT(ULONGLONG_MAX, &result) == S_OK && result == SIZE_T_MAX);
    EXPECT(OVERFLOW == (HRESULT)0x80070216);
}

int main(void) {
    unsigned_results_that_do_not_fit_become_the_largest_value();
    signed_results_that_do_not_fit_become_minus_one();
    signed_numbers_outside_an_unsigned_type_do_not_fit();
    numbers_outside_a_smaller_type_do_not_fit();
    a_conversion_to_a_type_of_the_same_range_always_fits();
    return expect_status;
}
