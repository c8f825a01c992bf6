// A vectored handler that writes down what it was shown and then does what the test says: a remedy
// for the cause, after which execution continues, or nothing.
#ifndef EXCEPTION_LOG_H
#define EXCEPTION_LOG_H

#include "memory_checks.h"

struct logged_exception {
    EXCEPTION_RECORD record;
    CONTEXT context;
    MEMORY_BASIC_INFORMATION page; // of the address, as VirtualQuery tells the handler
};

static struct {
    int count;
    struct logged_exception last;
    // Answers what the handler is to answer.
    LONG (*remedy)(EXCEPTION_POINTERS *exception);
    void *handle;
} exception_log;

static inline ULONG_PTR exception_address(const EXCEPTION_RECORD *record) {
    return record->NumberParameters >= 2 ? record->ExceptionInformation[1] : 0;
}

static LONG CALLBACK log_exception(EXCEPTION_POINTERS *exception) {
    struct logged_exception *entry = &exception_log.last;
    exception_log.count++;
    entry->record = *exception->ExceptionRecord;
    entry->context = *exception->ContextRecord;
    entry->page = region_at((const void *)exception_address(&entry->record));
    return exception_log.remedy ? exception_log.remedy(exception) : EXCEPTION_CONTINUE_SEARCH;
}

static inline void begin_log(LONG (*remedy)(EXCEPTION_POINTERS *)) {
    memset(&exception_log, 0, sizeof exception_log);
    exception_log.remedy = remedy;
    exception_log.handle = AddVectoredExceptionHandler(1, log_exception);
    CHECK(exception_log.handle != NULL);
}

static inline void end_log(void) {
    CHECK(RemoveVectoredExceptionHandler(exception_log.handle) != 0);
}

// Remedies.
static inline LONG commit_the_page(EXCEPTION_POINTERS *exception) {
    void *page = (void *)exception->ExceptionRecord->ExceptionInformation[1];
    return VirtualAlloc(page, 1, MEM_COMMIT, PAGE_READWRITE) ? EXCEPTION_CONTINUE_EXECUTION
                                                             : EXCEPTION_CONTINUE_SEARCH;
}
static inline LONG unprotect_the_page(EXCEPTION_POINTERS *exception) {
    DWORD before;
    void *page = (void *)exception->ExceptionRecord->ExceptionInformation[1];
    return VirtualProtect(page, 1, PAGE_EXECUTE_READWRITE, &before) ? EXCEPTION_CONTINUE_EXECUTION
                                                                    : EXCEPTION_CONTINUE_SEARCH;
}
static inline LONG just_continue(EXCEPTION_POINTERS *exception) {
    (void)exception;
    return EXCEPTION_CONTINUE_EXECUTION;
}

// The last exception was this code about this address; 152 and 1232 bytes are 1.15 and 1.16.
static inline void check_access(const char *file, int line, DWORD code, ULONG_PTR kind,
                                const void *address) {
    const EXCEPTION_RECORD *record = &exception_log.last.record;
    check_equal(file, line, record->ExceptionCode, code, "ExceptionCode");
    check_equal(file, line, record->ExceptionFlags, 0, "ExceptionFlags");
    check_equal(file, line, (uintptr_t)record->ExceptionRecord, 0, "ExceptionRecord");
    check_equal(file, line, record->NumberParameters, 2, "NumberParameters");
    check_equal(file, line, record->ExceptionInformation[0], kind, "kind of access");
    check_equal(file, line, record->ExceptionInformation[1], (uintptr_t)address, "address");
    check_equal(file, line, (uintptr_t)record->ExceptionAddress, exception_log.last.context.Rip,
                "ExceptionAddress against Rip");
}
#define CHECK_ACCESS(code, kind, address) check_access(__FILE__, __LINE__, code, kind, address)

enum { READ_KIND = 0, WRITE_KIND = 1, EXECUTE_KIND = 8 };

// Accesses that the compiler neither drops nor moves, and no sanitizer judges.
#define UNCHECKED static inline __attribute__((no_sanitize("address"), no_sanitize("undefined")))
UNCHECKED BYTE read_byte(const void *address) {
    return *(const volatile BYTE *)address;
}
UNCHECKED void write_byte(void *address, BYTE value) {
    *(volatile BYTE *)address = value;
}
static inline void execute_at(const void *address) {
    void (*function)(void);
    memcpy(&function, &address, sizeof function);
    function();
}

// Where a call at this address returns to, for resuming after an execution that cannot be cured.
static inline LONG return_to_caller(EXCEPTION_POINTERS *exception) {
    CONTEXT *context = exception->ContextRecord;
    context->Rip = *(DWORD64 *)context->Rsp;
    context->Rsp += 8;
    return EXCEPTION_CONTINUE_EXECUTION;
}

#endif
