/*
 * Conversions between bytes and wide characters. Bytes are UTF-8 here, whatever the code page is
 * called; wide characters are UTF-32, or UTF-16 with -fshort-wchar.
 */
#ifndef WIN32MEMORY_STRINGAPISET_H
#define WIN32MEMORY_STRINGAPISET_H

#include "minwindef.h"

WIN32MEMORY_BEGIN_DECLARATIONS

/*
 * MultiByteToWideChar, WideCharToMultiByte - one encoding to the other.
 *
 * CodePage            CP_UTF8, or CP_ACP, CP_OEMCP, CP_THREAD_ACP, which are UTF-8 as well.
 * dwFlags             0, or MB_ERR_INVALID_CHARS (WC_ERR_INVALID_CHARS) to refuse malformed text,
 *                     which else becomes U+FFFD.
 * lpMultiByteStr, lpWideCharStr  the text, and what receives the result.
 * cbMultiByte, cchWideChar       characters of the text, negative for up to and with its NUL;
 *                     characters that the result may have, 0 to ask how many.
 * lpDefaultChar       not needed: UTF-8 has all characters.
 * lpUsedDefaultChar   receives whether malformed text became U+FFFD; may be NULL.
 * Returns             characters of the result; 0 on failure.
 * Errors              87 malformed arguments, other code pages; 122 the result does not fit; 1004
 *                     other flags; 1113 malformed text that fits.
 * Safety              any thread, any signal handler.
 * Cost                one pass over the text.
 * Source              Learn, MultiByteToWideChar, WideCharToMultiByte.
 */
WINBASEAPI int WINAPI MultiByteToWideChar(UINT CodePage, DWORD dwFlags, LPCCH lpMultiByteStr,
                                          int cbMultiByte, LPWSTR lpWideCharStr, int cchWideChar)
    WIN32MEMORY_WIDE(MultiByteToWideChar);
WINBASEAPI int WINAPI WideCharToMultiByte(UINT CodePage, DWORD dwFlags, LPCWCH lpWideCharStr,
                                          int cchWideChar, LPSTR lpMultiByteStr, int cbMultiByte,
                                          LPCCH lpDefaultChar, LPBOOL lpUsedDefaultChar)
    WIN32MEMORY_WIDE(WideCharToMultiByte);

WIN32MEMORY_END_DECLARATIONS

#endif
