// Modules as ELF files: from an address, in a list, with their paths; and which functions have
// names.
#include "memory_checks.h"

#include <limits.h>
#include <psapi.h>
#include <unistd.h>
#include <wchar.h>

static HMODULE module_of(const void *address) {
    HMODULE module = NULL;
    GRANTED(GetModuleHandleExA(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS, (LPCSTR)address, &module));
    return module;
}

__attribute__((visibility("default"))) INT_PTR a_function_of_the_program(void) {
    return 1;
}

// 5.15: not dlsym, which would find the program's own symbols
static void functions_of_the_program_are_not_found(void) {
    REFUSED(GetProcAddress(GetModuleHandleA("kernel32"), "a_function_of_the_program"),
            ERROR_PROC_NOT_FOUND);
    REFUSED(GetProcAddress(GetModuleHandleA("kernel32"), "malloc"), ERROR_PROC_NOT_FOUND);
}

// Learn, GetProcAddress
static void only_a_module_has_functions(void) {
    REFUSED(GetProcAddress((HMODULE)(ULONG_PTR)0x12340000, "VirtualAlloc"), ERROR_MOD_NOT_FOUND);
    REFUSED(GetProcAddress(module_of((const void *)(ULONG_PTR)printf), "printf"),
            ERROR_PROC_NOT_FOUND);
}

// S17
static void each_loaded_object_is_one_image_with_its_base_as_handle(void) {
    const void *addresses[] = {(const void *)(ULONG_PTR)printf,
                               (const void *)(ULONG_PTR)VirtualAlloc,
                               (const void *)(ULONG_PTR)module_of, stdout};
    for (SIZE_T i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        check_row("row %u", (unsigned)i);
        MEMORY_BASIC_INFORMATION region = region_at(addresses[i]);
        CHECK_EQUAL(region.Type, MEM_IMAGE);
        CHECK_EQUAL((ULONG_PTR)region.AllocationBase, (ULONG_PTR)module_of(addresses[i]));
    }
}

// Learn, GetModuleHandleExA
static void an_address_in_no_module_is_refused(void) {
    int on_the_stack = 0;
    HMODULE module = (HMODULE)&on_the_stack;
    REFUSED(
        GetModuleHandleExA(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS, (LPCSTR)&on_the_stack, &module),
        ERROR_MOD_NOT_FOUND);
    CHECK(module == NULL);
}

// Learn, GetModuleFileNameA
static void the_program_has_a_path(void) {
    char expected[PATH_MAX + 1] = {0};
    char path[PATH_MAX];
    wchar_t wide[PATH_MAX];
    CHECK(readlink("/proc/self/exe", expected, PATH_MAX) > 0);
    DWORD length = (DWORD)(ULONG_PTR)GRANTED(GetModuleFileNameA(NULL, path, sizeof path));
    CHECK_EQUAL(length, strlen(expected));
    CHECK(strcmp(path, expected) == 0);
    length = GetModuleFileNameW(GetModuleHandleW(NULL), wide, PATH_MAX);
    CHECK_EQUAL(length, strlen(expected));
    for (DWORD i = 0; i <= length; i++)
        CHECK_EQUAL(wide[i], (unsigned char)expected[i]);
}

// Learn, GetModuleFileNameA, Return value
static void a_path_that_is_too_long_is_cut_off(void) {
    char whole[PATH_MAX], path[8] = "xxxxxxx";
    GetModuleFileNameA(NULL, whole, sizeof whole);
    SetLastError(0);
    CHECK_EQUAL(GetModuleFileNameA(NULL, path, 6), 6);
    CHECK_EQUAL(GetLastError(), ERROR_INSUFFICIENT_BUFFER);
    CHECK(strncmp(path, whole, 5) == 0 && path[5] == 0 && path[6] == 'x');
    REFUSED(GetModuleFileNameA((HMODULE)(ULONG_PTR)0x12340000, path, sizeof path),
            ERROR_MOD_NOT_FOUND);
}

// Learn, EnumProcessModules
static void every_module_is_listed_the_program_first(void) {
    HMODULE modules[64];
    DWORD needed = 0, found = 0;
    GRANTED(EnumProcessModules(GetCurrentProcess(), modules, sizeof modules, &needed));
    CHECK(needed >= sizeof(HMODULE) && needed <= sizeof modules);
    CHECK(modules[0] == GetModuleHandleA(NULL));
    for (DWORD i = 0; i < needed / sizeof(HMODULE); i++) {
        MODULEINFO information;
        GRANTED(GetModuleInformation(GetCurrentProcess(), modules[i], &information,
                                     sizeof information));
        CHECK((HMODULE)information.lpBaseOfDll == modules[i]);
        CHECK(information.SizeOfImage % page_size == 0 && information.SizeOfImage > 0);
        found += modules[i] == module_of((const void *)(ULONG_PTR)VirtualAlloc);
    }
    CHECK_EQUAL(found, 1);
    modules[1] = (HMODULE)1;
    GRANTED(K32EnumProcessModules(GetCurrentProcess(), modules, sizeof(HMODULE), &found));
    CHECK_EQUAL(found, needed);
    CHECK(modules[1] == (HMODULE)1);
}

