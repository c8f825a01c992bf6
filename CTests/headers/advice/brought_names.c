/* Advice 7: names that ported code expects from windows.h, from other headers of the SDK or from the compiler. */
#include <windows.h>
#ifndef _WIN32
#include <link.h> /* has a parameter called __callback */
#endif

#ifdef __cplusplus
extern "C" {
#endif

LONG filter(LPEXCEPTION_POINTERS pointers);
void _cdecl declared_cdecl(void);
void _stdcall declared_stdcall(void);
void _fastcall declared_fastcall(void);
int annotated(int __callback argument);
errno_t checked(LPEXCEPTION_RECORD record, time_t *seconds);
int nothing(int argument);
void end_at_once(void);

static _inline int inlined(void) {
    return MEMORY_ALLOCATION_ALIGNMENT;
}

LONG filter(LPEXCEPTION_POINTERS pointers) {
    return (pointers->ExceptionRecord->ExceptionFlags & EXCEPTION_SOFTWARE_ORIGINATE) != 0;
}
int annotated(int argument) {
    return argument + inlined();
}
errno_t checked(LPEXCEPTION_RECORD record, time_t *seconds) {
    intptr_t address = (intptr_t)record->ExceptionAddress;
    uintptr_t same = (uintptr_t)address;
    *seconds = 0;
    return same == 0;
}
int nothing(int argument) {
    __noop;
    __noop(argument++);
    return argument;
}
void end_at_once(void) {
    __fastfail(FAST_FAIL_RANGE_CHECK_FAILURE);
}

#ifdef __cplusplus
}
#endif

typedef char image_headers[sizeof(IMAGE_NT_HEADERS32) == 248 ? 1 : -1];
typedef char list_head[sizeof(SLIST_HEADER) == 16 ? 1 : -1];
typedef char list_alignment[__alignof__(SLIST_HEADER) == MEMORY_ALLOCATION_ALIGNMENT ? 1 : -1];
#if defined(__x86_64__) && !_AMD64_
#error "_AMD64_"
#endif
