// A program that saves the action of SIGSEGV with signal(2) and restores it so takes our flags away, and
// the kernel then tells a handler nothing about the signal (PORTS, the thread block; signal(2)).
#include "child_process.h"
#include "exception_log.h"

#include <signal.h>

static BYTE *page;
static volatile int exceptions;
static volatile ULONG_PTR kind, address;
static volatile DWORD code;

static LONG CALLBACK make_accessible(EXCEPTION_POINTERS *exception) {
    DWORD old;
    exceptions = exceptions + 1;
    code = exception->ExceptionRecord->ExceptionCode;
    if (code == EXCEPTION_BREAKPOINT) {
        exception->ContextRecord->Rip += 1;
        return EXCEPTION_CONTINUE_EXECUTION;
    }
    kind = exception->ExceptionRecord->ExceptionInformation[0];
    address = exception->ExceptionRecord->ExceptionInformation[1];
    VirtualProtect(page, 4096, PAGE_READWRITE, &old);
    return EXCEPTION_CONTINUE_EXECUTION;
}

static void restore_by_signal(int number) {
    void (*saved)(int) = signal(number, SIG_DFL);
    signal(number, saved);
}

static void fault_at(ULONG offset) {
    DWORD old;
    VirtualProtect(page, 4096, PAGE_NOACCESS, &old);
    write_byte(page + offset, 1);
}

static void begin(void) {
    page = (BYTE *)VirtualAlloc(NULL, 4096, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    AddVectoredExceptionHandler(1, make_accessible);
    exceptions = 0;
    fault_at(1);
    restore_by_signal(SIGSEGV);
}

static void an_access_violation_keeps_its_address_and_kind(void) {
    begin();
    CHECK_EQUAL(exceptions, 1);
    fault_at(77);
    CHECK_EQUAL(exceptions, 2);
    CHECK_EQUAL(code, EXCEPTION_ACCESS_VIOLATION);
    CHECK_EQUAL(kind, EXCEPTION_WRITE_FAULT);
    CHECK_EQUAL(address, (ULONG_PTR)page + 77);
}

static void the_flags_are_put_back(void) {
    struct sigaction action;
    begin();
    fault_at(2);
    CHECK_EQUAL(sigaction(SIGSEGV, NULL, &action), 0);
    CHECK((action.sa_flags & SA_SIGINFO) && (action.sa_flags & SA_ONSTACK));
    CHECK((action.sa_flags & SA_NODEFER) && (action.sa_flags & SA_RESTART));
}

static void a_breakpoint_is_one(void) {
    begin();
    restore_by_signal(SIGTRAP);
    exceptions = 0;
    __asm__ volatile("int3");
    CHECK_EQUAL(exceptions, 1);
    CHECK_EQUAL(code, EXCEPTION_BREAKPOINT);
}

static volatile int calls;
static void count(int number) {
    (void)number;
    calls = calls + 1;
}

static void be_sent_a_signal(void) {
    signal(SIGSEGV, count); // the earlier action, which signals that are sent reach
    begin();
    int before = exceptions;
    raise(SIGSEGV);
    if (calls != 1 || exceptions != before)
        _exit(8);
    fault_at(5); // and faults still are exceptions
    _exit(exceptions == before + 1 && calls == 1 ? 7 : 9);
}

static void a_signal_that_was_sent_is_no_exception(void) {
    run_child(be_sent_a_signal);
    CHECK_EXITED_WITH(7);
}

TEST_PROGRAM(TEST(a_signal_that_was_sent_is_no_exception),
             TEST(an_access_violation_keeps_its_address_and_kind), TEST(the_flags_are_put_back),
             TEST(a_breakpoint_is_one))
