// GetEnvironmentStrings, FreeEnvironmentStrings (Learn).
#include "memory_checks.h"

#include <wchar.h>

extern char **environ;

static size_t length_of(const WCHAR *text) {
    size_t length = 0;
    while (text[length])
        length++;
    return length;
}

static void a_copy_has_all_variables_in_the_order_of_environ(void) {
    char *strings = (char *)GRANTED(GetEnvironmentStringsA());
    const char *string = strings;
    for (char **variable = environ; *variable; variable++) {
        CHECK(strcmp(string, *variable) == 0);
        string += strlen(string) + 1;
    }
    CHECK_EQUAL(*string, 0);
    GRANTED(FreeEnvironmentStringsA(strings));
}

static void both_names_of_the_byte_form_return_the_same_text(void) {
    char *one = (char *)GRANTED((GetEnvironmentStrings)());
    char *other = (char *)GRANTED(GetEnvironmentStringsA());
    CHECK(one != other);
    CHECK(strcmp(one, other) == 0);
    GRANTED(FreeEnvironmentStringsA(one));
    GRANTED(FreeEnvironmentStringsA(other));
}

static const WCHAR *find(const WCHAR *string, const WCHAR *start) {
    size_t length = length_of(start);
    for (; *string; string += length_of(string) + 1)
        if (memcmp(string, start, length * sizeof(WCHAR)) == 0)
            return string + length;
    return NULL;
}
static void wide_strings_are_converted(void) {
    setenv("WM_STRINGS", "tw\xC3\xB6 \xF0\x9F\x98\x80", 1);
    WCHAR *strings = (WCHAR *)GRANTED(GetEnvironmentStringsW());
    const WCHAR *value = find(strings, L"WM_STRINGS=");
    CHECK(value != NULL);
    if (value)
        CHECK(memcmp(value, L"tw\u00F6 \U0001F600", sizeof L"tw\u00F6 \U0001F600") == 0);
    GRANTED(FreeEnvironmentStringsW(strings));
    unsetenv("WM_STRINGS");
}

static void a_copy_does_not_change_with_the_environment(void) {
    setenv("WM_STRINGS", "before", 1);
    WCHAR *strings = (WCHAR *)GRANTED(GetEnvironmentStringsW());
    setenv("WM_STRINGS", "after", 1);
    const WCHAR *value = find(strings, L"WM_STRINGS=");
    CHECK(value != NULL && value[0] == 'b');
    GRANTED(FreeEnvironmentStringsW(strings));
    unsetenv("WM_STRINGS");
}

static void without_variables_the_copy_is_two_nuls(void) {
    static char *none[] = {NULL};
    char **before = environ;
    for (int round = 0; round < 2; round++) {
        environ = round ? NULL : none;
        char *strings = (char *)GRANTED(GetEnvironmentStringsA());
        CHECK_EQUAL(strings[0], 0);
        CHECK_EQUAL(strings[1], 0);
        GRANTED(FreeEnvironmentStringsA(strings));
    }
    environ = before;
}

static void a_large_environment_is_copied_whole(void) {
    static char value[200000];
    memset(value, 'x', sizeof value - 1);
    setenv("WM_STRINGS", value, 1);
    WCHAR *strings = (WCHAR *)GRANTED(GetEnvironmentStringsW());
    const WCHAR *found = find(strings, L"WM_STRINGS=");
    CHECK(found != NULL);
    if (found)
        CHECK_EQUAL(length_of(found), sizeof value - 1);
    GRANTED(FreeEnvironmentStringsW(strings));
    unsetenv("WM_STRINGS");
}

static void a_copy_that_is_freed_is_unmapped(void) {
    char *strings = (char *)GRANTED(GetEnvironmentStringsA());
    GRANTED(FreeEnvironmentStringsA(strings));
    CHECK_EQUAL(region_at(strings).State, MEM_FREE);
}

static void freeing_null_succeeds_and_freeing_other_memory_is_refused(void) {
    GRANTED(FreeEnvironmentStringsA(NULL));
    GRANTED(FreeEnvironmentStringsW(NULL));
    static char text[64] = "A=B";
    REFUSED(FreeEnvironmentStringsA(text + 1), ERROR_INVALID_PARAMETER);
    CHECK(strcmp(text, "A=B") == 0);
    char *block = (char *)VirtualAlloc(NULL, 1, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    REFUSED(FreeEnvironmentStringsA(block + 16), ERROR_INVALID_PARAMETER);
    CHECK_EQUAL(region_at(block).State, MEM_COMMIT);
    release((BYTE *)block);
}

TEST_PROGRAM(TEST(a_copy_has_all_variables_in_the_order_of_environ),
             TEST(both_names_of_the_byte_form_return_the_same_text),
             TEST(wide_strings_are_converted), TEST(a_copy_does_not_change_with_the_environment),
             TEST(without_variables_the_copy_is_two_nuls),
             TEST(a_large_environment_is_copied_whole), TEST(a_copy_that_is_freed_is_unmapped),
             TEST(freeing_null_succeeds_and_freeing_other_memory_is_refused))
