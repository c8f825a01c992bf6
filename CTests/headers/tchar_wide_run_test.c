/* tchar.h with _UNICODE. On Linux every program begins at main, so _tmain is called from there. */
#define UNICODE
#define _UNICODE
#include "tchar_rules.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

/* Characters of one, two, three and four bytes in UTF-8, and the same text in wide characters. */
#define NARROW "a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80"
#define WIDE L"a\u00E4\u20AC\U0001F600"

/* Learn, "fopen, _wfopen", "rename, _wrename", "remove, _wremove". */
static void files_get_their_names_in_utf8(void) {
    char folder[] = "/tmp/tchar.XXXXXX";
    wchar_t path[200], other[200];
    char narrow[200];
    EXPECT(mkdtemp(folder) != NULL);
    snprintf(narrow, sizeof narrow, "%s/" NARROW, folder);
    EXPECT(_stprintf(path, L"%s/" WIDE, folder) > 0 && _stprintf(other, L"%s/b", folder) > 0);
    FILE *file = _tfopen(path, _T("w"));
    EXPECT(file != NULL && access(narrow, F_OK) == 0);
    EXPECT(file == NULL || fclose(file) == 0);
    EXPECT(_trename(path, other) == 0 && access(narrow, F_OK) != 0);
    file = _tfopen(other, _T("r"));
    EXPECT(file != NULL);
    file = file ? _tfreopen(other, _T("a"), file) : NULL;
    EXPECT(file != NULL);
    EXPECT(file == NULL || fclose(file) == 0);
    EXPECT(_tremove(other) == 0 && _tremove(other) == -1 && errno == ENOENT);
    EXPECT(rmdir(folder) == 0);
}

static void a_name_with_an_invalid_character_opens_no_file(void) {
    const wchar_t no_character[] = {0xD800, 0};
    errno = 0;
    EXPECT(_tfopen(no_character, _T("r")) == NULL && errno == EILSEQ);
    errno = 0;
    EXPECT(_trename(no_character, no_character) == -1 && errno == EILSEQ);
}

/* Learn, "getenv, _wgetenv": the pointer stays valid. */
static void values_of_environment_variables_are_wide(void) {
    setenv("TCHAR_" NARROW, NARROW "\xFF", 1);
    setenv("TCHAR_B", "other", 1);
    wchar_t *value = _tgetenv(L"TCHAR_" WIDE), *other = _tgetenv(_T("TCHAR_B"));
    EXPECT(value != NULL && wcscmp(value, WIDE L"\uFFFD") == 0);
    EXPECT(other != NULL && wcscmp(other, L"other") == 0);
    EXPECT(_tgetenv(L"TCHAR_" WIDE) == value && _tgetenv(_T("TCHAR_NONE")) == NULL);
}

/* Unicode, table 3-7: overlong forms, surrogates and numbers above U+10FFFF. */
static void what_is_not_utf8_is_replaced(void) {
    const char *const malformed[] = {"a\xC0\x80z", "a\xE0\x80\x80z", "a\xF0\x80\x80\x80z",
                                     "a\xED\xA0\x80z", "a\xF4\x90\x80\x80z"};
    for (size_t i = 0; i < sizeof malformed / sizeof malformed[0]; i++) {
        setenv("TCHAR_BAD", malformed[i], 1);
        const wchar_t *value = _tgetenv(_T("TCHAR_BAD"));
        EXPECT(value != NULL && value[0] == L'a' && value[1] == 0xFFFD);
        EXPECT(value != NULL && value[wcslen(value) - 1] == L'z');
    }
}

static int format(wchar_t *text, const wchar_t *how, ...) {
    va_list arguments;
    va_start(arguments, how);
    int count = _vstprintf(text, how, arguments);
    va_end(arguments);
    return count;
}

static void text_is_formatted(void) {
    wchar_t text[40];
    EXPECT(_stprintf(text, L"%d-%ls", 5, L"hi") == 4 && wcscmp(text, L"5-hi") == 0);
    EXPECT(format(text, L"%d %c", 12, 'x') == 4 && wcscmp(text, L"12 x") == 0);
}

static void the_other_wide_functions_do_the_same_as_the_narrow_ones(void) {
    EXPECT(_tsystem(_T("exit 3")) == 3 << 8 && (_tsystem(NULL) != 0));
    EXPECT(_putts(_T("a line")) == 0);
    errno = ENOENT;
    _tperror(_T("not found, as expected"));
}

int main(void) {
    files_get_their_names_in_utf8();
    a_name_with_an_invalid_character_opens_no_file();
    values_of_environment_variables_are_wide();
    what_is_not_utf8_is_replaced();
    text_is_formatted();
    the_other_wide_functions_do_the_same_as_the_narrow_ones();
    return _tmain();
}
