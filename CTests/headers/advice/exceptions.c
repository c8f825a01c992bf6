/* Advice 16: no word of structured exceptions is taken unless the program asks for it. */
#include <windows.h>
#include <excpt.h>
#include <assert.h>

#ifndef __cplusplus
#if defined(__try) || defined(__except) || defined(__finally) || defined(__leave)
#error "the words of structured exceptions are opt-in"
#endif
#endif
#if defined(try) || defined(except) || defined(finally) || defined(leave)
#error "these words belong to the program"
#endif

static_assert(EXCEPTION_EXECUTE_HANDLER == 1, "disposition");
static_assert(EXCEPTION_CONTINUE_SEARCH == 0, "disposition");
static_assert(EXCEPTION_CONTINUE_EXECUTION == -1, "disposition");

LONG WINAPI filter(struct _EXCEPTION_POINTERS *pointers);
LONG WINAPI filter(struct _EXCEPTION_POINTERS *pointers) {
    const EXCEPTION_RECORD *record = pointers->ExceptionRecord;
    if (record->ExceptionCode == EXCEPTION_ACCESS_VIOLATION && record->NumberParameters >= 2 &&
        record->ExceptionInformation[0] == EXCEPTION_WRITE_FAULT)
        return EXCEPTION_CONTINUE_EXECUTION;
    return EXCEPTION_CONTINUE_SEARCH;
}
LPTOP_LEVEL_EXCEPTION_FILTER top_level(void);
LPTOP_LEVEL_EXCEPTION_FILTER top_level(void) {
    return filter;
}
PVECTORED_EXCEPTION_HANDLER vectored(void);
PVECTORED_EXCEPTION_HANDLER vectored(void) {
    return filter;
}
