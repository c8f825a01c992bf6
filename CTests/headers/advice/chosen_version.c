/* Advice 3: the program's own choice of version stays. */
#define _WIN32_WINNT 0x0601
#include <windows.h>

#if _WIN32_WINNT != _WIN32_WINNT_WIN7 || WINVER != _WIN32_WINNT_WIN7
#error "the program's _WIN32_WINNT must stay"
#endif
#if NTDDI_VERSION != NTDDI_WIN7
#error "NTDDI_VERSION follows _WIN32_WINNT"
#endif

DWORD version(void);
DWORD version(void) {
    return WINVER;
}
