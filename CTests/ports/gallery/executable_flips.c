// Behaviour 9 (S13 to S15): how code generators make code: write, then execute (W^X flips); all
// rights at once; execute only; and two views of one section, which this library does not have yet,
// so that the generator's fall-back to one mapping is what runs here.
#if defined(__linux__)
#error "the Linux branch (memfd, mprotect) is taken"
#elif defined(_WIN32)
#include <windows.h>
#endif

#include <string.h>
#include "../report.h"

#if defined(__x86_64__)

#define PAGE ((SIZE_T)4096)

// mov eax, number; ret
static void write_function(unsigned char *writable, DWORD number) {
    writable[0] = 0xB8;
    memcpy(writable + 1, &number, sizeof(number));
    writable[5] = 0xC3;
}

static DWORD call(void *code) {
    DWORD (*function)(void);
    memcpy(&function, &code, sizeof(code));
    return function();
}

static void show_flips(void) {
    unsigned char *code = VirtualAlloc(NULL, PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    int wrong = 0;
    DWORD old = PAGE_READWRITE;
    for (DWORD round = 0; round < 1000; round++) {
        wrong += old != PAGE_READWRITE;
        write_function(code, round);
        VirtualProtect(code, PAGE, PAGE_EXECUTE_READ, &old);
        FlushInstructionCache(GetCurrentProcess(), code, 6);
        wrong += old != PAGE_READWRITE || call(code) != round;
        VirtualProtect(code, PAGE, PAGE_READWRITE, &old);
        wrong += old != PAGE_EXECUTE_READ;
        old = PAGE_READWRITE;
    }
    expect(wrong == 0, "1,000 flips from writable to executable and back", "%d wrong", wrong);
    VirtualFree(code, 0, MEM_RELEASE);
}

static void show_single_rights(void) {
    DWORD old;
    unsigned char *code = VirtualAlloc(NULL, PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    write_function(code, 77);
    VirtualProtect(code, PAGE, PAGE_EXECUTE, &old);
    FlushInstructionCache(GetCurrentProcess(), NULL, 0);
    DWORD number = call(code);
    expect(number == 77 && code[0] == 0xB8, "PAGE_EXECUTE runs, and can be read", "%u, 0x%02x",
           (unsigned)number, code[0]);
    VirtualFree(code, 0, MEM_RELEASE);
    code = VirtualAlloc(NULL, PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_EXECUTE_READWRITE);
    write_function(code, 1);
    number = call(code);
    write_function(code, 2);
    FlushInstructionCache(GetCurrentProcess(), code, 6);
    expect(number == 1 && call(code) == 2, "all rights at once: code patched in place",
           "%u, then 2", (unsigned)number);
    VirtualFree(code, 0, MEM_RELEASE);
}

struct mapping {
    unsigned char *writable, *executable;
    int is_dual;
};
typedef HANDLE(WINAPI *create_function)(HANDLE, SECURITY_ATTRIBUTES *, DWORD, DWORD, DWORD, LPCSTR);
typedef LPVOID(WINAPI *map_function)(HANDLE, DWORD, DWORD, DWORD, SIZE_T);
typedef BOOL(WINAPI *unmap_function)(LPCVOID);

static void (*find(const char *name))(void) {
    return (void (*)(void))GetProcAddress(GetModuleHandleA("kernel32.dll"), name);
}

// Two views of one section, or one mapping that serves as both.
static struct mapping make_mapping(SIZE_T byte_count) {
    struct mapping mapping = {NULL, NULL, 0};
    create_function create = (create_function)find("CreateFileMappingA");
    map_function map = (map_function)find("MapViewOfFile");
    HANDLE section = NULL;
    if (create && map)
        section =
            create(INVALID_HANDLE_VALUE, NULL, PAGE_EXECUTE_READWRITE, 0, (DWORD)byte_count, NULL);
    if (section) {
        mapping.writable = map(section, FILE_MAP_WRITE, 0, 0, byte_count);
        mapping.executable = map(section, FILE_MAP_READ | FILE_MAP_EXECUTE, 0, 0, byte_count);
        mapping.is_dual = 1;
        CloseHandle(section); // the views keep it
    } else {
        mapping.writable =
            VirtualAlloc(NULL, byte_count, MEM_RESERVE | MEM_COMMIT, PAGE_EXECUTE_READWRITE);
        mapping.executable = mapping.writable;
    }
    return mapping;
}

static void free_mapping(struct mapping mapping) {
    unmap_function unmap = (unmap_function)find("UnmapViewOfFile");
    if (mapping.is_dual && unmap)
        expect(unmap(mapping.writable) && unmap(mapping.executable), "both views are unmapped",
               "the section is gone");
    else
        expect(VirtualFree(mapping.writable, 0, MEM_RELEASE), "the one mapping is released",
               "as a whole");
}

static void show_dual_mapping(void) {
    struct mapping mapping = make_mapping(65536);
    note("two views of one section", "%s",
         mapping.is_dual ? "writable here, executable there" : "not there: one mapping for both");
    if (!expect(mapping.writable && mapping.executable, "memory for code", "64 KiB"))
        return;
    int wrong = 0;
    for (DWORD number = 0; number < 1000; number++) {
        write_function(mapping.writable + number * 16, number);
        FlushInstructionCache(GetCurrentProcess(), mapping.executable + number * 16, 6);
        wrong += call(mapping.executable + number * 16) != number;
    }
    expect(wrong == 0, "what is written in one place runs in the other", "%d of 1,000 wrong",
           wrong);
    free_mapping(mapping);
}
#endif

int main(void) {
    report_title("executable flips: memory that is written, then run");
#if defined(__x86_64__)
    show_flips();
    show_single_rights();
    show_dual_mapping();
#else
    note("generated code", "only written for x86-64");
#endif
    return report_status();
}
