/* strsafe.h: the text and the result of each function (Learn, strsafe.h, each function's page). */
#include <strsafe.h>
#include <windows.h>
#include "expect.h"

#include <stdarg.h>

/* Fills the buffers with dots, so that every written character is seen. */
#define ROOM 10
static char bytes[ROOM];
static WCHAR wide[ROOM];

static void begin(void) {
    for (int i = 0; i < ROOM; i++) {
        bytes[i] = '.';
        wide[i] = L'.';
    }
}
static int is_bytes(const char *expected, size_t count) {
    return memcmp(bytes, expected, count) == 0;
}
static int is_wide(const WCHAR *expected, size_t count) {
    return memcmp(wide, expected, count * sizeof(WCHAR)) == 0;
}

static void text_that_fits_is_copied_whole(void) {
    begin();
    EXPECT(StringCchCopyA(bytes, 4, "abc") == S_OK && is_bytes("abc\0......", ROOM));
    EXPECT(StringCchCopyW(wide, 4, L"abc") == S_OK && is_wide(L"abc\0......", ROOM));
    EXPECT(StringCbCopyA(bytes, 3, "de") == S_OK && is_bytes("de\0\0......", ROOM));
    EXPECT(StringCbCopyW(wide, 3 * sizeof(WCHAR), L"de") == S_OK && is_wide(L"de\0\0......", ROOM));
}

static void text_that_does_not_fit_is_truncated_and_terminated(void) {
    begin();
    EXPECT(StringCchCopyA(bytes, 3, "abc") == STRSAFE_E_INSUFFICIENT_BUFFER);
    EXPECT(is_bytes("ab\0.......", ROOM));
    EXPECT(StringCbCopyW(wide, 3 * sizeof(WCHAR), L"abc") == STRSAFE_E_INSUFFICIENT_BUFFER);
    EXPECT(is_wide(L"ab\0.......", ROOM));
    EXPECT(StringCchCopyA(bytes, 1, "x") == STRSAFE_E_INSUFFICIENT_BUFFER && bytes[0] == 0);
}

static void a_buffer_size_of_zero_or_above_the_maximum_is_refused_and_nothing_is_written(void) {
    begin();
    EXPECT(StringCchCopyA(bytes, 0, "a") == STRSAFE_E_INVALID_PARAMETER);
    EXPECT(StringCchCopyA(bytes, (size_t)STRSAFE_MAX_CCH + 1, "a") == STRSAFE_E_INVALID_PARAMETER);
    EXPECT(StringCbCopyW(wide, sizeof(WCHAR) - 1, L"a") == STRSAFE_E_INVALID_PARAMETER);
    EXPECT(StringCchPrintfA(bytes, 0, "%d", 1) == STRSAFE_E_INVALID_PARAMETER);
    EXPECT(is_bytes("..........", ROOM) && is_wide(L"..........", ROOM));
}

static void at_most_the_given_number_of_characters_is_copied(void) {
    begin();
    EXPECT(StringCchCopyNA(bytes, 5, "abcdef", 2) == S_OK && is_bytes("ab\0.......", ROOM));
    EXPECT(StringCchCopyNW(wide, 3, L"abcdef", 4) == STRSAFE_E_INSUFFICIENT_BUFFER);
    EXPECT(is_wide(L"ab\0.......", ROOM));
    EXPECT(StringCbCopyNA(bytes, 5, "xyz", 1) == S_OK && is_bytes("x\0", 2));
    EXPECT(StringCbCopyNW(wide, 20, L"xyz", 2 * sizeof(WCHAR)) == S_OK && is_wide(L"xy\0", 3));
}

static void text_is_appended(void) {
    begin();
    EXPECT(StringCchCopyA(bytes, ROOM, "ab") == S_OK);
    EXPECT(StringCchCatA(bytes, ROOM, "cd") == S_OK && is_bytes("abcd\0.....", ROOM));
    EXPECT(StringCbCatA(bytes, 6, "efg") == STRSAFE_E_INSUFFICIENT_BUFFER);
    EXPECT(is_bytes("abcde\0....", ROOM));
    EXPECT(StringCchCatNA(bytes, ROOM, "xyz", 1) == S_OK && is_bytes("abcdex\0...", ROOM));
    EXPECT(StringCbCatNA(bytes, ROOM, "z", 1) == S_OK && is_bytes("abcdexz\0..", ROOM));
    EXPECT(StringCchCopyW(wide, ROOM, L"a") == S_OK && StringCchCatW(wide, ROOM, L"b") == S_OK);
    EXPECT(StringCbCatW(wide, sizeof wide, L"c") == S_OK);
    EXPECT(StringCchCatNW(wide, ROOM, L"de", 1) == S_OK);
    EXPECT(StringCbCatNW(wide, sizeof wide, L"ef", sizeof(WCHAR)) == S_OK);
    EXPECT(is_wide(L"abcde\0....", ROOM));
}

