/*
 * The part of the sample that is a Windows source: only <windows.h>, and it must see Windows alone.
 */
#if !defined(_WIN32) || !defined(_WIN64)
#error "not seen as Windows"
#endif
#if defined(__linux__) || defined(__linux) || defined(linux) || defined(__gnu_linux__) ||          \
    defined(__unix__) || defined(__unix) || defined(unix)
#error "seen as Linux or Unix beside Windows"
#endif

#include <windows.h>
#include "windows_part.h"

enum { RESERVED_BYTES = 1 << 20, COMMITTED_BYTES = 4096 };

int use_windows_memory(void) {
    MEMORY_BASIC_INFORMATION region;
    DWORD previous = 0;
    char *base = (char *)VirtualAlloc(NULL, RESERVED_BYTES, MEM_RESERVE, PAGE_NOACCESS);
    if (base == NULL ||
        VirtualAlloc(base, COMMITTED_BYTES, MEM_COMMIT, PAGE_READWRITE) != (LPVOID)base)
        return 1;
    base[0] = 'w';
    if (!VirtualProtect(base, COMMITTED_BYTES, PAGE_READONLY, &previous) ||
        previous != PAGE_READWRITE || base[0] != 'w')
        return 2;
    if (VirtualQuery(base, &region, sizeof region) != sizeof region ||
        region.RegionSize != COMMITTED_BYTES || region.Protect != PAGE_READONLY)
        return 3;
    if (GetProcAddress(GetModuleHandleA("kernel32.dll"), "VirtualFree") == NULL)
        return 4;
    if (VirtualFree(base, RESERVED_BYTES, MEM_RELEASE) || GetLastError() != ERROR_INVALID_PARAMETER)
        return 5;
    return VirtualFree(base, 0, MEM_RELEASE) ? 0 : 6;
}
