// Code pages: reserved at first, committed by guard page exceptions, flipped by VirtualProtect.
#include "code_space.h"

#include <string.h>

#define PAGE ((SIZE_T)4096)
#define SPACE_BYTES ((SIZE_T)64 << 20)

static struct {
    unsigned char *base;
    unsigned char *open_unit; // a page's start; the page of the guard lies behind it
    PVOID handler;
    volatile LONG growth_count;
} space;

int code_space_contains(const void *address) {
    return space.base && (const unsigned char *)address >= space.base &&
           (const unsigned char *)address < space.base + SPACE_BYTES;
}

unsigned code_space_growth_count(void) {
    return (unsigned)space.growth_count;
}

static int commit_guard(unsigned char *page) {
    if (!code_space_contains(page))
        return 0;
    return VirtualAlloc(page, PAGE, MEM_COMMIT, PAGE_READWRITE | PAGE_GUARD) != NULL;
}

// The write that met the guard page goes on: the page is plain now, and the next is the guard.
static LONG WINAPI grow(EXCEPTION_POINTERS *exception) {
    const EXCEPTION_RECORD *record = exception->ExceptionRecord;
    if (record->ExceptionCode != STATUS_GUARD_PAGE_VIOLATION)
        return EXCEPTION_CONTINUE_SEARCH;
    ULONG_PTR address = record->ExceptionInformation[1];
    if (!code_space_contains((void *)address) ||
        !commit_guard((unsigned char *)(address & ~(ULONG_PTR)(PAGE - 1)) + PAGE))
        return EXCEPTION_CONTINUE_SEARCH;
    InterlockedIncrement(&space.growth_count);
    return EXCEPTION_CONTINUE_EXECUTION;
}

int code_space_create(void) {
    space.base = VirtualAlloc(NULL, SPACE_BYTES, MEM_RESERVE, PAGE_NOACCESS);
    if (space.base == NULL)
        return 0;
    space.open_unit = space.base;
    space.handler = AddVectoredExceptionHandler(1, grow);
    return space.handler != NULL && commit_guard(space.base);
}

void code_space_destroy(void) {
    RemoveVectoredExceptionHandler(space.handler);
    VirtualFree(space.base, 0, MEM_RELEASE);
    space.base = NULL;
}

unsigned char *code_space_open_unit(void) {
    return space.open_unit;
}

int code_space_seal_unit(unsigned char *end) {
    DWORD old;
    SIZE_T byte_count = (SIZE_T)(end - space.open_unit);
    if (!VirtualProtect(space.open_unit, byte_count, PAGE_EXECUTE_READ, &old))
        return 0;
    FlushInstructionCache(GetCurrentProcess(), space.open_unit, byte_count);
    space.open_unit += (byte_count + PAGE - 1) & ~(PAGE - 1);
    // The unit may have ended right before the guard page, which then is the next unit's already.
    return commit_guard(space.open_unit);
}

int code_space_patch(unsigned char *address, const void *bytes, SIZE_T byte_count) {
    DWORD old, ignored;
    if (!VirtualProtect(address, byte_count, PAGE_READWRITE, &old))
        return 0;
    memcpy(address, bytes, byte_count);
    return VirtualProtect(address, byte_count, old, &ignored) &&
           FlushInstructionCache(GetCurrentProcess(), address, byte_count);
}