static void nothing_is_appended_to_a_buffer_without_a_nul(void) {
    begin();
    EXPECT(StringCchCatA(bytes, ROOM, "a") == STRSAFE_E_INVALID_PARAMETER);
    EXPECT(is_bytes("..........", ROOM));
}

static void lengths_do_not_count_the_nul(void) {
    size_t length = 77;
    EXPECT(StringCchLengthA("abc", 4, &length) == S_OK && length == 3);
    EXPECT(StringCchLengthA("abc", 4, NULL) == S_OK);
    EXPECT(StringCchLengthA("abc", 3, &length) == STRSAFE_E_INVALID_PARAMETER && length == 0);
    EXPECT(StringCchLengthA(NULL, 3, &length) == STRSAFE_E_INVALID_PARAMETER);
    EXPECT(StringCchLengthW(L"ab", 3, &length) == S_OK && length == 2);
    EXPECT(StringCbLengthA("ab", 3, &length) == S_OK && length == 2);
    EXPECT(StringCbLengthW(L"ab", 20, &length) == S_OK && length == 2 * sizeof(WCHAR));
}

static HRESULT format_with_list(int in_bytes, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    HRESULT result = in_bytes ? StringCbVPrintfA(bytes, ROOM, format, arguments)
                              : StringCchVPrintfA(bytes, ROOM, format, arguments);
    va_end(arguments);
    return result;
}
static void formatted_text_is_truncated_and_terminated(void) {
    begin();
    EXPECT(StringCchPrintfA(bytes, ROOM, "%d-%s", 12, "x") == S_OK && is_bytes("12-x\0", 5));
    EXPECT(StringCchPrintfA(bytes, 4, "%d", 12345) == STRSAFE_E_INSUFFICIENT_BUFFER);
    EXPECT(is_bytes("123\0", 4));
    EXPECT(StringCbPrintfA(bytes, ROOM, "%c", 'q') == S_OK && is_bytes("q\0", 2));
    EXPECT(format_with_list(0, "%d%d", 4, 5) == S_OK && is_bytes("45\0", 3));
    EXPECT(format_with_list(1, "%d%d", 6, 7) == S_OK && is_bytes("67\0", 3));
}
static void wide_formatted_text_is_truncated_and_terminated(void) {
    begin();
    EXPECT(StringCchPrintfW(wide, ROOM, L"%d", 12) == S_OK && is_wide(L"12\0", 3));
    EXPECT(StringCbPrintfW(wide, 4 * sizeof(WCHAR), L"%d", 12345) == STRSAFE_E_INSUFFICIENT_BUFFER);
    EXPECT(wide[3] == 0);
}

static void names_without_a_or_w_mean_bytes_if_unicode_is_not_defined(void) {
    size_t length;
    begin();
    EXPECT(StringCchCopy(bytes, ROOM, "a") == S_OK && StringCchCat(bytes, ROOM, "b") == S_OK);
    EXPECT(StringCbCat(bytes, ROOM, "c") == S_OK && StringCchCatN(bytes, ROOM, "dx", 1) == S_OK);
    EXPECT(StringCbCatN(bytes, ROOM, "ex", 1) == S_OK && is_bytes("abcde\0", 6));
    EXPECT(StringCchLength(bytes, ROOM, &length) == S_OK && length == 5);
    EXPECT(StringCbLength(bytes, ROOM, &length) == S_OK && length == 5);
    EXPECT(StringCbCopy(bytes, ROOM, "f") == S_OK && StringCchCopyN(bytes, ROOM, "gh", 1) == S_OK);
    EXPECT(StringCbCopyN(bytes, ROOM, "ij", 1) == S_OK && is_bytes("i\0", 2));
    EXPECT(StringCchPrintf(bytes, ROOM, "%d", 3) == S_OK && is_bytes("3\0", 2));
    EXPECT(StringCbPrintf(bytes, ROOM, "%d", 4) == S_OK && is_bytes("4\0", 2));
}

int main(void) {
    text_that_fits_is_copied_whole();
    text_that_does_not_fit_is_truncated_and_terminated();
    a_buffer_size_of_zero_or_above_the_maximum_is_refused_and_nothing_is_written();
    at_most_the_given_number_of_characters_is_copied();
    text_is_appended();
    nothing_is_appended_to_a_buffer_without_a_nul();
    lengths_do_not_count_the_nul();
    formatted_text_is_truncated_and_terminated();
    wide_formatted_text_is_truncated_and_terminated();
    names_without_a_or_w_mean_bytes_if_unicode_is_not_defined();
    return expect_status;
}
