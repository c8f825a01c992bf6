/*
 * The names of tchar.h: the function of the C library that each name means, in the width that _UNICODE
 * selects, and the results of names that have no such function. Source: Learn, "Generic-text mappings".
 */
#ifndef TCHAR_RULES_H
#define TCHAR_RULES_H

#include <tchar.h>
#include <windows.h>
#include "expect.h"

#ifdef _UNICODE
#define IS(name, wide, bytes) EXPECT((void (*)(void))name == (void (*)(void))wide)
#else
#define IS(name, wide, bytes) EXPECT((void (*)(void))name == (void (*)(void))bytes)
#endif

static void string_names_mean_the_functions_of_the_width(void) {
    IS(_tcscat, wcscat, strcat);
    IS(_tcsclen, wcslen, strlen);
    IS(_tcscmp, wcscmp, strcmp);
    IS(_tcscoll, wcscoll, strcoll);
    IS(_tcscpy, wcscpy, strcpy);
    IS(_tcscspn, wcscspn, strcspn);
    IS(_tcsdup, wcsdup, strdup);
    IS(_tcsftime, wcsftime, strftime);
    IS(_tcsicmp, wcscasecmp, strcasecmp);
    IS(_tcslen, wcslen, strlen);
    IS(_tcsncat, wcsncat, strncat);
    IS(_tcsnccat, wcsncat, strncat);
    IS(_tcsnccmp, wcsncmp, strncmp);
    IS(_tcsnccpy, wcsncpy, strncpy);
    IS(_tcsncicmp, wcsncasecmp, strncasecmp);
    IS(_tcsncmp, wcsncmp, strncmp);
    IS(_tcsncpy, wcsncpy, strncpy);
    IS(_tcsnicmp, wcsncasecmp, strncasecmp);
    IS(_tcsnlen, wcsnlen, strnlen);
    IS(_tcsspn, wcsspn, strspn);
    IS(_tcstod, wcstod, strtod);
    IS(_tcstok_s, wcstok, strtok_r);
    IS(_tcstol, wcstol, strtol);
    IS(_tcstoll, wcstoll, strtoll);
    IS(_tcstoi64, wcstoll, strtoll);
    IS(_tcstoul, wcstoul, strtoul);
    IS(_tcstoull, wcstoull, strtoull);
    IS(_tcstoui64, wcstoull, strtoull);
    IS(_tcsxfrm, wcsxfrm, strxfrm);
}

static void character_names_mean_the_functions_of_the_width(void) {
    IS(_istalnum, iswalnum, isalnum);
    IS(_istalpha, iswalpha, isalpha);
    IS(_istcntrl, iswcntrl, iscntrl);
    IS(_istdigit, iswdigit, isdigit);
    IS(_istgraph, iswgraph, isgraph);
    IS(_istlower, iswlower, islower);
    IS(_istprint, iswprint, isprint);
    IS(_istpunct, iswpunct, ispunct);
    IS(_istspace, iswspace, isspace);
    IS(_istupper, iswupper, isupper);
    IS(_istxdigit, iswxdigit, isxdigit);
    IS(_totlower, towlower, tolower);
    IS(_totupper, towupper, toupper);
}

static void stream_names_mean_the_functions_of_the_width(void) {
    IS(_fgettc, fgetwc, fgetc);
    IS(_fgetts, fgetws, fgets);
    IS(_fputtc, fputwc, fputc);
    IS(_fputts, fputws, fputs);
    IS(_ftprintf, fwprintf, fprintf);
    IS(_ftscanf, fwscanf, fscanf);
    IS(_gettc, getwc, getc);
    IS(_gettchar, getwchar, getchar);
    IS(_puttc, putwc, putc);
    IS(_puttchar, putwchar, putchar);
    IS(_sntprintf, swprintf, snprintf);
    IS(_stprintf_s, swprintf, snprintf);
    IS(_stscanf, swscanf, sscanf);
    IS(_tprintf, wprintf, printf);
    IS(_tscanf, wscanf, scanf);
    IS(_ungettc, ungetwc, ungetc);
    IS(_vftprintf, vfwprintf, vfprintf);
    IS(_vsntprintf, vswprintf, vsnprintf);
    IS(_vstprintf_s, vswprintf, vsnprintf);
    IS(_vtprintf, vwprintf, vprintf);
#ifndef _UNICODE
    IS(_putts, , puts);
    IS(_stprintf, , sprintf);
    IS(_tfopen, , fopen);
    IS(_tfreopen, , freopen);
    IS(_tgetenv, , getenv);
    IS(_tperror, , perror);
    IS(_tremove, , remove);
    IS(_trename, , rename);
    IS(_tsystem, , system);
    IS(_vstprintf, , vsprintf);
#endif
}

