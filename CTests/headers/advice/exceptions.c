/* Advice 16: the words of structured exceptions can be declined, and C++ never gets them. */
#define WIN32MEMORY_NO_SEH
#include <windows.h>
#include <excpt.h>
#include <assert.h>

/* libstdc++ has a __try of its own. */
#if defined(__except) || defined(__finally) || defined(__leave)
#error "the words of structured exceptions were declined"
#endif
#if !defined(__cplusplus) && defined(__try)
#error "the words of structured exceptions were declined"
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
