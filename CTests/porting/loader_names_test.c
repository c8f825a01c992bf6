// Modules and functions by name: every spelling of the system's DLLs, and what is refused.
#include "memory_checks.h"

#include <wchar.h>

static const char *const spellings[] = {
    "kernel32",       "kernel32.dll", "KERNEL32.DLL", "Kernel32", "kernelbase",
    "KernelBase.dll", "ntdll",        "ntdll.dll",    "NTDLL",
};
static const wchar_t *const wide_spellings[] = {L"kernel32", L"KERNEL32.dll", L"kernelbase.dll",
                                                L"KernelBase", L"ntdll.dll"};
static const char *const api_sets[] = {"api-ms-win-core-memory-l1-1-0.dll", "psapi", "PSAPI.DLL",
                                       "advapi32.dll", "bcrypt.dll"};

// S20, 12 of section 3
static void every_spelling_of_a_loaded_dll_is_a_module(void) {
    for (SIZE_T i = 0; i < sizeof spellings / sizeof spellings[0]; i++) {
        check_row("%s", spellings[i]);
        HMODULE module = (HMODULE)GRANTED(GetModuleHandleA(spellings[i]));
        HMODULE other = NULL;
        CHECK(LoadLibraryA(spellings[i]) == module);
        CHECK(LoadLibraryExA(spellings[i], NULL, LOAD_LIBRARY_SEARCH_SYSTEM32) == module);
        GRANTED(GetModuleHandleExA(0, spellings[i], &other));
        CHECK(other == module);
        GRANTED(FreeLibrary(module));
    }
}

// S20, 5.12
static void every_wide_spelling_is_the_same_module(void) {
    for (SIZE_T i = 0; i < sizeof wide_spellings / sizeof wide_spellings[0]; i++) {
        check_row("row %u", (unsigned)i);
        HMODULE module = (HMODULE)GRANTED(GetModuleHandleW(wide_spellings[i]));
        HMODULE other = NULL;
        CHECK(LoadLibraryW(wide_spellings[i]) == module);
        CHECK(LoadLibraryExW(wide_spellings[i], NULL, 0) == module);
        GRANTED(GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT, wide_spellings[i],
                                   &other));
        CHECK(other == module);
    }
}

// Issue: psapi, advapi32, bcrypt, api-ms-win-*
static void the_other_libraries_can_be_loaded(void) {
    for (SIZE_T i = 0; i < sizeof api_sets / sizeof api_sets[0]; i++) {
        check_row("%s", api_sets[i]);
        CHECK(LoadLibraryA(api_sets[i]) != NULL);
    }
}

// Learn, GetModuleHandleA: "specified module could not be found"
static void unknown_names_are_not_modules(void) {
    static const char *const names[] = {"no-such-library", "kernel3",          "kernel32.exe",
                                        "kernel320.dll",   "kernel32.dll.dll", "xkernel32"};
    for (SIZE_T i = 0; i < sizeof names / sizeof names[0]; i++) {
        HMODULE module = (HMODULE)1;
        check_row("%s", names[i]);
        REFUSED(GetModuleHandleA(names[i]), ERROR_MOD_NOT_FOUND);
        REFUSED(LoadLibraryA(names[i]), ERROR_MOD_NOT_FOUND);
        REFUSED(LoadLibraryExA(names[i], NULL, 0), ERROR_MOD_NOT_FOUND);
        REFUSED(GetModuleHandleExA(0, names[i], &module), ERROR_MOD_NOT_FOUND);
        CHECK(module == NULL);
    }
    REFUSED(GetModuleHandleW(L"no-such-library"), ERROR_MOD_NOT_FOUND);
    REFUSED(LoadLibraryW(L"no-such-library"), ERROR_MOD_NOT_FOUND);
    REFUSED(LoadLibraryExW(L"no-such-library", NULL, 0), ERROR_MOD_NOT_FOUND);
}

// Learn, GetModuleHandleExA, Parameters
static void pin_and_unchanged_exclude_each_other(void) {
    HMODULE module = (HMODULE)1;
    REFUSED(GetModuleHandleExA(GET_MODULE_HANDLE_EX_FLAG_PIN |
                                   GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
                               "kernel32", &module),
            ERROR_INVALID_PARAMETER);
    REFUSED(GetModuleHandleExA(0, "kernel32", NULL), ERROR_INVALID_PARAMETER);
}

