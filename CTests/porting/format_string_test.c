// FormatMessage with a message of the caller's: escapes, line breaks, inserts and their formats, in both
// widths. Learn, FormatMessage; the values in the tables were observed on Windows.
#include "memory_checks.h"

#include <stdarg.h>

enum { capacity = 256, from_string = FORMAT_MESSAGE_FROM_STRING };

static DWORD format(DWORD flags, const char *message, char *text, ...) {
    va_list values;
    va_start(values, text);
    DWORD length =
        FormatMessageA(flags | from_string, message, 0, 0, text, capacity, (void *)&values);
    va_end(values);
    return length;
}

static DWORD format_wide(DWORD flags, const wchar_t *message, wchar_t *text, ...) {
    va_list values;
    va_start(values, text);
    DWORD length =
        FormatMessageW(flags | from_string, message, 0, 0, text, capacity, (void *)&values);
    va_end(values);
    return length;
}

// The wide form of ASCII text.
static const wchar_t *wide(const char *text) {
    static wchar_t copies[4][capacity];
    static int next;
    wchar_t *copy = copies[next++ % 4];
    for (int i = 0; i == 0 || text[i - 1]; i++)
        copy[i] = (unsigned char)text[i];
    return copy;
}

static int is_text(const wchar_t *got, const char *expected) {
    int i = 0;
    for (; expected[i]; i++)
        if (got[i] != (unsigned char)expected[i])
            return 0;
    return got[i] == 0;
}

// Each row is written in both forms with the same values.
#define CHECK_FORMAT(flags, message, expected, ...)                                                \
    do {                                                                                           \
        char text[capacity] = "?";                                                                 \
        wchar_t wide_text[capacity] = {L'?'};                                                      \
        check_row("%s", message);                                                                  \
        CHECK_EQUAL(format(flags, message, text, __VA_ARGS__), strlen(expected));                  \
        check_true(__FILE__, __LINE__, strcmp(text, expected) == 0, text);                         \
        CHECK_EQUAL(format_wide(flags, wide(message), wide_text, __VA_ARGS__), strlen(expected));  \
        CHECK(is_text(wide_text, expected));                                                       \
    } while (0)
#define CHECK_TEXT(flags, message, expected) CHECK_FORMAT(flags, message, expected, 0)

static void escapes_stand_for_characters(void) {
    CHECK_TEXT(0, "test", "test");
    CHECK_TEXT(0, " %%%% ", " %% ");
    CHECK_TEXT(0, " %.%.  ", " ..  ");
    CHECK_TEXT(0, "test%0test", "test");
    CHECK_TEXT(0, "yah%!%0   ", "yah!");
    CHECK_TEXT(0, "% %   ", "    ");
    CHECK_TEXT(0, "%n%r%t", "\r\n\r\t");
    CHECK_TEXT(0, "100%% of %b%x", "100% of  x");
}

