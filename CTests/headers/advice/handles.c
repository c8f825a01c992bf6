/* Advice 11: HANDLE is a plain pointer, HMODULE a type of its own. */
#include <windows.h>
#include <psapi.h>

int compares(HANDLE handle);
int compares(HANDLE handle) {
    void *pointer = handle;
    HANDLE back = pointer;
    return back == INVALID_HANDLE_VALUE || back == NULL || handle == GetCurrentProcess();
}
HMODULE module_of(const MEMORY_BASIC_INFORMATION *information);
HMODULE module_of(const MEMORY_BASIC_INFORMATION *information) {
    HINSTANCE instance = (HINSTANCE)information->AllocationBase;
    HMODULE same_type = instance;
    return same_type;
}

#ifdef __cplusplus
int overloaded(HANDLE handle);
int overloaded(HANDLE) {
    return 1;
}
int overloaded(HMODULE module);
int overloaded(HMODULE) {
    return 2;
}
int calls(HMODULE module);
int calls(HMODULE module) {
    HANDLE nothing = nullptr;
    return overloaded(nothing) + overloaded(module);
}
#endif
