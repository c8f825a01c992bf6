// The end of a process by an exception that nobody handles (behaviour 8E).
#include "child_process.h"
#include "exception_log.h"

#include <sys/ptrace.h>
#include <sys/user.h>

static LONG CALLBACK pass_on(EXCEPTION_POINTERS *exception) {
    (void)exception;
    return EXCEPTION_CONTINUE_SEARCH;
}

static void write_to_reserved_memory(void) {
    AddVectoredExceptionHandler(1, pass_on);
    write_byte(reserved_pages(1), 1);
}

// 8.27, 8.28
static void a_fault_ends_the_process_by_its_signal_after_one_line(void) {
    run_child(write_to_reserved_memory);
    CHECK_DIED_OF(SIGSEGV);
    CHECK_EQUAL(lines_said(), 1);
    CHECK_SAID("0xC0000005 (access violation): write to 0x");
    CHECK_SAID("(reserved, never committed)");
}

static void read_released_block(void) {
    AddVectoredExceptionHandler(1, pass_on);
    BYTE *base = committed_pages(16);
    release(base);
    read_byte(base + 0x1234);
}
static void read_decommitted_page(void) {
    AddVectoredExceptionHandler(1, pass_on);
    BYTE *base = committed_pages(2);
    VirtualFree(base + page_size, page_size, MEM_DECOMMIT);
    read_byte(base + page_size);
}
static void read_guard_page(void) {
    read_byte(VirtualAlloc(NULL, 1, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE | PAGE_GUARD));
}
static void read_null(void) {
    AddVectoredExceptionHandler(1, pass_on);
    read_byte(NULL);
}
static void execute_data(void) {
    AddVectoredExceptionHandler(1, pass_on);
    execute_at(committed_pages(1));
}

// Issue text: "what that address is to us".
static void the_line_tells_what_the_address_is(void) {
    run_child(read_released_block);
    CHECK_SAID(": read of 0x");
    CHECK_SAID("(released block 0x");
    CHECK_SAID(" of 64 KiB)");
    run_child(read_decommitted_page);
    CHECK_SAID("(decommitted)");
    run_child(read_guard_page);
    CHECK_SAID("0x80000001 (guard page): read of 0x");
    CHECK_DIED_OF(SIGSEGV);
    run_child(read_null);
    CHECK_SAID("read of 0x0 (not ours)");
    run_child(execute_data);
    CHECK_SAID(": execution of 0x");
    CHECK_SAID("(committed, read-write)");
    CHECK_DIED_OF(SIGSEGV);
}

static void fault_silently(void) {
    CHECK_EQUAL(SetErrorMode(SEM_NOGPFAULTERRORBOX), 0);
    write_to_reserved_memory();
}

// Learn, SetErrorMode
static void the_error_mode_silences_the_line(void) {
    run_child(fault_silently);
    CHECK_DIED_OF(SIGSEGV);
    CHECK_EQUAL(lines_said(), 0);
}

static void divide_by_zero(void) {
    AddVectoredExceptionHandler(1, pass_on);
    __asm__ volatile("xorl %%ecx, %%ecx\n\tdivl %%ecx" ::: "eax", "ecx", "edx");
}
static void illegal_instruction(void) {
    AddVectoredExceptionHandler(1, pass_on);
    __asm__ volatile("ud2");
}
static void breakpoint(void) {
    AddVectoredExceptionHandler(1, pass_on);
    __asm__ volatile("int3");
}

// 8.28
static void each_kind_of_fault_keeps_its_signal(void) {
    run_child(divide_by_zero);
    CHECK_DIED_OF(SIGFPE);
    CHECK_SAID("0xC0000094");
    run_child(illegal_instruction);
    CHECK_DIED_OF(SIGILL);
    CHECK_SAID("0xC000001D");
    run_child(breakpoint);
    CHECK_DIED_OF(SIGTRAP);
    CHECK_SAID("0x80000003");
}

static void raise_own_code(void) {
    RaiseException(0xE0001234, 0, 0, NULL);
}
static void raise_access_violation(void) {
    RaiseException(EXCEPTION_ACCESS_VIOLATION, EXCEPTION_NONCONTINUABLE, 0, NULL);
}

