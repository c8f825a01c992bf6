// Makes the Nth kernel call fail with a chosen errno, wherever in the program the instruction for it
// stands: the kernel hands every call to a signal handler here first (system call user dispatch,
// Linux 5.11). x86-64 only.
#ifndef FAULT_INJECTION_H
#define FAULT_INJECTION_H

#include "check.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#ifndef PR_SET_SYSCALL_USER_DISPATCH
#define PR_SET_SYSCALL_USER_DISPATCH 59
#endif

static struct {
    // What the kernel looks at: 1 while calls are to be handed over.
    volatile char is_armed;
    int calls_until_failure;
    int error;
    int failures;
} injection;

// How the handler ends. The kernel lets calls from between these two labels pass.
__asm__(".pushsection .text\n"
        "injection_return:\n"
        "mov $15, %eax\n" // rt_sigreturn
        "syscall\n"
        "ud2\n" // the kernel looks at where a call would return to
        "injection_return_end:\n"
        ".popsection\n");
extern char injection_return[] __asm__("injection_return");
extern char injection_return_end[] __asm__("injection_return_end");

// Populating is how an address is probed: there a failure is an answer about the address. Waiting,
// signal masks and closing cannot fail in a way that matters.
static inline int may_fail(long number, long advice) {
    enum { populate_read = 22, populate_write = 23 };
    switch (number) {
    case SYS_madvise:
        return advice != populate_read && advice != populate_write;
    case SYS_mmap:
    case SYS_munmap:
    case SYS_mremap:
    case SYS_mprotect:
    case SYS_mlock:
    case SYS_mlock2:
    case SYS_munlock:
    case SYS_openat:
    case SYS_pread64:
    case SYS_ioctl:
        return 1;
    default:
        return 0;
    }
}

static inline long kernel_call(long number, const greg_t *registers) {
    long result;
    register long fourth __asm__("r10") = registers[REG_R10];
    register long fifth __asm__("r8") = registers[REG_R8];
    register long sixth __asm__("r9") = registers[REG_R9];
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(registers[REG_RDI]), "S"(registers[REG_RSI]),
                       "d"(registers[REG_RDX]), "r"(fourth), "r"(fifth), "r"(sixth)
                     : "rcx", "r11", "memory");
    return result;
}

static void call_or_fail(int signal, siginfo_t *information, void *context) {
    (void)signal;
    greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
    long number = information->si_syscall;
    injection.is_armed = 0;
    if (number == SYS_rt_sigprocmask) {
        // Were SIGSYS blocked, the next call would end the process.
        registers[REG_RAX] = 0;
    } else if (may_fail(number, (long)registers[REG_RDX]) && --injection.calls_until_failure == 0) {
        injection.failures++;
        registers[REG_RAX] = -injection.error;
    } else {
        registers[REG_RAX] = kernel_call(number, registers);
    }
    injection.is_armed = 1;
}

// From now on the call with this number (1 is the next one) fails, once.
static inline void arm_injection(int number, int error) {
    struct {
        void (*handler)(int, siginfo_t *, void *);
        unsigned long flags;
        void (*restorer)(void);
        uint64_t mask;
    } action = {call_or_fail, SA_SIGINFO | SA_NODEFER | 0x04000000, NULL, 0};
    memcpy(&action.restorer, &(void *){injection_return}, sizeof action.restorer);
    CHECK_EQUAL(syscall(SYS_rt_sigaction, SIGSYS, &action, NULL, sizeof action.mask), 0);
    injection.calls_until_failure = number;
    injection.error = error;
    injection.failures = 0;
    CHECK_EQUAL(prctl(PR_SET_SYSCALL_USER_DISPATCH, 1, injection_return,
                      injection_return_end - injection_return, &injection.is_armed),
                0);
    injection.is_armed = 1;
}

// Answers whether a call has failed since the arming.
static inline int disarm_injection(void) {
    injection.is_armed = 0;
    return injection.failures != 0;
}

// The codes that a call may answer when the kernel was short of something.
static inline int is_true_code(DWORD code) {
    return code == ERROR_NOT_ENOUGH_MEMORY || code == ERROR_COMMITMENT_LIMIT ||
           code == ERROR_WORKING_SET_QUOTA;
}

#endif