// Learn, GetModuleHandleA: NULL is the file of the program.
static void null_is_the_program(void) {
    HMODULE program = (HMODULE)GRANTED(GetModuleHandleA(NULL));
    HMODULE other = NULL;
    CHECK(GetModuleHandleW(NULL) == program);
    GRANTED(GetModuleHandleExA(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS |
                                   GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
                               (const char *)(ULONG_PTR)null_is_the_program, &other));
    CHECK(other == program);
}

// S17: AllocationBase serves as HMODULE
static void the_allocation_base_of_code_is_its_module(void) {
    static int data = 1;
    MEMORY_BASIC_INFORMATION code = region_at((const void *)(ULONG_PTR)null_is_the_program);
    MEMORY_BASIC_INFORMATION variable = region_at(&data);
    CHECK_EQUAL(code.Type, MEM_IMAGE);
    CHECK_EQUAL(variable.Type, MEM_IMAGE);
    CHECK_EQUAL((ULONG_PTR)code.AllocationBase, (ULONG_PTR)GetModuleHandleA(NULL));
    CHECK_EQUAL((ULONG_PTR)variable.AllocationBase, (ULONG_PTR)GetModuleHandleA(NULL));
}

typedef LPVOID(WINAPI *virtual_alloc_function)(LPVOID, SIZE_T, DWORD, DWORD);
typedef BOOL(WINAPI *virtual_free_function)(LPVOID, SIZE_T, DWORD);

// void (*)(void), because gcc lets that be cast to any other function type without a warning.
static void (*found(HMODULE module, const char *name))(void) {
    SetLastError(UNTOUCHED_ERROR);
    FARPROC function = GetProcAddress(module, name);
    CHECK(function != NULL);
    CHECK_EQUAL(GetLastError(), UNTOUCHED_ERROR);
    return (void (*)(void))function;
}

// S20, 5.15
static void functions_are_found_by_name_and_work(void) {
    HMODULE module = GetModuleHandleA("kernel32.dll");
    virtual_alloc_function allocate = (virtual_alloc_function)found(module, "VirtualAlloc");
    virtual_free_function free_pages = (virtual_free_function)found(module, "VirtualFree");
    BYTE *base = (BYTE *)allocate(NULL, 2 * page_size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    CHECK_COMMITTED(base, PAGE_READWRITE, 2 * page_size);
    CHECK(free_pages(base, 0, MEM_RELEASE));
    CHECK_FREE(base);
}

// Learn, GetProcAddress: the name is exact.
static void unknown_functions_are_not_found(void) {
    static const char *const names[] = {"NoSuchFunction", "virtualalloc",  "VirtualAllo",
                                        "VirtualAlloc ",  "VirtualAllocX", ""};
    HMODULE module = GetModuleHandleA("kernel32");
    for (SIZE_T i = 0; i < sizeof names / sizeof names[0]; i++) {
        check_row("%s", names[i]);
        REFUSED(GetProcAddress(module, names[i]), ERROR_PROC_NOT_FOUND);
    }
}

// Learn, GetProcAddress; observed
static void an_ordinal_is_not_found(void) {
    REFUSED(GetProcAddress(GetModuleHandleA("kernel32"), (const char *)0xFFF0),
            ERROR_INVALID_ORDINAL);
}

// Learn, FreeLibrary
static void what_is_no_module_cannot_be_freed(void) {
    REFUSED(FreeLibrary((HMODULE)0x12340000), ERROR_MOD_NOT_FOUND);
}

// observed
static void no_name_is_no_module(void) {
    REFUSED(LoadLibraryExA(NULL, NULL, 0), ERROR_MOD_NOT_FOUND);
    REFUSED(LoadLibraryA(NULL), ERROR_MOD_NOT_FOUND);
}

TEST_PROGRAM(TEST(every_spelling_of_a_loaded_dll_is_a_module),
             TEST(every_wide_spelling_is_the_same_module), TEST(the_other_libraries_can_be_loaded),
             TEST(unknown_names_are_not_modules), TEST(pin_and_unchanged_exclude_each_other),
             TEST(null_is_the_program), TEST(the_allocation_base_of_code_is_its_module),
             TEST(functions_are_found_by_name_and_work), TEST(unknown_functions_are_not_found),
             TEST(an_ordinal_is_not_found), TEST(what_is_no_module_cannot_be_freed),
             TEST(no_name_is_no_module))
