// Behaviour 12 (S20): VirtualAlloc2 as it is really found: by name, from a DLL spelled as each
// project spells it, with a typedef of the project's own, a NULL process, and one requirement.
#if defined(__linux)
#error "the Linux branch (dlsym) is taken"
#elif defined(_WIN32)
#include <windows.h>
#endif

#include <stdint.h>
#include "../report.h"

typedef PVOID(WINAPI *allocate_function)(HANDLE, PVOID, SIZE_T, ULONG, ULONG,
                                         MEM_EXTENDED_PARAMETER *, ULONG);

static allocate_function function_of(HMODULE library) {
    return library ? (allocate_function)(void (*)(void))GetProcAddress(library, "VirtualAlloc2")
                   : NULL;
}

static void show_name(const char *spelling, HMODULE library) {
    allocate_function function = function_of(library);
    void *block =
        function ? function(NULL, NULL, 65536, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE, NULL, 0)
                 : NULL;
    expect(block != NULL, spelling, "%s",
           !library    ? "no such library"
           : !function ? "no such function"
           : !block    ? "does not allocate"
                       : "allocates");
    if (block)
        VirtualFree(block, 0, MEM_RELEASE);
}

static void show_names(void) {
    show_name("GetModuleHandleA kernelbase.dll", GetModuleHandleA("kernelbase.dll"));
    show_name("GetModuleHandleA KernelBase.dll", GetModuleHandleA("KernelBase.dll"));
    show_name("GetModuleHandleA KERNELBASE, no suffix", GetModuleHandleA("KERNELBASE"));
    show_name("GetModuleHandleW kernelbase.dll", GetModuleHandleW(L"kernelbase.dll"));
    show_name("LoadLibraryA kernelbase.dll", LoadLibraryA("kernelbase.dll"));
    show_name("LoadLibraryW KernelBase.dll", LoadLibraryW(L"KernelBase.dll"));
    show_name("LoadLibraryExA, from System32 only",
              LoadLibraryExA("kernelbase.dll", NULL, LOAD_LIBRARY_SEARCH_SYSTEM32));
    show_name("LoadLibraryExW, from System32 only",
              LoadLibraryExW(L"kernelbase.dll", NULL, LOAD_LIBRARY_SEARCH_SYSTEM32));
    show_name("LoadLibrary with a path", LoadLibraryA("C:\\Windows\\System32\\kernelbase.dll"));
    HMODULE library = NULL;
    GetModuleHandleExA(GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT, "kernelbase.dll", &library);
    show_name("GetModuleHandleExA kernelbase.dll", library);
    library = LoadLibrary(TEXT("kernelbase.dll"));
    show_name("LoadLibrary TEXT(kernelbase.dll)", library);
    expect(FreeLibrary(library) && function_of(GetModuleHandleA("kernelbase.dll")) != NULL,
           "FreeLibrary leaves the function where it was", "still found");
}

static void show_unknown_names(void) {
    HMODULE library = LoadLibraryA("no_such_library.dll");
    expect(library == NULL && GetLastError() == ERROR_MOD_NOT_FOUND, "an unknown library is NULL",
           "error %u", (unsigned)GetLastError());
    FARPROC function = GetProcAddress(GetModuleHandleA("kernelbase.dll"), "VirtualAlloc3");
    expect(function == NULL && GetLastError() == ERROR_PROC_NOT_FOUND,
           "an unknown function is NULL", "error %u", (unsigned)GetLastError());
    function = GetProcAddress(GetModuleHandleA(NULL), "report_title");
    expect(function == NULL, "the program's own functions are not found", "error %u",
           (unsigned)GetLastError());
}

// What rpmalloc and mimalloc want it for: spans aligned to far more than 64 KiB.
static void show_alignment(allocate_function allocate) {
    int wrong = 0, count = 0;
    for (SIZE_T alignment = 65536; alignment <= (SIZE_T)256 << 20; alignment *= 2) {
        MEM_ADDRESS_REQUIREMENTS requirements = {0};
        requirements.Alignment = alignment;
        MEM_EXTENDED_PARAMETER parameter = {0};
        parameter.Type = MemExtendedParameterAddressRequirements;
        parameter.Pointer = &requirements;
        void *span = allocate(GetCurrentProcess(), NULL, alignment, MEM_RESERVE, PAGE_READWRITE,
                              &parameter, 1);
        wrong += span == NULL || ((uintptr_t)span & (alignment - 1)) != 0;
        count++;
        if (span)
            VirtualFree(span, 0, MEM_RELEASE);
    }
    expect(wrong == 0, "spans aligned to 64 KiB ... 256 MiB", "%d of %d right", count - wrong,
           count);
}

int main(void) {
    report_title("library names: VirtualAlloc2 by every spelling");
    show_names();
    show_unknown_names();
    allocate_function allocate = function_of(GetModuleHandleA("kernelbase.dll"));
    if (allocate)
        show_alignment(allocate);
    return report_status();
}