static void an_unhandled_raised_exception_ends_the_process(void) {
    run_child(raise_own_code);
    CHECK_DIED_OF(SIGABRT);
    CHECK_EQUAL(lines_said(), 1);
    CHECK_SAID("0xE0001234");
    run_child(raise_access_violation);
    CHECK_DIED_OF(SIGSEGV);
    CHECK_SAID("0xC0000005");
}

static LONG WINAPI terminate(EXCEPTION_POINTERS *exception) {
    (void)exception;
    (void)!write(STDERR_FILENO, "filter\n", 7);
    return EXCEPTION_EXECUTE_HANDLER;
}
static LONG WINAPI look_away(EXCEPTION_POINTERS *exception) {
    (void)exception;
    (void)!write(STDERR_FILENO, "filter\n", 7);
    return EXCEPTION_CONTINUE_SEARCH;
}
static void fault_with_terminating_filter(void) {
    SetUnhandledExceptionFilter(terminate);
    write_byte(reserved_pages(1), 1);
}
static void fault_with_indifferent_filter(void) {
    SetUnhandledExceptionFilter(look_away);
    write_byte(reserved_pages(1), 1);
}

// 8.26
static void the_filter_may_terminate_silently_or_leave_it_to_the_default(void) {
    run_child(fault_with_terminating_filter);
    CHECK_DIED_OF(SIGSEGV);
    CHECK(strcmp(child.errors, "filter\n") == 0);
    run_child(fault_with_indifferent_filter);
    CHECK_DIED_OF(SIGSEGV);
    CHECK_EQUAL(lines_said(), 2);
}

static void kill_itself(void) {
    AddVectoredExceptionHandler(1, pass_on);
    raise(SIGSEGV);
}

// 8.29: a signal that somebody sent is no exception.
static void a_sent_signal_kills_as_ever_without_a_line(void) {
    run_child(kill_itself);
    CHECK_DIED_OF(SIGSEGV);
    CHECK_EQUAL(lines_said(), 0);
}

// Where a traced child was when a signal was about to be delivered to it.
static uintptr_t stop_address(pid_t process, int signal) {
    struct user_regs_struct registers;
    int status = 0;
    CHECK_EQUAL(waitpid(process, &status, 0), process);
    CHECK(WIFSTOPPED(status));
    CHECK_EQUAL(WSTOPSIG(status), signal);
    CHECK_EQUAL(ptrace(PTRACE_GETREGS, process, NULL, &registers), 0);
    CHECK_EQUAL(ptrace(PTRACE_CONT, process, NULL, (void *)(ULONG_PTR)signal), 0);
    return registers.rip;
}

// 8.28: a debugger, or a core, finds the faulting instruction and not our handler.
static void the_process_dies_at_the_faulting_instruction(void) {
    int status = 0;
    fflush(stdout);
    pid_t process = fork();
    if (process == 0) {
        struct rlimit no_core = {0, 0};
        setrlimit(RLIMIT_CORE, &no_core);
        without_earlier_handlers();
        SetErrorMode(SEM_NOGPFAULTERRORBOX);
        ptrace(PTRACE_TRACEME, 0, NULL, NULL);
        write_to_reserved_memory();
        _exit(0);
    }
    uintptr_t first = stop_address(process, SIGSEGV);
    uintptr_t second = stop_address(process, SIGSEGV);
    CHECK_EQUAL(second, first);
    CHECK_EQUAL(waitpid(process, &status, 0), process);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
}

TEST_PROGRAM(TEST(a_fault_ends_the_process_by_its_signal_after_one_line),
             TEST(the_line_tells_what_the_address_is), TEST(the_error_mode_silences_the_line),
             TEST(each_kind_of_fault_keeps_its_signal),
             TEST(an_unhandled_raised_exception_ends_the_process),
             TEST(the_filter_may_terminate_silently_or_leave_it_to_the_default),
             TEST(a_sent_signal_kills_as_ever_without_a_line),
             TEST(the_process_dies_at_the_faulting_instruction))