static void line_breaks_become_those_of_windows_or_blanks(void) {
    static const char *const rows[][3] = {{"hi\n", "hi\r\n", "hi "},
                                          {"hi\r\n", "hi\r\n", "hi "},
                                          {"\r", "\r\n", " "},
                                          {"\r\r\n", "\r\n\r\n", "  "},
                                          {"a%nb", "a\r\nb", "a\r\nb"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        CHECK_TEXT(0, rows[i][0], rows[i][1]);
        CHECK_TEXT(FORMAT_MESSAGE_MAX_WIDTH_MASK, rows[i][0], rows[i][2]);
        CHECK_TEXT(FORMAT_MESSAGE_MAX_WIDTH_MASK | FORMAT_MESSAGE_IGNORE_INSERTS, rows[i][0],
                   rows[i][2]);
    }
}

static void ignored_inserts_stay_as_they_are(void) {
    const DWORD ignore = FORMAT_MESSAGE_IGNORE_INSERTS;
    CHECK_TEXT(ignore, "test%1%2!*.*s!%99", "test%1%2!*.*s!%99");
    CHECK_TEXT(ignore, "%%% %.%!", "%%% %.%!");
    CHECK_TEXT(ignore, "%n%r%t", "\r\n\r\t");
    CHECK_TEXT(ignore, "test%0test", "test");
}

static void numbers_have_the_format_of_printf(void) {
    CHECK_FORMAT(0, "%1!d!%2!d!%3!d!", "123", 1, 2, 3);
    CHECK_FORMAT(0, "%1!4d!|%1!-4d!|%1!04d!", "  -7|-7  |-007", -7);
    CHECK_FORMAT(0, "%1!x! %1!X! %1!#x! %1!o! %1!u!", "1ab 1AB 0x1ab 653 427", 0x1AB);
    CHECK_FORMAT(0, "%1!+d! %2!+d! %1! d!", "+5 -5  5", 5, -5);
    CHECK_FORMAT(0, "%1!u! %1!d! %1!lu! %1!ld!", "4294967295 -1 4294967295 -1", -1);
    CHECK_FORMAT(0, "%1!I64d! %1!lld! %1!I64x! %1!Iu!",
                 "-2 -2 fffffffffffffffe 18446744073709551614", -2ll);
    CHECK_FORMAT(0, "%1!hd! %1!hu! %1!hx!", "-2 65534 fffe", 0x1FFFE);
    CHECK_FORMAT(0, "%1!d! %1!I64d!", "-2147483648 -9223372034707292160", 0x8000000080000000ll);
    CHECK_FORMAT(0, "%1!d!%1!.0d!%1!.3d!|%1!3d!", "0000|  0", 0);
    CHECK_FORMAT(0, "%1!p!", "0000123456789ABC", (void *)0x123456789ABC);
    CHECK_FORMAT(0, "%1!c!%2!c!%3!c!%1!c!%1!3c!%1!-3c!", "test  tt  ", 't', 'e', 's');
}

static void strings_are_of_the_messages_width_unless_told_otherwise(void) {
    char text[capacity];
    wchar_t wide_text[capacity];
    CHECK_EQUAL(format(0, "%1%3%2%1", text, "t", "s", "e"), 4);
    CHECK(strcmp(text, "test") == 0);
    CHECK_EQUAL(format(0, "[%1!6s!|%1!-6s!|%1!.2s!|%1!5.1s!]", text, "abc"), 24);
    CHECK(strcmp(text, "[   abc|abc   |ab|    a]") == 0);
    CHECK_EQUAL(format(0, "%1!hs!%2", text, "a", NULL), 7);
    CHECK(strcmp(text, "a(null)") == 0);
    CHECK_EQUAL(format_wide(0, wide("%1%2!ls!%3!ws!%4!S!%5!hs!"), wide_text, wide("a"), wide("b"),
                            wide("c"), "d", "e"),
                5);
    CHECK(is_text(wide_text, "abcde"));
#if __SIZEOF_WCHAR_T__ == 4
    CHECK_EQUAL(format(0, "%1!S!%2!ls!%3!ws!", text, L"a\x00E4", L"b", L"c"), 5);
    CHECK(strcmp(text, "a\xC3\xA4"
                       "bc") == 0);
#endif
    // A string may end at its precision without a NUL.
    BYTE *page = committed_pages(1);
    memcpy(page + page_size - 3, "xyz", 3);
    CHECK_EQUAL(format(0, "%1!.3s!", text, page + page_size - 3), 3);
    CHECK(strcmp(text, "xyz") == 0);
    release(page);
}

static void stars_take_values(void) {
    CHECK_FORMAT(0, "%1!*d!|%2!d!", "   7|8", 4, 7, 8);
    CHECK_FORMAT(0, "%1!*.*u!", "  001", 5, 3, 1);
    CHECK_FORMAT(0, "%1!*.*u!,%1!*.*u!", "  001, 0002", 5, 3, 1, 4, 2);
    CHECK_FORMAT(0, "%1!*.*u!,%3!*.*u!", "  001,  0002", 5, 3, 1, 6, 4, 2);
    CHECK_FORMAT(0, "%1!*d!|", "7   |", -4, 7);
}

static void an_array_counts_its_values_one_by_one(void) {
    ULONG_PTR values[] = {6, 4, 2, 5, 3, 1};
    char text[capacity];
    wchar_t wide_text[capacity];
    const DWORD flags = from_string | FORMAT_MESSAGE_ARGUMENT_ARRAY;
    CHECK_EQUAL(FormatMessageA(flags, "%1!*.*u!,%1!*.*u!", 0, 0, text, capacity, (void *)values),
                13);
    CHECK(strcmp(text, "  0002, 00003") == 0);
    CHECK_EQUAL(
        FormatMessageW(flags, wide("%1!*.*u!,%4!*.*u!"), 0, 0, wide_text, capacity, (void *)values),
        12);
    CHECK(is_text(wide_text, "  0002,  001"));
    CHECK_EQUAL(FormatMessageA(flags, "%6!u!%1!u!", 0, 0, text, capacity, (void *)values), 2);
    CHECK(strcmp(text, "16") == 0);
}

static void malformed_messages_are_refused(void) {
    static const char *const rows[] = {"%", "test%", "%1!q!", "%1!5!", "%1!!"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[capacity] = "xxxxxx";
        wchar_t wide_text[capacity] = {L'x'};
        check_row("%s", rows[i]);
        REFUSED(format(0, rows[i], text, 1), ERROR_INVALID_PARAMETER);
        CHECK(strcmp(text, "xxxxxx") == 0);
        REFUSED(format_wide(0, wide(rows[i]), wide_text, 1), ERROR_INVALID_PARAMETER);
    }
}

static void inserts_without_values_are_refused(void) {
    char text[capacity] = "xxxxxx";
    wchar_t wide_text[capacity] = {L'x'};
    const DWORD array = FORMAT_MESSAGE_ARGUMENT_ARRAY;
    REFUSED(FormatMessageA(from_string, "a%1", 0, 0, text, capacity, NULL),
            ERROR_INVALID_PARAMETER);
    REFUSED(FormatMessageA(from_string | array, "a%1", 0, 0, text, capacity, NULL),
            ERROR_INVALID_PARAMETER);
    REFUSED(FormatMessageW(from_string, wide("%1"), 0, 0, wide_text, capacity, NULL),
            ERROR_INVALID_PARAMETER);
    CHECK(strcmp(text, "xxxxxx") == 0 && wide_text[0] == L'x');
}

static void an_empty_message_is_no_work(void) {
    char text[capacity] = "xxxxxx", *allocated = text;
    wchar_t wide_text[capacity] = {L'x'};
    REFUSED(format(0, "", text), ERROR_NO_WORK_DONE);
    REFUSED(format(0, "%0test", text), ERROR_NO_WORK_DONE);
    CHECK(strcmp(text, "xxxxxx") == 0);
    REFUSED(format_wide(0, wide(""), wide_text), ERROR_NO_WORK_DONE);
    CHECK_EQUAL(wide_text[0], 0);
    REFUSED(format(FORMAT_MESSAGE_ALLOCATE_BUFFER, "", (char *)&allocated), ERROR_NO_WORK_DONE);
    CHECK(allocated == NULL);
}

static void a_buffer_must_have_room_for_all(void) {
    char text[capacity] = "xxxxxx", *allocated = NULL;
    REFUSED(FormatMessageA(from_string, "a%nb", 0, 0, text, 4, NULL), ERROR_INSUFFICIENT_BUFFER);
    CHECK(strcmp(text, "xxxxxx") == 0);
    CHECK_EQUAL(FormatMessageA(from_string, "a%nb", 0, 0, text, 5, NULL), 4);
    CHECK_EQUAL(format(FORMAT_MESSAGE_ALLOCATE_BUFFER, "%1!5000d!%2", (char *)&allocated, 1, "x"),
                5001);
    CHECK(allocated != NULL && strlen(allocated) == 5001 && allocated[4999] == '1');
    CHECK(LocalFree(allocated) == NULL);
}

// A15.12
static void a_missing_buffer_has_an_error_for_each_form(void) {
    static const DWORD sizes[] = {0, 1, 256};
    const DWORD system = FORMAT_MESSAGE_FROM_SYSTEM, allocate = FORMAT_MESSAGE_ALLOCATE_BUFFER;
    for (int i = 0; i < 3; i++) {
        REFUSED(FormatMessageA(system | allocate, NULL, 0, 0, NULL, sizes[i], NULL),
                ERROR_NOT_ENOUGH_MEMORY);
        REFUSED(FormatMessageW(system | allocate, NULL, 0, 0, NULL, sizes[i], NULL),
                ERROR_INVALID_PARAMETER);
        REFUSED(FormatMessageW(system, NULL, 0, 0, NULL, sizes[i], NULL), ERROR_INVALID_PARAMETER);
    }
}

// A15.12: the pointer is null after a failure.
static void a_failed_allocation_leaves_a_null_pointer(void) {
    static const DWORD flags[] = {0, FORMAT_MESSAGE_FROM_SYSTEM, FORMAT_MESSAGE_FROM_STRING};
    static const DWORD errors[] = {ERROR_INVALID_PARAMETER, ERROR_MR_MID_NOT_FOUND,
                                   ERROR_INVALID_PARAMETER};
    for (int i = 0; i < 3; i++) {
        char *text = (char *)0xDEADBEEF;
        wchar_t *wide_text = (wchar_t *)0xDEADBEEF;
        const DWORD allocate = FORMAT_MESSAGE_ALLOCATE_BUFFER | flags[i];
        REFUSED(FormatMessageA(allocate, "%", 0x2BADC0DE, 0, (char *)&text, 0, NULL), errors[i]);
        CHECK(text == NULL);
        REFUSED(FormatMessageW(allocate, wide("%"), 0x2BADC0DE, 0, (wchar_t *)&wide_text, 0, NULL),
                errors[i]);
        CHECK(wide_text == NULL);
    }
}

TEST_PROGRAM(TEST(escapes_stand_for_characters),
             TEST(line_breaks_become_those_of_windows_or_blanks),
             TEST(ignored_inserts_stay_as_they_are), TEST(numbers_have_the_format_of_printf),
             TEST(strings_are_of_the_messages_width_unless_told_otherwise), TEST(stars_take_values),
             TEST(an_array_counts_its_values_one_by_one), TEST(malformed_messages_are_refused),
             TEST(inserts_without_values_are_refused), TEST(an_empty_message_is_no_work),
             TEST(a_buffer_must_have_room_for_all),
             TEST(a_missing_buffer_has_an_error_for_each_form),
             TEST(a_failed_allocation_leaves_a_null_pointer))
