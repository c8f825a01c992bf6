// Asks the processor whether an address can be read, written or executed, by trying.
// Linux: a signal handler that jumps back. Windows: a vectored handler that does the same.
// One thread at a time; the handler is in place only during the probe.
#ifndef FAULT_PROBE_H
#define FAULT_PROBE_H

#include <windows.h>

#include <string.h>

// The x86 `ret`; where execution is probed, the caller puts it at the address beforehand.
#define RETURN_INSTRUCTION 0xC3

// The probes touch what a sanitizer would rightly object to.
#define PROBE                                                                                      \
    static inline __attribute__((unused, no_sanitize("address"), no_sanitize("undefined")))

enum access { read_access, write_access, execute_access };

PROBE void touch(const volatile BYTE *address, enum access access) {
    if (access == read_access) {
        (void)*address;
    } else if (access == write_access) {
        volatile BYTE *target = (volatile BYTE *)address;
        *target = *target;
    } else {
        void (*function)(void);
        memcpy(&function, &address, sizeof function);
        function();
    }
}

#ifdef _WIN32

static void *probe_frame[5];
static volatile int probe_is_running;

static void leave_probe(void) {
    __builtin_longjmp(probe_frame, 1);
}

// The jump is made after the exception is over, on an aligned stack as if leave_probe were called.
static LONG CALLBACK resume_in_leave_probe(EXCEPTION_POINTERS *exception) {
    DWORD code = exception->ExceptionRecord->ExceptionCode;
    if (!probe_is_running ||
        (code != STATUS_ACCESS_VIOLATION && code != STATUS_GUARD_PAGE_VIOLATION))
        return EXCEPTION_CONTINUE_SEARCH;
    probe_is_running = 0;
    CONTEXT *context = exception->ContextRecord;
    context->Rsp = ((context->Rsp - 512) & ~(DWORD64)15) - 8;
    context->Rip = (DWORD64)(ULONG_PTR)leave_probe;
    return EXCEPTION_CONTINUE_EXECUTION;
}

static __attribute__((noinline, unused)) int faults(const void *address, enum access access) {
    volatile int faulted = 1;
    void *handler = AddVectoredExceptionHandler(1, resume_in_leave_probe);
    probe_is_running = 1;
    if (__builtin_setjmp(probe_frame) == 0) {
        touch((const volatile BYTE *)address, access);
        faulted = 0;
    }
    probe_is_running = 0;
    RemoveVectoredExceptionHandler(handler);
    return faulted;
}

#else

#include <setjmp.h>
#include <signal.h>

static sigjmp_buf probe_frame;

static void leave_probe(int signal) {
    siglongjmp(probe_frame, signal);
}

static __attribute__((noinline, unused)) int faults(const void *address, enum access access) {
    struct sigaction probe, segv_before, bus_before;
    memset(&probe, 0, sizeof probe);
    probe.sa_handler = leave_probe;
    probe.sa_flags = SA_NODEFER;
    sigaction(SIGSEGV, &probe, &segv_before);
    sigaction(SIGBUS, &probe, &bus_before);
    volatile int faulted = 1;
    if (sigsetjmp(probe_frame, 1) == 0) {
        touch((const volatile BYTE *)address, access);
        faulted = 0;
    }
    sigaction(SIGSEGV, &segv_before, NULL);
    sigaction(SIGBUS, &bus_before, NULL);
    return faulted;
}

#endif

static inline int faults_on_read(const void *address) {
    return faults(address, read_access);
}
static inline int faults_on_write(const void *address) {
    return faults(address, write_access);
}
static inline int faults_on_execute(const void *address) {
    return faults(address, execute_access);
}

#endif
