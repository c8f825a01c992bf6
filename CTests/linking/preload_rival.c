// Another library with functions of the same names, for preload_test.c; it can do nothing.
#include <windows.h>

LPVOID WINAPI VirtualAlloc(LPVOID address, SIZE_T byte_count, DWORD type, DWORD protection) {
    (void)address, (void)byte_count, (void)type, (void)protection;
    return NULL;
}

BOOL WINAPI VirtualFree(LPVOID address, SIZE_T byte_count, DWORD type) {
    (void)address, (void)byte_count, (void)type;
    return FALSE;
}

BOOL WINAPI VirtualProtect(LPVOID address, SIZE_T byte_count, DWORD protection, PDWORD before) {
    (void)address, (void)byte_count, (void)protection, (void)before;
    return FALSE;
}

SIZE_T WINAPI VirtualQuery(LPCVOID address, PMEMORY_BASIC_INFORMATION region, SIZE_T byte_count) {
    (void)address, (void)region, (void)byte_count;
    return 0;
}

DWORD WINAPI GetLastError(void) {
    return 0;
}

VOID WINAPI SetLastError(DWORD code) {
    (void)code;
}
