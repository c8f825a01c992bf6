/*
 * Names that are wide with _UNICODE and bytes without: _T(), TCHAR's functions of strings, characters
 * and streams, and those that this C library has only in part.
 */
#ifndef WIN32MEMORY_TCHAR_H
#define WIN32MEMORY_TCHAR_H

#include "win32memory/character_types.h"
#include "win32memory/compiler.h"
#include "win32memory/tchar_names.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <wchar.h>
#include <wctype.h>

#ifdef _UNICODE
#include "win32memory/tchar_wide.h"
#define WIN32MEMORY_T(quote) L##quote
typedef wchar_t _TCHAR;
typedef wchar_t _TSCHAR;
typedef wchar_t _TUCHAR;
typedef wchar_t _TXCHAR;
typedef wint_t _TINT;
#define _TEOF WEOF
#define _tstoi(text) ((int)wcstol((text), NULL, 10))
#define _tstol(text) wcstol((text), NULL, 10)
#define _tstoi64(text) wcstoll((text), NULL, 10)
#define _tstof(text) wcstod((text), NULL)
#else
#define WIN32MEMORY_T(quote) quote
typedef char _TCHAR;
typedef signed char _TSCHAR;
typedef unsigned char _TUCHAR;
typedef char _TXCHAR;
typedef int _TINT;
#define _TEOF EOF
#define _tstoi(text) atoi(text)
#define _tstol(text) atol(text)
#define _tstoi64(text) atoll(text)
#define _tstof(text) atof(text)
#define _tgetenv getenv
#define _tsystem system
#define _tfopen fopen
#define _tfreopen freopen
#define _tremove remove
#define _trename rename
#define _tperror perror
#define _putts puts
#define _stprintf sprintf
#define _vstprintf vsprintf
#endif
#define _ttoi _tstoi
#define _ttol _tstol
#define _ttoi64 _tstoi64
#define _tcstoi64 _tcstoll
#define _tcstoui64 _tcstoull
#define _tcsinc(text) ((text) + 1)
#define _tcsdec(start, text) ((text) > (start) ? (text)-1 : NULL)
#define _tcsnextc(text) ((_TUCHAR) * (text))
#define _tclen(text) ((size_t)1)
#define _tccpy(to, from) ((void)(*(to) = *(from)))
#define _tccmp(a, b) (*(a) - *(b))
#define _istascii(character) ((unsigned)(character) < 128)
#define _istleadbyte(character) (0)

/* One level of indirection, so that _T(SOME_MACRO) expands the macro first. */
#define _T(quote) WIN32MEMORY_T(quote)
#define _TEXT(quote) WIN32MEMORY_T(quote)
#define __T(quote) WIN32MEMORY_T(quote)

/* Case and reversal in place: a few lines that no C library here has. Each answers `text`. */
WIN32MEMORY_INLINE __attribute__((__unused__)) _TCHAR *win32memory_lower(_TCHAR *text) {
    for (_TCHAR *at = text; *at; at++)
        *at = (_TCHAR)_totlower((_TINT)(_TUCHAR)*at);
    return text;
}
WIN32MEMORY_INLINE __attribute__((__unused__)) _TCHAR *win32memory_upper(_TCHAR *text) {
    for (_TCHAR *at = text; *at; at++)
        *at = (_TCHAR)_totupper((_TINT)(_TUCHAR)*at);
    return text;
}
WIN32MEMORY_INLINE __attribute__((__unused__)) _TCHAR *win32memory_reverse(_TCHAR *text) {
    size_t count = _tcslen(text);
    for (size_t i = 0; i < count / 2; i++) {
        _TCHAR character = text[i];
        text[i] = text[count - 1 - i];
        text[count - 1 - i] = character;
    }
    return text;
}
WIN32MEMORY_INLINE __attribute__((__unused__)) _TCHAR *win32memory_fill(_TCHAR *text, _TINT with) {
    for (_TCHAR *at = text; *at; at++)
        *at = (_TCHAR)with;
    return text;
}
#define _tcslwr(text) win32memory_lower(text)
#define _tcsupr(text) win32memory_upper(text)
#define _tcsrev(text) win32memory_reverse(text)
#define _tcsset(text, with) win32memory_fill((text), (with))

#endif
