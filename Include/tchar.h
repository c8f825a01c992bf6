/*
 * Names that are wide with _UNICODE and bytes without: _T(), TCHAR's string functions.
 */
#ifndef WIN32MEMORY_TCHAR_H
#define WIN32MEMORY_TCHAR_H

#include "win32memory/character_types.h"

#include <string.h>
#include <wchar.h>

#ifdef _UNICODE
#define WIN32MEMORY_T(quote) L##quote
#define _tmain wmain
#define _tcscat wcscat
#define _tcschr wcschr
#define _tcscmp wcscmp
#define _tcscpy wcscpy
#define _tcslen wcslen
#define _tcsncmp wcsncmp
#define _tcsncpy wcsncpy
#define _tcsrchr wcsrchr
#define _tcsstr wcsstr
#define _tprintf wprintf
#define _ftprintf fwprintf
#else
#define WIN32MEMORY_T(quote) quote
#define _tmain main
#define _tcscat strcat
#define _tcschr strchr
#define _tcscmp strcmp
#define _tcscpy strcpy
#define _tcslen strlen
#define _tcsncmp strncmp
#define _tcsncpy strncpy
#define _tcsrchr strrchr
#define _tcsstr strstr
#define _tprintf printf
#define _ftprintf fprintf
#endif

/* One level of indirection, so that _T(SOME_MACRO) expands the macro first. */
#define _T(quote) WIN32MEMORY_T(quote)
#define _TEXT(quote) WIN32MEMORY_T(quote)

#endif
