// Behaviour 4 (S5 to S11): a JavaScript engine's page layer. Commit serves as protect, decommit as
// "no access" whatever was committed, reset as "contents not needed"; discarding is looked up by
// name and has a fall-back, which is what runs where DiscardVirtualMemory is missing.
#if defined(__unix__) || defined(unix)
#error "the POSIX branch (mprotect, madvise) is taken"
#elif defined(_WIN32)
#include <windows.h>
#endif

#include <string.h>
#include "../report.h"

#define PAGE ((SIZE_T)4096)
typedef DWORD(WINAPI *discard_function)(PVOID address, SIZE_T byte_count);

// The protection of a committed page, 0 of another.
static unsigned protection_of(const void *address) {
    MEMORY_BASIC_INFORMATION run = {0};
    VirtualQuery(address, &run, sizeof(run));
    return run.State == MEM_COMMIT ? (unsigned)run.Protect : 0;
}

static SIZE_T run_length(const void *address) {
    MEMORY_BASIC_INFORMATION run = {0};
    VirtualQuery(address, &run, sizeof(run));
    return run.RegionSize;
}

// The engine has one function for all changes of access, and it is a commit.
static int set_permissions(void *address, SIZE_T byte_count, DWORD protection) {
    if (protection == 0)
        return VirtualFree(address, byte_count, MEM_DECOMMIT) != 0;
    return VirtualAlloc(address, byte_count, MEM_COMMIT, protection) == address;
}

// Answers which way was taken; the pages stay committed and accessible.
static const char *discard(void *address, SIZE_T byte_count) {
    HMODULE kernel = GetModuleHandleA("kernel32.dll");
    discard_function by_name =
        (discard_function)(void (*)(void))GetProcAddress(kernel, "DiscardVirtualMemory");
    if (by_name != NULL && by_name(address, byte_count) == ERROR_SUCCESS)
        return "DiscardVirtualMemory";
    return VirtualAlloc(address, byte_count, MEM_RESET, PAGE_READWRITE) ? "MEM_RESET" : "nothing";
}

static void show_permissions(char *heap) {
    int done = set_permissions(heap, 8 * PAGE, PAGE_READWRITE);
    expect(done && protection_of(heap) == PAGE_READWRITE, "eight pages are made writable",
           "protection 0x%02x", protection_of(heap));
    memset(heap, 0x5A, 8 * PAGE);
    done = set_permissions(heap, 8 * PAGE, PAGE_READONLY);
    expect(done && protection_of(heap) == PAGE_READONLY && run_length(heap) == 8 * PAGE,
           "a second commit makes them read-only", "0x%02x over %zu bytes", protection_of(heap),
           (size_t)run_length(heap));
    expect(heap[0] == 0x5A && heap[8 * PAGE - 1] == 0x5A, "and keeps their contents",
           "first byte 0x%02x", (unsigned char)heap[0]);
    done = set_permissions(heap + 2 * PAGE, 2 * PAGE, PAGE_EXECUTE_READ);
    expect(done && protection_of(heap + 2 * PAGE) == PAGE_EXECUTE_READ &&
               run_length(heap + 2 * PAGE) == 2 * PAGE,
           "two of them become code", "0x%02x", protection_of(heap + 2 * PAGE));
    char *guard = heap + 7 * PAGE;
    done = set_permissions(guard, PAGE, PAGE_NOACCESS);
    expect(done && protection_of(guard) == PAGE_NOACCESS,
           "the last is a barrier: committed, no access", "0x%02x", protection_of(guard));
    done = set_permissions(guard, PAGE, PAGE_READWRITE);
    expect(done && guard[0] == 0x5A, "whose contents come back with the access", "0x%02x",
           done ? (unsigned char)guard[0] : 0);
}

static void show_decommit(char *heap) {
    char *part = heap + 4 * PAGE;
    int done = set_permissions(part + 17, 9 * PAGE, 0);
    expect(done && protection_of(part) == 0 && protection_of(part + 9 * PAGE) == 0,
           "pages committed or not are taken away alike", "%zu bytes reserved",
           (size_t)run_length(part));
    done = set_permissions(part, 4 * PAGE, PAGE_READWRITE);
    expect(done && part[0] == 0 && part[4 * PAGE - 1] == 0, "and are zero when they come back",
           "first byte 0x%02x", done ? (unsigned char)part[0] : 0xFF);
}

static void show_reset(char *heap) {
    set_permissions(heap, 4 * PAGE, PAGE_READWRITE);
    memset(heap, 0x7E, 4 * PAGE);
    int done = VirtualAlloc(heap, 4 * PAGE, MEM_RESET, PAGE_NOACCESS) == heap;
    expect(done && protection_of(heap) == PAGE_READWRITE,
           "a reset takes any protection and changes none", "0x%02x", protection_of(heap));
    expect(heap[0] == 0 || heap[0] == 0x7E, "contents are the old ones or zero", "0x%02x",
           (unsigned char)heap[0]);
    VirtualUnlock(heap, 4 * PAGE); // trims the working set; never locked, so the result is ignored
    const char *way = discard(heap, 4 * PAGE);
    memset(heap, 0x11, 4 * PAGE);
    expect(way[0] != 'n' && heap[4 * PAGE - 1] == 0x11, "discarded pages can be written at once",
           "by %s", way);
}

int main(void) {
    report_title("commit as protect: one call for all changes of access");
    char *heap = VirtualAlloc(NULL, 16 * PAGE, MEM_RESERVE, PAGE_NOACCESS);
    if (!expect(heap != NULL, "a cage of 16 pages is reserved", "no access"))
        return report_status();
    show_permissions(heap);
    show_decommit(heap);
    show_reset(heap);
    expect(VirtualFree(heap, 0, MEM_RELEASE), "the cage is released", "whole");
    char *both = VirtualAlloc(NULL, 3 * PAGE, MEM_COMMIT, PAGE_READWRITE);
    MEMORY_BASIC_INFORMATION block = {0};
    VirtualQuery(both, &block, sizeof(block));
    expect(both && block.AllocationBase == both && block.RegionSize == 3 * PAGE,
           "a commit without an address reserves too", "%zu bytes", (size_t)block.RegionSize);
    VirtualFree(both, 0, MEM_RELEASE);
    return report_status();
}
