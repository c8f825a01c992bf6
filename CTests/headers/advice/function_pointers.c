/* Advice 15: what a name look-up returns converts to any function's type and back. */
#include <windows.h>

typedef PVOID(WINAPI *virtual_alloc_2)(HANDLE, PVOID, SIZE_T, ULONG, ULONG,
                                       MEM_EXTENDED_PARAMETER *, ULONG);

virtual_alloc_2 typed(FARPROC found);
virtual_alloc_2 typed(FARPROC found) {
    return (virtual_alloc_2)(void (*)(void))found;
}
FARPROC untyped(virtual_alloc_2 function);
FARPROC untyped(virtual_alloc_2 function) {
    return (FARPROC)(void (*)(void))function;
}
PVOID calls(FARPROC found, MEM_EXTENDED_PARAMETER *parameter);
PVOID calls(FARPROC found, MEM_EXTENDED_PARAMETER *parameter) {
    virtual_alloc_2 allocate = typed(found);
    return allocate(NULL, NULL, 65536, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE, parameter, 1);
}
