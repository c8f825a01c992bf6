// Behaviour 8 (S21): an emulator lays out a guest's memory: RAM at 0, its mirror above, a hole that
// is filled later. It wants placeholders and views, both found by name; where one of them is missing,
// as views are in this library, it reserves one block per region and goes through a table.
#if defined(__gnu_linux__) || defined(__linux)
#error "the Linux branch (memfd, mmap MAP_FIXED) is taken"
#elif defined(_WIN32)
#include <windows.h>
#endif

#include <string.h>
#include "../report.h"

#ifndef MEM_PRESERVE_PLACEHOLDER // older SDKs lack them, and projects then define them
#define MEM_COALESCE_PLACEHOLDERS 0x1
#define MEM_PRESERVE_PLACEHOLDER 0x2
#define MEM_REPLACE_PLACEHOLDER 0x4000
#define MEM_RESERVE_PLACEHOLDER 0x40000
#endif

#define BLOCK ((SIZE_T)65536)
#define BLOCK_COUNT 4 // RAM, mirror of RAM, hole, private memory

typedef PVOID(WINAPI *allocate_function)(HANDLE, PVOID, SIZE_T, ULONG, ULONG,
                                         MEM_EXTENDED_PARAMETER *, ULONG);
typedef PVOID(WINAPI *map_function)(HANDLE, HANDLE, PVOID, ULONG64, SIZE_T, ULONG, ULONG,
                                    MEM_EXTENDED_PARAMETER *, ULONG);
typedef BOOL(WINAPI *unmap_function)(HANDLE, PVOID, ULONG);
typedef HANDLE(WINAPI *create_function)(HANDLE, SECURITY_ATTRIBUTES *, DWORD, DWORD, DWORD, LPCSTR);

static allocate_function allocate;
static map_function map;
static unmap_function unmap;
static create_function create;
static unsigned char *guest[BLOCK_COUNT]; // where each block of the guest is in this process

static int find_functions(void) {
    HMODULE library = LoadLibraryW(L"api-ms-win-core-memory-l1-1-6.dll");
    if (library == NULL)
        library = GetModuleHandleW(L"kernelbase.dll");
    HMODULE kernel = GetModuleHandleW(L"kernel32.dll");
    allocate = (allocate_function)(void (*)(void))GetProcAddress(library, "VirtualAlloc2");
    map = (map_function)(void (*)(void))GetProcAddress(library, "MapViewOfFile3");
    unmap = (unmap_function)(void (*)(void))GetProcAddress(library, "UnmapViewOfFile2");
    create = (create_function)(void (*)(void))GetProcAddress(kernel, "CreateFileMappingA");
    return allocate && map && unmap && create;
}

// Each piece of a placeholder is an allocation of its own, reserved with no access.
static int pieces_are_apart(unsigned char *base) {
    int apart = 1;
    for (int block = 0; block < BLOCK_COUNT; block++) {
        MEMORY_BASIC_INFORMATION piece;
        VirtualQuery(base + (SIZE_T)block * BLOCK, &piece, sizeof(piece));
        apart &= piece.State == MEM_RESERVE && piece.RegionSize == BLOCK &&
                 piece.AllocationBase == base + (SIZE_T)block * BLOCK;
    }
    return apart;
}

static void lay_out_with_placeholders(unsigned char *base) {
    int split = 1;
    for (int block = 0; block < BLOCK_COUNT - 1; block++)
        split &= VirtualFree(base + (SIZE_T)block * BLOCK, BLOCK,
                             MEM_RELEASE | MEM_PRESERVE_PLACEHOLDER) != 0;
    expect(split && pieces_are_apart(base), "the placeholder is split into four", "each by itself");
    HANDLE section = create(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, (DWORD)BLOCK, NULL);
    for (int block = 0; block < 2; block++)
        guest[block] = map(section, GetCurrentProcess(), base + (SIZE_T)block * BLOCK, 0, BLOCK,
                           MEM_REPLACE_PLACEHOLDER, PAGE_READWRITE, NULL, 0);
    guest[3] =
        allocate(GetCurrentProcess(), base + 3 * BLOCK, BLOCK,
                 MEM_RESERVE | MEM_COMMIT | MEM_REPLACE_PLACEHOLDER, PAGE_READWRITE, NULL, 0);
    CloseHandle(section);
    expect(guest[0] == base && guest[1] == base + BLOCK && guest[3] == base + 3 * BLOCK,
           "two views and private memory replace three pieces", "at their exact places");
}

static void take_down_placeholders(unsigned char *base) {
    int unmapped = unmap(GetCurrentProcess(), guest[0], MEM_PRESERVE_PLACEHOLDER) &&
                   unmap(GetCurrentProcess(), guest[1], MEM_PRESERVE_PLACEHOLDER) &&
                   VirtualFree(guest[3], BLOCK, MEM_RELEASE | MEM_PRESERVE_PLACEHOLDER);
    expect(unmapped && pieces_are_apart(base), "unmapped pieces are placeholders again", "four");
    int joined = VirtualFree(base, BLOCK_COUNT * BLOCK, MEM_RELEASE | MEM_COALESCE_PLACEHOLDERS);
    MEMORY_BASIC_INFORMATION whole;
    VirtualQuery(base, &whole, sizeof(whole));
    expect(joined && whole.RegionSize == BLOCK_COUNT * BLOCK, "one call joins all four",
           "%zu bytes", (size_t)whole.RegionSize);
    expect(VirtualFree(base, 0, MEM_RELEASE), "and the whole is released", "nothing is left");
}

// No mirror in the address space: the table sends both blocks to the same memory.
static void lay_out_with_table(void) {
    guest[0] = VirtualAlloc(NULL, BLOCK, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    guest[1] = guest[0];
    guest[3] = VirtualAlloc(NULL, BLOCK, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    expect(guest[0] && guest[3], "one allocation per region, found through a table", "%d entries",
           BLOCK_COUNT);
}

static void use_guest_memory(void) {
    memcpy(guest[0] + 100, "boot", 5);
    expect(memcmp(guest[1] + 100, "boot", 5) == 0, "what is written to RAM shows in its mirror",
           "%s", (char *)guest[1] + 100);
    guest[1][BLOCK - 1] = 9;
    expect(guest[0][BLOCK - 1] == 9, "and the other way round", "%d", guest[0][BLOCK - 1]);
    expect(guest[3][100] == 0, "private memory is apart", "%d", guest[3][100]);
}

int main(void) {
    report_title("placeholder probe: a guest's memory with a mirror");
    unsigned char *base = NULL;
    if (find_functions())
        base = allocate(NULL, NULL, BLOCK_COUNT * BLOCK, MEM_RESERVE | MEM_RESERVE_PLACEHOLDER,
                        PAGE_NOACCESS, NULL, 0);
    if (allocate && !base) {
        void *alone = allocate(NULL, NULL, BLOCK, MEM_RESERVE | MEM_RESERVE_PLACEHOLDER,
                               PAGE_NOACCESS, NULL, 0);
        if (alone)
            expect(VirtualFree(alone, 0, MEM_RELEASE), "a placeholder alone gives no mirror",
                   "released again");
    }
    note("placeholders and views", "%s", base ? "are there" : "are not there: a table instead");
    if (base)
        lay_out_with_placeholders(base);
    else
        lay_out_with_table();
    if (guest[0] && guest[1] && guest[3])
        use_guest_memory();
    if (base)
        take_down_placeholders(base);
    else
        expect(VirtualFree(guest[0], 0, MEM_RELEASE) && VirtualFree(guest[3], 0, MEM_RELEASE),
               "both regions are released", "nothing is left");
    return report_status();
}