// Learn, EnumProcessModules: only as much is written as there are modules.
static void a_length_beyond_the_buffer_does_no_harm(void) {
    HMODULE modules[64];
    DWORD needed = 0;
    GRANTED(EnumProcessModules(GetCurrentProcess(), modules, sizeof modules, &needed));
    BYTE *page = committed_pages(1);
    HMODULE *last = (HMODULE *)(void *)(page + page_size - needed);
    GRANTED(EnumProcessModules(GetCurrentProcess(), last, 0xFFFFFFFF, &needed));
    CHECK(memcmp(last, modules, needed) == 0);
    REFUSED(EnumProcessModules(GetCurrentProcess(), last + 1, 0xFFFFFFFF, &needed), ERROR_NOACCESS);
    release(page);
}

// Learn, GetModuleInformation
static void module_information_checks_its_arguments(void) {
    MODULEINFO information;
    HMODULE module = GetModuleHandleA(NULL);
    GRANTED(K32GetModuleInformation(GetCurrentProcess(), NULL, &information, sizeof information));
    CHECK((HMODULE)information.lpBaseOfDll == module);
    CHECK((ULONG_PTR)information.EntryPoint - (ULONG_PTR)module < information.SizeOfImage);
    REFUSED(GetModuleInformation(NULL, module, &information, sizeof information),
            ERROR_INVALID_HANDLE);
    REFUSED(GetModuleInformation(GetCurrentProcess(), (HMODULE)(ULONG_PTR)0x12340000, &information,
                                 sizeof information),
            ERROR_INVALID_HANDLE);
    REFUSED(GetModuleInformation(GetCurrentProcess(), module, &information, 23),
            ERROR_INSUFFICIENT_BUFFER);
    REFUSED(GetModuleInformation(GetCurrentProcess(), module, NULL, sizeof information),
            ERROR_NOACCESS);
}

// Observed: to list modules takes a right to ask and the right to read; the count is looked at last.
static void modules_are_listed_with_the_right_to_read(void) {
    static const struct {
        DWORD rights, error;
    } rows[] = {{PROCESS_QUERY_INFORMATION, ERROR_ACCESS_DENIED},
                {PROCESS_QUERY_LIMITED_INFORMATION, ERROR_ACCESS_DENIED},
                {PROCESS_VM_READ, ERROR_ACCESS_DENIED},
                {PROCESS_VM_READ | PROCESS_VM_OPERATION, ERROR_ACCESS_DENIED},
                {PROCESS_VM_READ | PROCESS_QUERY_INFORMATION, 0},
                {PROCESS_ALL_ACCESS, 0}};
    HANDLE self = GetCurrentProcess(), handle;
    HMODULE program = GetModuleHandleA(NULL);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        HMODULE module = NULL;
        MODULEINFO information;
        DWORD needed = 77;
        check_row("rights 0x%x", (unsigned)rows[i].rights);
        GRANTED(DuplicateHandle(self, self, self, &handle, rows[i].rights, FALSE, 0));
        if (rows[i].error == 0) {
            GRANTED(EnumProcessModules(handle, &module, sizeof module, &needed));
            GRANTED(GetModuleInformation(handle, program, &information, sizeof information));
            CHECK(module == program);
            module = NULL;
            REFUSED(EnumProcessModules(handle, &module, sizeof module, NULL), ERROR_NOACCESS);
            CHECK(module == program);
        } else {
            REFUSED(EnumProcessModules(handle, &module, sizeof module, &needed), rows[i].error);
            REFUSED(EnumProcessModules(handle, &module, sizeof module, NULL), rows[i].error);
            REFUSED(GetModuleInformation(handle, program, &information, sizeof information),
                    rows[i].error);
            CHECK(module == NULL && needed == 77);
        }
        CloseHandle(handle);
    }
}

// observed: Windows takes a path
static void a_path_in_front_of_a_system_dll_is_ignored(void) {
    CHECK(GetModuleHandleA("C:\\Windows\\System32\\KERNEL32.DLL") == GetModuleHandleA("kernel32"));
    CHECK(GetModuleHandleA("c:/windows/system32/ntdll") == GetModuleHandleA("ntdll"));
    CHECK(GetModuleHandleA("api-ms-win-core-synch-l1-2-0") != NULL);
}

TEST_PROGRAM(TEST(functions_of_the_program_are_not_found), TEST(only_a_module_has_functions),
             TEST(each_loaded_object_is_one_image_with_its_base_as_handle),
             TEST(an_address_in_no_module_is_refused), TEST(the_program_has_a_path),
             TEST(a_path_that_is_too_long_is_cut_off),
             TEST(every_module_is_listed_the_program_first),
             TEST(a_length_beyond_the_buffer_does_no_harm),
             TEST(module_information_checks_its_arguments),
             TEST(modules_are_listed_with_the_right_to_read),
             TEST(a_path_in_front_of_a_system_dll_is_ignored))
