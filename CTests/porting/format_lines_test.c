// FormatMessage with a line width, A and W (Learn, FormatMessage, dwFlags: "the maximum number of
// characters in an output line"; the places of the breaks were observed on Windows).
#include "memory_checks.h"

enum { capacity = 512, from_string = FORMAT_MESSAGE_FROM_STRING };

static int is_same(const WCHAR *wide, const char *bytes) {
    for (; *bytes; bytes++, wide++)
        if (*wide != (WCHAR)(unsigned char)*bytes)
            return 0;
    return *wide == 0;
}

static void check_lines(int line, DWORD flags, const char *message, const char *expected) {
    char text[capacity];
    WCHAR wide_message[capacity], wide_text[capacity];
    size_t length = strlen(message);
    for (size_t i = 0; i <= length; i++)
        wide_message[i] = (WCHAR)(unsigned char)message[i];
    check_row("line %d", line);
    ULONG_PTR insert[1] = {(ULONG_PTR) "a b c"};
    flags |= from_string | FORMAT_MESSAGE_ARGUMENT_ARRAY;
    CHECK_EQUAL(
        FormatMessageA(flags, message, 0, 0, text, (DWORD)strlen(expected) + 1, (void *)insert),
        strlen(expected));
    check_true(__FILE__, line, strcmp(text, expected) == 0, text);
    insert[0] = (ULONG_PTR)L"a b c";
    CHECK_EQUAL(FormatMessageW(flags, wide_message, 0, 0, wide_text, (DWORD)strlen(expected) + 1,
                               (void *)insert),
                strlen(expected));
    CHECK(is_same(wide_text, expected));
}
#define CHECK_LINES(flags, message, expected) check_lines(__LINE__, flags, message, expected)

static void a_line_that_reaches_the_width_is_broken_at_its_last_blank(void) {
    CHECK_LINES(12, "alpha beta gamma", "alpha beta\r\ngamma");
    CHECK_LINES(8, "one two three four", "one two\r\nthree\r\nfour");
    CHECK_LINES(10, "abcd efgh", "abcd efgh");
    CHECK_LINES(9, "abcd efgh", "abcd\r\nefgh");
}
static void a_line_without_blanks_is_broken_at_the_width(void) {
    CHECK_LINES(5, "abcdefghijkl", "abcde\r\nfghij\r\nkl");
    CHECK_LINES(5, "abcde", "abcde\r\n");
    CHECK_LINES(1, "ab", "a\r\nb\r\n");
}
static void blanks_at_the_break_are_dropped(void) {
    CHECK_LINES(12, "abcd     efgh", "abcd\r\nefgh");
    CHECK_LINES(7, "abcd     ef", "abcd\r\n  ef");
    CHECK_LINES(6, "  abcdef g", "\r\nabcdef\r\n g");
    CHECK_LINES(4, "         ", "\r\n\r\n ");
}
static void lines_are_not_broken_at_hyphens_commas_or_tabs(void) {
    CHECK_LINES(9, "ab cd-efg,h", "ab\r\ncd-efg,h");
    CHECK_LINES(8, "ab cd%tef", "ab\r\ncd\tef");
}
static void line_breaks_of_the_text_become_blanks(void) {
    CHECK_LINES(20, "ab\ncd\r\nef", "ab cd ef");
    CHECK_LINES(6, "ab\ncdef", "ab\r\ncdef");
}
static void escaped_line_breaks_are_kept_and_begin_a_new_line(void) {
    CHECK_LINES(8, "abcd%nefg hi", "abcd\r\nefg hi");
    CHECK_LINES(8, "abcd%refg hij", "abcd\refg hij");
    CHECK_LINES(7, "abcd%refg hij", "abcd\refg\r\nhij");
    CHECK_LINES(4, "abcd%n", "abcd\r\n\r\n");
}
static void lines_are_broken_inside_inserts_too(void) {
    CHECK_LINES(6, "x %1 y", "x a b\r\nc y");
    CHECK_LINES(6 | FORMAT_MESSAGE_IGNORE_INSERTS, "abcd %1", "abcd\r\n%1");
}
static void the_maximum_width_breaks_no_lines(void) {
    char message[capacity];
    memset(message, 'a', sizeof message);
    for (int i = 9; i < 400; i += 10)
        message[i] = ' ';
    message[400] = 0;
    CHECK_LINES(FORMAT_MESSAGE_MAX_WIDTH_MASK, message, message);
    CHECK_LINES(0, message, message);
}
static void the_width_below_the_maximum_breaks_lines(void) {
    char message[capacity], expected[capacity];
    memset(message, 'a', 300);
    message[300] = 0;
    snprintf(expected, sizeof expected, "%.254s\r\n%.46s", message, message + 254);
    CHECK_LINES(0xFE, message, expected);
}
static void lines_of_an_allocated_text_are_broken_too(void) {
    char *text = NULL;
    CHECK_EQUAL(FormatMessageA(from_string | FORMAT_MESSAGE_ALLOCATE_BUFFER | 8, "one two three", 0,
                               0, (char *)&text, 0, NULL),
                14);
    CHECK(text != NULL && strcmp(text, "one two\r\nthree") == 0);
    CHECK(LocalFree(text) == NULL);
}
static void lines_of_system_messages_are_broken_too(void) {
    char whole[capacity], text[capacity];
    DWORD length = FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_MAX_WIDTH_MASK, NULL,
                                  ERROR_INVALID_PARAMETER, 0, whole, capacity, NULL);
    CHECK(length > 12);
    CHECK(FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM | 12, NULL, ERROR_INVALID_PARAMETER, 0, text,
                         capacity, NULL) > length);
    for (const char *line = text; line && *line; line = strchr(line, '\n')) {
        line += *line == '\n';
        CHECK(strcspn(line, "\r") <= 12);
    }
}

