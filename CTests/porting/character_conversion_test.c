// MultiByteToWideChar and WideCharToMultiByte with UTF-8, for 2-byte and 4-byte wide characters.
#include "memory_checks.h"

#include <limits.h>

#include <wchar.h>

enum { wide_is_utf16 = sizeof(wchar_t) == 2 };

static const char every_length[] = "A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80z";
static const wchar_t every_length_wide[] = L"A\u00E9\u20AC\U0001F600z";
enum { every_length_count = sizeof every_length_wide / sizeof(wchar_t) };

static int to_wide(const char *text, int count, wchar_t *wide, int capacity) {
    return MultiByteToWideChar(CP_UTF8, 0, text, count, wide, capacity);
}

// Learn, MultiByteToWideChar
static void utf8_becomes_wide_characters(void) {
    wchar_t wide[32];
    CHECK_EQUAL(to_wide(every_length, -1, NULL, 0), every_length_count);
    CHECK_EQUAL(to_wide(every_length, -1, wide, 32), every_length_count);
    CHECK(memcmp(wide, every_length_wide, sizeof every_length_wide) == 0);
    CHECK_EQUAL(to_wide("abc", 2, wide, 32), 2);
    CHECK(wide[0] == L'a' && wide[1] == L'b' && wide[2] == every_length_wide[2]);
}

// Learn, WideCharToMultiByte
static void wide_characters_become_utf8(void) {
    char bytes[64];
    CHECK_EQUAL(WideCharToMultiByte(CP_UTF8, 0, every_length_wide, -1, NULL, 0, NULL, NULL),
                sizeof every_length);
    CHECK_EQUAL(WideCharToMultiByte(CP_UTF8, 0, every_length_wide, -1, bytes, 64, NULL, NULL),
                sizeof every_length);
    CHECK(strcmp(bytes, every_length) == 0);
}

// Learn, MultiByteToWideChar, Return value
static void a_result_that_does_not_fit_is_refused(void) {
    wchar_t wide[32];
    char bytes[64];
    REFUSED(to_wide(every_length, -1, wide, every_length_count - 1), ERROR_INSUFFICIENT_BUFFER);
    REFUSED(WideCharToMultiByte(CP_UTF8, 0, every_length_wide, -1, bytes,
                                (int)sizeof every_length - 1, NULL, NULL),
            ERROR_INSUFFICIENT_BUFFER);
}

// Learn, MultiByteToWideChar, dwFlags; Unicode, chapter 3, U+FFFD Substitution
static void malformed_utf8_is_replaced_or_refused(void) {
    static const struct {
        const char *text;
        int count;
    } rows[] = {{"\x80", 1},         {"\xC3", 1},         {"\xC0\xAF", 2},
                {"\xE2\x82", 1},     {"\xED\xA0\x80", 3}, {"\xF4\x90\x80\x80", 4},
                {"\xF0\x9F\x98", 1}, {"\xFF\xFE", 2}};
    for (SIZE_T i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        wchar_t wide[8] = {0};
        check_row("row %u", (unsigned)i);
        CHECK_EQUAL(to_wide(rows[i].text, -1, wide, 8), rows[i].count + 1);
        for (int k = 0; k < rows[i].count; k++)
            CHECK_EQUAL(wide[k], 0xFFFD);
        REFUSED(MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, rows[i].text, -1, wide, 8),
                ERROR_NO_UNICODE_TRANSLATION);
    }
}

// Learn, WideCharToMultiByte, WC_ERR_INVALID_CHARS
static void a_lone_surrogate_is_replaced_or_refused(void) {
    static const wchar_t lone[] = {0xD83D, L'x', 0};
    char bytes[16];
    CHECK_EQUAL(WideCharToMultiByte(CP_UTF8, 0, lone, -1, bytes, 16, NULL, NULL), 5);
    CHECK(strcmp(bytes, "\xEF\xBF\xBDx") == 0);
    REFUSED(WideCharToMultiByte(CP_UTF8, WC_ERR_INVALID_CHARS, lone, -1, bytes, 16, NULL, NULL),
            ERROR_NO_UNICODE_TRANSLATION);
}

// Learn, MultiByteToWideChar, WideCharToMultiByte, Parameters
static void malformed_arguments_are_refused(void) {
    wchar_t wide[8];
    char bytes[8];
    BOOL used = FALSE;
    REFUSED(to_wide("a", 0, wide, 8), ERROR_INVALID_PARAMETER);
    REFUSED(to_wide(NULL, -1, wide, 8), ERROR_INVALID_PARAMETER);
    REFUSED(to_wide("a", -1, NULL, 8), ERROR_INVALID_PARAMETER);
    REFUSED(to_wide("a", -1, wide, -1), ERROR_INVALID_PARAMETER);
    REFUSED(to_wide("a", -2, wide, -2), ERROR_INVALID_PARAMETER);
    REFUSED(MultiByteToWideChar(54321, 0, "a", -1, wide, 8), ERROR_INVALID_PARAMETER);
    REFUSED(MultiByteToWideChar(CP_UTF8, 0x40, "a", -1, wide, 8), ERROR_INVALID_FLAGS);
    used = 77;
    REFUSED(WideCharToMultiByte(CP_UTF8, 0, L"a", 0, bytes, 8, "?", &used),
            ERROR_INVALID_PARAMETER);
    CHECK_EQUAL(used, 77);
}

