/* Advice 12: T names follow UNICODE; WCHAR is wchar_t of whatever width. */
#include <windows.h>
#include <tchar.h>
#include <assert.h>
#include <wchar.h>

static_assert(sizeof(WCHAR) == __SIZEOF_WCHAR_T__, "WCHAR is wchar_t");
static_assert(sizeof(L"kernelbase.dll") == 15 * sizeof(WCHAR), "a wide string has its width");
#ifdef UNICODE
static_assert(sizeof(TCHAR) == sizeof(WCHAR), "TCHAR is wide with UNICODE");
#else
static_assert(sizeof(TCHAR) == 1, "TCHAR is a byte without UNICODE");
#endif

#define DLL_NAME "kernelbase.dll"
LPCTSTR name(void);
LPCTSTR name(void) {
    return TEXT(DLL_NAME);
}
size_t length(LPCTSTR text);
size_t length(LPCTSTR text) {
    return _tcslen(text) + (_tcscmp(text, _T(DLL_NAME)) == 0 ? 1 : 0);
}
LPCWSTR wide(const wchar_t *text);
LPCWSTR wide(const wchar_t *text) {
    PCWSTR same = text;
    return same + wcslen(same);
}
LPCTSTR privilege(void);
LPCTSTR privilege(void) {
    return SE_LOCK_MEMORY_NAME;
}
DWORD message(DWORD error, LPTSTR text, DWORD capacity);
DWORD message(DWORD error, LPTSTR text, DWORD capacity) {
    return FormatMessage(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, NULL, error,
                         MAKELANGID(LANG_NEUTRAL, SUBLANG_DEFAULT), text, capacity, NULL);
}