// Observed on Windows: the wide form stores the beginning.
static void the_beginning_of_a_wide_text_that_does_not_fit_is_stored(void) {
    WCHAR text[] = L"......";
    REFUSED(FormatMessageW(from_string, L"abcd", 0, 0, text, 4, NULL), ERROR_INSUFFICIENT_BUFFER);
    CHECK(memcmp(text, L"abc\0..", 6 * sizeof(WCHAR)) == 0);
    REFUSED(FormatMessageW(from_string, L"abcd", 0, 0, text, 1, NULL), ERROR_INSUFFICIENT_BUFFER);
    CHECK(memcmp(text, L"\0bc\0..", 6 * sizeof(WCHAR)) == 0);
    text[0] = L'x';
    REFUSED(FormatMessageW(from_string, L"abcd", 0, 0, text, 0, NULL), ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQUAL(text[0], L'x');
}
static void nothing_of_a_byte_text_that_does_not_fit_is_stored(void) {
    char text[] = "......";
    REFUSED(FormatMessageA(from_string, "abcd", 0, 0, text, 4, NULL), ERROR_INSUFFICIENT_BUFFER);
    CHECK(strcmp(text, "......") == 0);
}

TEST_PROGRAM(TEST(a_line_that_reaches_the_width_is_broken_at_its_last_blank),
             TEST(a_line_without_blanks_is_broken_at_the_width),
             TEST(blanks_at_the_break_are_dropped),
             TEST(lines_are_not_broken_at_hyphens_commas_or_tabs),
             TEST(line_breaks_of_the_text_become_blanks),
             TEST(escaped_line_breaks_are_kept_and_begin_a_new_line),
             TEST(lines_are_broken_inside_inserts_too), TEST(the_maximum_width_breaks_no_lines),
             TEST(the_width_below_the_maximum_breaks_lines),
             TEST(lines_of_an_allocated_text_are_broken_too),
             TEST(lines_of_system_messages_are_broken_too),
             TEST(the_beginning_of_a_wide_text_that_does_not_fit_is_stored),
             TEST(nothing_of_a_byte_text_that_does_not_fit_is_stored))
