// Behaviour 11 (S12, S20, S28, S31): the process handles that code bases pass (-1 as a literal, the
// pseudo-handle, NULL), the old protection that one of them does not ask for, and the error codes
// that decide between "out of memory" and "bug".
#if defined(_WIN32)
#include <windows.h>
#elif defined(__unix__) || defined(__linux__)
#error "the POSIX branch is taken"
#endif

#include <stdint.h>
#include "../report.h"

#define PAGE ((SIZE_T)4096)
typedef LONG(NTAPI *allocate_function)(HANDLE, PVOID *, ULONG_PTR, SIZE_T *, ULONG, ULONG);
typedef LONG(NTAPI *free_function)(HANDLE, PVOID *, SIZE_T *, ULONG);

static void show_old_protection(char *block) {
    DWORD old = 0;
    SetLastError(0);
    // The interpreter that passes NULL takes 0 for success, so a lenient answer would break it.
    BOOL changed = VirtualProtect(block, PAGE, PAGE_READONLY, NULL);
    expect(!changed && GetLastError() == ERROR_NOACCESS, "a NULL OldProtect is refused",
           "returns %d, error %u", changed, (unsigned)GetLastError());
    block[PAGE] = 1;
    VirtualProtect(block + PAGE, PAGE, PAGE_READONLY, &old);
    changed = VirtualProtect(block, 2 * PAGE, PAGE_READWRITE, &old);
    expect(changed && old == PAGE_READWRITE, "OldProtect is the first page's", "0x%02x",
           (unsigned)old);
    changed = VirtualProtect(block, 17 * PAGE, PAGE_READONLY, &old);
    expect(!changed, "a range that is not committed whole is refused", "error %u",
           (unsigned)GetLastError());
}

static void show_handles(char *block) {
    MEMORY_BASIC_INFORMATION region;
    DWORD old;
    expect(GetCurrentProcess() == (HANDLE)-1 && INVALID_HANDLE_VALUE == GetCurrentProcess(),
           "the pseudo-handle is -1", "%p", (void *)GetCurrentProcess());
    char *by_literal =
        VirtualAllocEx(INVALID_HANDLE_VALUE, NULL, PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    expect(by_literal && VirtualQueryEx((HANDLE)-1, by_literal, &region, sizeof(region)) &&
               VirtualProtectEx((HANDLE)(intptr_t)-1, by_literal, PAGE, PAGE_READONLY, &old) &&
               VirtualFreeEx(INVALID_HANDLE_VALUE, by_literal, 0, MEM_RELEASE),
           "-1 and INVALID_HANDLE_VALUE mean this process", "allocate, query, protect, free");
    int refused = !VirtualAllocEx(NULL, NULL, PAGE, MEM_RESERVE, PAGE_READWRITE) &&
                  GetLastError() == ERROR_INVALID_HANDLE;
    refused +=
        !VirtualFreeEx(NULL, block, 0, MEM_RELEASE) && GetLastError() == ERROR_INVALID_HANDLE;
    refused += !VirtualProtectEx(NULL, block, PAGE, PAGE_READONLY, &old) &&
               GetLastError() == ERROR_INVALID_HANDLE;
    refused += !VirtualQueryEx(NULL, block, &region, sizeof(region)) &&
               GetLastError() == ERROR_INVALID_HANDLE;
    expect(refused == 4, "NULL is no process to the Ex functions", "%d of 4 answer error 6",
           refused);
    block[0] = 3;
    HANDLE real = NULL;
    DuplicateHandle(GetCurrentProcess(), GetCurrentProcess(), GetCurrentProcess(), &real, 0, FALSE,
                    DUPLICATE_SAME_ACCESS);
    expect(real && VirtualQueryEx(real, block, &region, sizeof(region)) && CloseHandle(real) &&
               !VirtualQueryEx(real, block, &region, sizeof(region)),
           "a duplicated handle works until it is closed", "then error %u",
           (unsigned)GetLastError());
}

// A compact 32-bit-pointer runtime takes its memory from the native function, below 2 GiB.
static void show_native_functions(void) {
    HMODULE native = GetModuleHandleA("ntdll.dll");
    allocate_function allocate =
        (allocate_function)(void (*)(void))GetProcAddress(native, "NtAllocateVirtualMemory");
    free_function release =
        (free_function)(void (*)(void))GetProcAddress(native, "NtFreeVirtualMemory");
    if (!allocate || !release) {
        note("NtAllocateVirtualMemory", "is not there");
        return;
    }
    PVOID base = NULL;
    SIZE_T byte_count = 100000;
    LONG status = allocate(INVALID_HANDLE_VALUE, &base, 1, &byte_count, MEM_RESERVE | MEM_COMMIT,
                           PAGE_READWRITE);
    expect(status >= 0 && (uintptr_t)base + byte_count <= 0x80000000u && byte_count == 102400,
           "NtAllocateVirtualMemory with ZeroBits 1 stays below 2 GiB", "status 0x%x, %p",
           (unsigned)status, base);
    byte_count = 0;
    status = status < 0 ? status : release(INVALID_HANDLE_VALUE, &base, &byte_count, MEM_RELEASE);
    expect(status >= 0, "NtFreeVirtualMemory gives it back", "status 0x%x", (unsigned)status);
}

static void show_errors(void) {
    SetLastError(4711);
    char *block = VirtualAlloc(NULL, PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    DWORD kept = GetLastError();
    expect(block && VirtualFree(block, 0, MEM_RELEASE) && GetLastError() == 4711 && kept == 4711,
           "success leaves the last error alone", "%u", (unsigned)GetLastError());
    void *huge = VirtualAlloc(NULL, (SIZE_T)0x7FFF << 32, MEM_RESERVE, PAGE_READWRITE);
    expect(huge == NULL && GetLastError() == ERROR_NOT_ENOUGH_MEMORY,
           "no room for a reservation is a lack of memory", "error %u", (unsigned)GetLastError());
    void *gone = VirtualAlloc(block, PAGE, MEM_COMMIT, PAGE_READWRITE);
    expect(gone == NULL && GetLastError() == ERROR_INVALID_ADDRESS,
           "a commit where nothing is reserved is a bug", "error %u", (unsigned)GetLastError());
}

int main(void) {
    report_title("process handles: -1, NULL, and what is refused how");
    char *block = VirtualAlloc(NULL, 16 * PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    show_old_protection(block);
    show_handles(block);
    expect(block[0] == 3 && block[PAGE] == 1, "nothing refused has changed the block", "%d %d",
           block[0], block[PAGE]);
    VirtualFree(block, 0, MEM_RELEASE);
    show_native_functions();
    show_errors();
    return report_status();
}
