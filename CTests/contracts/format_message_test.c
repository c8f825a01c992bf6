// FormatMessageA for the system's texts of the error codes that the library returns.
#include "memory_checks.h"

static const DWORD error_codes[] = {0, 5, 6, 8, 24, 50, 87, 122, 158, 487, 998, 1314, 1453, 1455};
enum { error_code_count = sizeof error_codes / sizeof error_codes[0] };

static DWORD format_error(DWORD code, char *text, DWORD byte_count) {
    return FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, NULL, code, 0,
                          text, byte_count, NULL);
}

// Learn, FormatMessage, Return value: the number of characters without the terminator.
static void every_code_has_a_text_that_ends_its_line(void) {
    for (SIZE_T i = 0; i < error_code_count; i++) {
        char text[512];
        memset(text, 0x7F, sizeof text);
        check_row("code %u", (unsigned)error_codes[i]);
        SetLastError(UNTOUCHED_ERROR);
        DWORD length = format_error(error_codes[i], text, sizeof text);
        CHECK(length > 8 && length < sizeof text);
        if (length <= 2 || length >= sizeof text)
            continue;
        CHECK_EQUAL(strlen(text), length);
        CHECK(strcmp(text + length - 2, "\r\n") == 0);
        CHECK(strchr("\r\n ", text[0]) == NULL);
    }
}

// Two codes never share a text.
static void every_text_tells_its_code_from_the_others(void) {
    static char texts[error_code_count][512];
    for (SIZE_T i = 0; i < error_code_count; i++) {
        format_error(error_codes[i], texts[i], sizeof texts[i]);
        for (SIZE_T k = 0; k < i; k++) {
            check_row("codes %u and %u", (unsigned)error_codes[k], (unsigned)error_codes[i]);
            CHECK(strcmp(texts[i], texts[k]) != 0);
        }
    }
}

// Learn, FormatMessage, lpBuffer: with ALLOCATE_BUFFER it is the address of a pointer, the text
// is freed with LocalFree.
static void allocate_buffer_gives_a_text_for_local_free(void) {
    for (SIZE_T i = 0; i < error_code_count; i++) {
        char expected[512], *text = NULL;
        check_row("code %u", (unsigned)error_codes[i]);
        DWORD expected_length = format_error(error_codes[i], expected, sizeof expected);
        DWORD length =
            FormatMessageA(FORMAT_MESSAGE_ALLOCATE_BUFFER | FORMAT_MESSAGE_FROM_SYSTEM |
                               FORMAT_MESSAGE_IGNORE_INSERTS,
                           NULL, error_codes[i], MAKELANGID(LANG_NEUTRAL, SUBLANG_DEFAULT),
                           (LPSTR)(void *)&text, 0, NULL);
        CHECK_EQUAL(length, expected_length);
        CHECK(text != NULL && strcmp(text, expected) == 0);
        CHECK(LocalFree(text) == NULL);
    }
    CHECK(LocalFree(NULL) == NULL);
}

// Learn, FormatMessage, nSize; observed: a buffer one byte too small is refused with 122.
static void a_buffer_that_is_too_small_is_refused(void) {
    char text[512];
    DWORD length = format_error(ERROR_INVALID_ADDRESS, text, sizeof text);
    for (DWORD byte_count = 1; byte_count <= length; byte_count += length - 1) {
        check_row("%u bytes", (unsigned)byte_count);
        REFUSED(format_error(ERROR_INVALID_ADDRESS, text, byte_count), ERROR_INSUFFICIENT_BUFFER);
    }
    CHECK_EQUAL(format_error(ERROR_INVALID_ADDRESS, text, length + 1), length);
}

// Observed: a code without a text is refused with 317 (ERROR_MR_MID_NOT_FOUND).
static void an_unknown_code_is_refused(void) {
    char text[512];
    REFUSED(format_error(0x2BADC0DE, text, sizeof text), 317);
    REFUSED(format_error(0xFFFF, text, sizeof text), 317);
}

// Learn, FormatMessage, dwFlags: one source of the text is needed.
static void flags_without_a_source_are_refused(void) {
    char text[512];
    REFUSED(FormatMessageA(0, NULL, ERROR_INVALID_ADDRESS, 0, text, sizeof text, NULL),
            ERROR_INVALID_PARAMETER);
}

// Observed: which of the two codes differs between systems.
static void a_missing_buffer_is_refused(void) {
    SetLastError(UNTOUCHED_ERROR);
    CHECK_EQUAL(format_error(ERROR_INVALID_ADDRESS, NULL, 0), 0);
    DWORD error = GetLastError();
    CHECK(error == ERROR_INVALID_PARAMETER || error == ERROR_INSUFFICIENT_BUFFER);
}

// Learn, FormatMessage, dwFlags: a line width of FORMAT_MESSAGE_MAX_WIDTH_MASK drops line breaks.
static void the_width_mask_drops_the_line_break(void) {
    char text[512] = "";
    DWORD length = FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS |
                                      FORMAT_MESSAGE_MAX_WIDTH_MASK,
                                  NULL, ERROR_INVALID_ADDRESS, 0, text, sizeof text, NULL);
    CHECK(length > 8);
    CHECK_EQUAL(strlen(text), length);
    CHECK(strpbrk(text, "\r\n") == NULL);
}

TEST_PROGRAM(TEST(every_code_has_a_text_that_ends_its_line),
             TEST(every_text_tells_its_code_from_the_others),
             TEST(allocate_buffer_gives_a_text_for_local_free),
             TEST(a_buffer_that_is_too_small_is_refused), TEST(an_unknown_code_is_refused),
             TEST(flags_without_a_source_are_refused), TEST(a_missing_buffer_is_refused),
             TEST(the_width_mask_drops_the_line_break))
