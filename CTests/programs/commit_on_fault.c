// An array that is reserved whole and committed page by page, each page by an exception filter when
// it is first touched. The textbook example of reserving and committing (Learn, "Reserving and
// Committing Memory"), written anew. Ends with 0 if every page came by exactly one exception.
#include <windows.h>

#include <stdio.h>

enum { PAGE_LIMIT = 80 };

static BYTE *array;
static SIZE_T page_bytes;
static DWORD pages_committed;

// Commits the page that was touched, and goes on with the instruction that touched it.
static LONG commit_touched_page(const EXCEPTION_POINTERS *exception) {
    const EXCEPTION_RECORD *record = exception->ExceptionRecord;
    if (record->ExceptionCode != EXCEPTION_ACCESS_VIOLATION)
        return EXCEPTION_CONTINUE_SEARCH;
    ULONG_PTR offset = record->ExceptionInformation[1] - (ULONG_PTR)array;
    if (offset >= PAGE_LIMIT * page_bytes)
        return EXCEPTION_CONTINUE_SEARCH;
    BYTE *page = array + offset / page_bytes * page_bytes;
    if (!VirtualAlloc(page, page_bytes, MEM_COMMIT, PAGE_READWRITE)) {
        printf("VirtualAlloc: error %u\n", (unsigned)GetLastError());
        return EXCEPTION_EXECUTE_HANDLER;
    }
    pages_committed++;
    return EXCEPTION_CONTINUE_EXECUTION;
}

static void fill_array(void) {
    for (SIZE_T i = 0; i < PAGE_LIMIT * page_bytes; i++)
        ((volatile BYTE *)array)[i] = (BYTE)(i / page_bytes);
}

#ifdef __MINGW32__ // its C compiler knows no __try

static LONG CALLBACK commit_handler(EXCEPTION_POINTERS *exception) {
    return commit_touched_page(exception);
}

static int fill_array_guarded(void) {
    void *handler = AddVectoredExceptionHandler(1, commit_handler);
    fill_array();
    RemoveVectoredExceptionHandler(handler);
    return 1;
}

#else

static int fill_array_guarded(void) {
    volatile int filled = 0;
    __try {
        fill_array();
        filled = 1;
    } __except (commit_touched_page(GetExceptionInformation())) {
        printf("exception 0x%X while filling the array\n", (unsigned)GetExceptionCode());
    }
    return filled;
}

#endif

static int array_is_right(void) {
    for (SIZE_T i = 0; i < PAGE_LIMIT * page_bytes; i++)
        if (array[i] != (BYTE)(i / page_bytes))
            return 0;
    return 1;
}

int main(void) {
    SYSTEM_INFO system;
    GetSystemInfo(&system);
    page_bytes = system.dwPageSize;
    array = VirtualAlloc(NULL, PAGE_LIMIT * page_bytes, MEM_RESERVE, PAGE_NOACCESS);
    if (!array) {
        printf("VirtualAlloc: error %u\n", (unsigned)GetLastError());
        return 1;
    }
    int right = fill_array_guarded() && array_is_right() && pages_committed == PAGE_LIMIT;
    printf("%u pages of %u bytes reserved, %u committed by the filter on first touch: %s\n",
           PAGE_LIMIT, (unsigned)page_bytes, (unsigned)pages_committed, right ? "right" : "WRONG");
    if (!VirtualFree(array, 0, MEM_RELEASE))
        return 1;
    return right ? 0 : 1;
}
