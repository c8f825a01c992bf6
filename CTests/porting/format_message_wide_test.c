// FormatMessageW: the texts of FormatMessageA, in wide characters of 2 or 4 bytes.
#include "memory_checks.h"

enum { from_system = FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, capacity = 256 };

static const DWORD error_codes[] = {0,   2,   5,    6,    8,    14,   31,   50,  87,  112,
                                    122, 126, 127,  183,  203,  234,  259,  487, 998, 158,
                                    170, 299, 1004, 1113, 1132, 1300, 1314, 1455};
enum { error_code_count = sizeof error_codes / sizeof error_codes[0] };

static DWORD format_wide(DWORD flags, DWORD code, wchar_t *text, DWORD character_count) {
    return FormatMessageW(flags, NULL, code, 0, text, character_count, NULL);
}

// Every character of both is ASCII, so they are compared one by one.
static void check_same_text(const wchar_t *wide, const char *bytes, DWORD length) {
    for (DWORD i = 0; i <= length; i++)
        CHECK_EQUAL(wide[i], (unsigned char)bytes[i]);
}

// Learn, FormatMessageW
static void every_wide_text_is_that_of_the_other_form(void) {
    for (SIZE_T i = 0; i < error_code_count; i++) {
        char bytes[capacity] = "";
        wchar_t wide[capacity];
        memset(wide, 0x7F, sizeof wide);
        check_row("code %u", (unsigned)error_codes[i]);
        DWORD length = FormatMessageA(from_system, NULL, error_codes[i], 0, bytes, capacity, NULL);
        CHECK(length > 2 && length < capacity);
        SetLastError(UNTOUCHED_ERROR);
        CHECK_EQUAL(format_wide(from_system, error_codes[i], wide, capacity), length);
        CHECK_EQUAL(GetLastError(), UNTOUCHED_ERROR);
        check_same_text(wide, bytes, length);
        wchar_t after;
        memset(&after, 0x7F, sizeof after);
        CHECK(length + 1 >= capacity || wide[length + 1] == after);
    }
}

// Learn, FormatMessageW, lpBuffer and nSize
static void allocate_buffer_gives_a_wide_text_for_local_free(void) {
    for (DWORD least = 0; least <= 70000; least += 35000) {
        check_row("at least %u characters", (unsigned)least);
        char bytes[capacity] = "";
        DWORD length = FormatMessageA(from_system, NULL, ERROR_NOACCESS, 0, bytes, capacity, NULL);
        wchar_t *text = NULL;
        CHECK_EQUAL(format_wide(from_system | FORMAT_MESSAGE_ALLOCATE_BUFFER, ERROR_NOACCESS,
                                (wchar_t *)(void *)&text, least),
                    length);
        CHECK(text != NULL);
        if (text == NULL)
            continue;
        check_same_text(text, bytes, length);
        CHECK_EQUAL((uintptr_t)text % 8, 0);
        for (DWORD k = 0; k < least && k < 30000; k++)
            text[k] = L'x';
        CHECK(LocalFree(text) == NULL);
    }
}

// Learn, FormatMessageW, nSize: it counts characters, not bytes.
static void a_wide_buffer_that_is_too_small_is_refused(void) {
    wchar_t text[capacity];
    DWORD length = format_wide(from_system, ERROR_INVALID_ADDRESS, text, capacity);
    REFUSED(format_wide(from_system, ERROR_INVALID_ADDRESS, text, length),
            ERROR_INSUFFICIENT_BUFFER);
    REFUSED(format_wide(from_system, ERROR_INVALID_ADDRESS, text, 1), ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQUAL(format_wide(from_system, ERROR_INVALID_ADDRESS, text, length + 1), length);
    CHECK_EQUAL(text[length], 0);
}

// Observed: 317 (ERROR_MR_MID_NOT_FOUND); Learn, FormatMessageW, dwFlags
static void an_unknown_code_and_a_missing_source_are_refused(void) {
    wchar_t text[capacity] = {L'k', L'e', L'p', L't'};
    REFUSED(format_wide(from_system, 0x2BADC0DE, text, capacity), 317);
    REFUSED(format_wide(0, ERROR_INVALID_ADDRESS, text, capacity), ERROR_INVALID_PARAMETER);
    CHECK(text[0] == L'k' && text[3] == L't' && text[4] == 0);
}

// Learn, FormatMessageW, FORMAT_MESSAGE_MAX_WIDTH_MASK
static void the_width_mask_drops_the_wide_line_break(void) {
    wchar_t text[capacity];
    DWORD length =
        format_wide(from_system | FORMAT_MESSAGE_MAX_WIDTH_MASK, ERROR_NOACCESS, text, capacity);
    CHECK(length > 8 && length < capacity);
    for (DWORD i = 0; i < length && i < capacity; i++)
        CHECK(text[i] != L'\r' && text[i] != L'\n');
}

TEST_PROGRAM(TEST(every_wide_text_is_that_of_the_other_form),
             TEST(allocate_buffer_gives_a_wide_text_for_local_free),
             TEST(a_wide_buffer_that_is_too_small_is_refused),
             TEST(an_unknown_code_and_a_missing_source_are_refused),
             TEST(the_width_mask_drops_the_wide_line_break))
