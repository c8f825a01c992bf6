/*
 * Characters and strings: the A names are bytes (UTF-8 here), the W names wchar_t, the T names one
 * of them by UNICODE. WCHAR is 4 bytes on Linux, or 2 with -fshort-wchar.
 */
#ifndef WIN32MEMORY_CHARACTER_TYPES_H
#define WIN32MEMORY_CHARACTER_TYPES_H

#include "base_types.h"

typedef wchar_t WCHAR;

/*
 * Behind the prototype of a function that takes or gives WCHARs: with 2-byte characters
 * (-fshort-wchar) the name means the library's 2-byte variant, chosen when compiling.
 */
#if __SIZEOF_WCHAR_T__ == 2
#define WIN32MEMORY_WIDE(name) __asm__(#name "_utf16")
#else
#define WIN32MEMORY_WIDE(name)
#endif

typedef CHAR *LPSTR, *PSTR, *NPSTR, *LPCH, *PCH, *PNZCH, *PZZSTR;
typedef const CHAR *LPCSTR, *PCSTR, *LPCCH, *PCCH, *PCNZCH, *PCZZSTR;
typedef PSTR *PZPSTR;
typedef PCSTR *PZPCSTR;
typedef WCHAR *LPWSTR, *PWSTR, *NWPSTR, *LPWCH, *PWCH, *PWCHAR, *LPUWSTR, *PUWSTR, *PZZWSTR;
typedef const WCHAR *LPCWSTR, *PCWSTR, *LPCWCH, *PCWCH, *LPCUWSTR, *PCUWSTR, *PCZZWSTR;
typedef PWSTR *PZPWSTR;
typedef PCWSTR *PZPCWSTR;

#ifdef UNICODE
typedef WCHAR TCHAR, TBYTE;
typedef LPWSTR LPTSTR, PTSTR, LPTCH, PTCH;
typedef LPCWSTR LPCTSTR, PCTSTR, LPCTCH, PCTCH;
#define WIN32MEMORY_TEXT(quote) L##quote
#else
typedef CHAR TCHAR;
typedef UCHAR TBYTE;
typedef LPSTR LPTSTR, PTSTR, LPTCH, PTCH;
typedef LPCSTR LPCTSTR, PCTSTR, LPCTCH, PCTCH;
#define WIN32MEMORY_TEXT(quote) quote
#endif
typedef TCHAR *PTCHAR;
typedef TBYTE *PTBYTE;

/* One level of indirection, so that TEXT(SOME_MACRO) expands the macro first. */
#define __TEXT(quote) WIN32MEMORY_TEXT(quote)
#define TEXT(quote) WIN32MEMORY_TEXT(quote)

#define ANSI_NULL ((CHAR)0)
#define UNICODE_NULL ((WCHAR)0)

#endif