static void searches_return_the_place_of_the_match(void) {
    const TCHAR *text = _T("one, two, one");
    EXPECT(_tcschr(text, _T(',')) == text + 3);
    EXPECT(_tcsrchr(text, _T(',')) == text + 8);
    EXPECT(_tcsstr(text, _T("two")) == text + 5);
    EXPECT(_tcspbrk(text, _T("wx")) == text + 6);
}

static void text_is_converted_to_numbers(void) {
    EXPECT(_tstoi(_T("-12x")) == -12 && _ttoi(_T("7")) == 7);
    EXPECT(_tstol(_T("-2147483649")) == -2147483649L && _ttol(_T("8")) == 8);
    EXPECT(_tstoi64(_T("9000000000")) == 9000000000LL && _ttoi64(_T("9")) == 9);
    EXPECT(_tstof(_T("2.5")) == 2.5);
}

static void text_is_changed_in_place(void) {
    TCHAR text[] = _T("aBc1");
    EXPECT(_tcsupr(text) == text && _tcscmp(text, _T("ABC1")) == 0);
    EXPECT(_tcslwr(text) == text && _tcscmp(text, _T("abc1")) == 0);
    EXPECT(_tcsrev(text) == text && _tcscmp(text, _T("1cba")) == 0);
    EXPECT(_tcsset(text, _T('z')) == text && _tcscmp(text, _T("zzzz")) == 0);
    TCHAR none[] = _T("");
    EXPECT(_tcsrev(none) == none && none[0] == 0);
}

static void character_functions_step_by_one_character(void) {
    TCHAR text[] = _T("ab"), other[] = _T("b");
    EXPECT(_tcsinc(text) == text + 1);
    EXPECT(_tcsdec(text, text + 1) == text && _tcsdec(text, text) == NULL);
    EXPECT(_tcsnextc(text) == _T('a') && _tclen(text) == 1);
    EXPECT(_tccmp(text, other) < 0 && _tccmp(text + 1, other) == 0);
    _tccpy(text, other);
    EXPECT(_tcscmp(text, _T("bb")) == 0);
    EXPECT(_istascii(127) && !_istascii(128) && !_istleadbyte(0xE4));
}

#define WORD_OF_THE_PROGRAM "word"
static void types_and_literals_have_the_width(void) {
    EXPECT(sizeof(_TCHAR) == sizeof(TCHAR) && sizeof(_T("a")) == 2 * sizeof(TCHAR));
    EXPECT(sizeof(_TSCHAR) == sizeof(TCHAR) && sizeof(_TUCHAR) == sizeof(TCHAR));
    EXPECT(sizeof(_TXCHAR) == sizeof(TCHAR));
    EXPECT(_tcscmp(_TEXT(WORD_OF_THE_PROGRAM), __T("word")) == 0);
    EXPECT(_tcscmp(_T(WORD_OF_THE_PROGRAM), TEXT("word")) == 0);
    _TINT end = _TEOF;
#ifdef _UNICODE
    EXPECT(end == WEOF && sizeof(TCHAR) == sizeof(wchar_t));
#else
    EXPECT(end == EOF && sizeof(TCHAR) == 1);
#endif
}

int _tmain(void) {
    string_names_mean_the_functions_of_the_width();
    character_names_mean_the_functions_of_the_width();
    stream_names_mean_the_functions_of_the_width();
    searches_return_the_place_of_the_match();
    text_is_converted_to_numbers();
    text_is_changed_in_place();
    character_functions_step_by_one_character();
    types_and_literals_have_the_width();
    return expect_status;
}

#endif
