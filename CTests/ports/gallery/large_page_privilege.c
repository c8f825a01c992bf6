// Behaviour 10 (S27, S28): a cache of 4 MiB on large pages if the machine and the user's rights
// allow, on small pages otherwise. The privilege is asked for the way every engine does, and the
// last error after a call that succeeded decides whether it was given.
#if defined(unix) || defined(linux)
#error "the POSIX branch (MAP_HUGETLB) is taken"
#elif defined(_WIN32)
#include <windows.h>
#endif

#include "../report.h"

#define CACHE_BYTES ((SIZE_T)4 << 20)

// ERROR_SUCCESS, ERROR_NOT_ALL_ASSIGNED, or why the question could not be asked.
static DWORD enable_large_pages(void) {
    HANDLE token = NULL;
    TOKEN_PRIVILEGES privileges;
    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_ADJUST_PRIVILEGES | TOKEN_QUERY, &token))
        return GetLastError();
    privileges.PrivilegeCount = 1;
    privileges.Privileges[0].Attributes = SE_PRIVILEGE_ENABLED;
    DWORD error = ERROR_SUCCESS;
    if (!LookupPrivilegeValue(NULL, SE_LOCK_MEMORY_NAME, &privileges.Privileges[0].Luid)) {
        error = GetLastError();
    } else {
        SetLastError(4711); // must not survive
        BOOL adjusted = AdjustTokenPrivileges(token, FALSE, &privileges, 0, NULL, NULL);
        error = GetLastError();
        expect(adjusted && (error == ERROR_SUCCESS || error == ERROR_NOT_ALL_ASSIGNED),
               "adjusting succeeds and says whether it did", "returns %d, error %u", adjusted,
               (unsigned)error);
    }
    expect(CloseHandle(token), "the token is closed", "once");
    return error;
}

static void *allocate_cache(DWORD granted, const char **kind) {
    SIZE_T minimum = GetLargePageMinimum();
    if (granted == ERROR_SUCCESS && minimum != 0) {
        SIZE_T byte_count = (CACHE_BYTES + minimum - 1) & ~(minimum - 1);
        void *cache = VirtualAlloc(NULL, byte_count, MEM_RESERVE | MEM_COMMIT | MEM_LARGE_PAGES,
                                   PAGE_READWRITE);
        *kind = "large";
        if (cache)
            return cache;
        note("large pages are refused", "error %u", (unsigned)GetLastError());
    }
    *kind = "small";
    return VirtualAlloc(NULL, CACHE_BYTES, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
}

static void show_unknown_names(void) {
    LUID value = {0, 0};
    BOOL found = LookupPrivilegeValueA(NULL, "SeDebugPrivilege", &value);
    expect(found && value.LowPart == 20 && value.HighPart == 0, "SeDebugPrivilege is number 20",
           "%u", (unsigned)value.LowPart);
    found = LookupPrivilegeValueW(NULL, L"SeLockMemoryPrivilege", &value);
    expect(found && value.LowPart == 4, "SeLockMemoryPrivilege is number 4", "%u",
           (unsigned)value.LowPart);
    found = LookupPrivilegeValueA(NULL, "SeNoSuchPrivilege", &value);
    expect(!found && GetLastError() == ERROR_NO_SUCH_PRIVILEGE, "an unknown name is refused",
           "error %u", (unsigned)GetLastError());
}

int main(void) {
    report_title("large page privilege: ask, be refused, go on");
    SIZE_T minimum = GetLargePageMinimum();
    expect((minimum & (minimum - 1)) == 0, "the large page minimum is a power of two or 0",
           "%zu bytes", (size_t)minimum);
    DWORD granted = enable_large_pages();
    note("the right to lock memory", "%s", granted == ERROR_SUCCESS ? "is ours" : "is not ours");
    const char *kind = NULL;
    char *cache = allocate_cache(granted, &kind);
    if (expect(cache != NULL, "the cache is there in any case", "%s pages", kind)) {
        cache[0] = cache[CACHE_BYTES - 1] = 1;
        expect(VirtualFree(cache, 0, MEM_RELEASE), "and is released", "whole");
    }
    void *odd = VirtualAlloc(NULL, minimum / 2 + 1, MEM_RESERVE | MEM_COMMIT | MEM_LARGE_PAGES,
                             PAGE_READWRITE);
    expect(odd == NULL, "half a large page is refused", "error %u", (unsigned)GetLastError());
    show_unknown_names();
    return report_status();
}