// A15.12: any negative length is up to the NUL, and with it.
static void a_negative_length_is_up_to_the_end(void) {
    static const int lengths[] = {-1, -2, -2002, INT_MIN};
    for (int i = 0; i < 4; i++) {
        wchar_t wide[8];
        char bytes[8] = "";
        check_row("length %d", lengths[i]);
        CHECK_EQUAL((ULONG_PTR)GRANTED((ULONG_PTR)to_wide("fool", lengths[i], wide, 8)), 5);
        CHECK_EQUAL(to_wide("fool", lengths[i], NULL, 0), 5);
        CHECK_EQUAL(WideCharToMultiByte(CP_UTF8, 0, wide, lengths[i], bytes, 8, NULL, NULL), 5);
        CHECK(strcmp(bytes, "fool") == 0);
        REFUSED(to_wide("fool", lengths[i], wide, 4), ERROR_INSUFFICIENT_BUFFER);
    }
}

// A15.12: that the buffer is too short is found before malformed text.
static void a_short_buffer_is_found_before_malformed_text(void) {
    static const wchar_t lone[] = {0xDC00, L'x', 0};
    wchar_t wide[8];
    char bytes[8];
    const DWORD strict = MB_ERR_INVALID_CHARS;
    REFUSED(MultiByteToWideChar(CP_UTF8, strict, "\xC0", -1, wide, 1), ERROR_INSUFFICIENT_BUFFER);
    REFUSED(MultiByteToWideChar(CP_UTF8, strict, "\xC0", -1, wide, 2),
            ERROR_NO_UNICODE_TRANSLATION);
    REFUSED(MultiByteToWideChar(CP_UTF8, strict, "\xC0", -1, NULL, 0),
            ERROR_NO_UNICODE_TRANSLATION);
    REFUSED(WideCharToMultiByte(CP_UTF8, WC_ERR_INVALID_CHARS, lone, -1, bytes, 4, NULL, NULL),
            ERROR_INSUFFICIENT_BUFFER);
    REFUSED(WideCharToMultiByte(CP_UTF8, WC_ERR_INVALID_CHARS, lone, -1, bytes, 8, NULL, NULL),
            ERROR_NO_UNICODE_TRANSLATION);
}

// A15.12: UTF-8 takes both since Windows 10 1709.
static void a_default_character_may_be_given(void) {
    static const wchar_t lone[] = {0xD83D, L'x', 0};
    char bytes[8] = "";
    BOOL used = 77;
    GRANTED(WideCharToMultiByte(CP_UTF8, 0, L"a\x00E4", -1, bytes, 8, "?", NULL));
    CHECK(strcmp(bytes, "a\xC3\xA4") == 0);
    CHECK_EQUAL(WideCharToMultiByte(CP_UTF8, 0, L"abc", -1, bytes, 8, NULL, &used), 4);
    CHECK_EQUAL(used, FALSE);
    CHECK_EQUAL(WideCharToMultiByte(CP_UTF8, 0, lone, -1, bytes, 8, "?", &used), 5);
    CHECK_EQUAL(used, TRUE);
    used = 77;
    REFUSED(WideCharToMultiByte(CP_UTF8, 0, L"abc", -1, bytes, 3, "?", &used),
            ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQUAL(used, 77);
}

// every scalar there and back
static void every_scalar_survives_the_way_there_and_back(void) {
    int mistakes = 0;
    for (uint32_t scalar = 1; scalar <= 0x10FFFF; scalar += scalar < 0x3000 ? 1 : 0x35) {
        wchar_t wide[3] = {0}, back[3] = {0};
        char bytes[8] = {0};
        if (scalar >> 11 == 0x1B)
            continue;
        if (wide_is_utf16 && scalar >= 0x10000) {
            wide[0] = (wchar_t)(0xD800 + ((scalar - 0x10000) >> 10));
            wide[1] = (wchar_t)(0xDC00 + ((scalar - 0x10000) & 0x3FF));
        } else {
            wide[0] = (wchar_t)scalar;
        }
        int count =
            WideCharToMultiByte(CP_UTF8, WC_ERR_INVALID_CHARS, wide, -1, bytes, 8, NULL, NULL);
        if (count == 0 ||
            MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, bytes, -1, back, 3) == 0 ||
            memcmp(wide, back, sizeof wide) != 0)
            mistakes++;
    }
    CHECK_EQUAL(mistakes, 0);
}

TEST_PROGRAM(TEST(utf8_becomes_wide_characters), TEST(wide_characters_become_utf8),
             TEST(a_result_that_does_not_fit_is_refused),
             TEST(malformed_utf8_is_replaced_or_refused),
             TEST(a_lone_surrogate_is_replaced_or_refused), TEST(malformed_arguments_are_refused),
             TEST(a_negative_length_is_up_to_the_end),
             TEST(a_short_buffer_is_found_before_malformed_text),
             TEST(a_default_character_may_be_given),
             TEST(every_scalar_survives_the_way_there_and_back))
