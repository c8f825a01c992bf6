/* Advice 14: every function has C linkage, and HANDLE accepts nullptr. */
#include <windows.h>

#ifdef __cplusplus
extern "C" {
#endif
LPVOID WINAPI VirtualAlloc(LPVOID, SIZE_T, DWORD, DWORD);
BOOL WINAPI VirtualFree(LPVOID, SIZE_T, DWORD);
DWORD WINAPI GetLastError(void);
VOID WINAPI GetSystemInfo(LPSYSTEM_INFO);
HANDLE WINAPI GetCurrentProcess(void);
HLOCAL WINAPI LocalFree(HLOCAL);
#ifdef __cplusplus
}

BOOL frees(void *base);
BOOL frees(void *base) {
    return VirtualFreeEx(nullptr, base, 0, MEM_RELEASE);
}
#endif
