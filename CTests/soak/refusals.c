// By syscall user dispatch (Linux 5.11, x86-64): the kernel hands each call to a handler first.
#include "refusals.h"

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

static volatile char selector; // the kernel reads it: 1 while calls are to be handed over
static int until_first, until_again, refused;
static uint64_t lots; // random bits

// The handler makes system calls, and returns, from here: calls from these lines are let pass.
long refusals_call(long number, const greg_t *registers);
extern char refusals_begin[], refusals_end[], refusals_return[];
__asm__(".pushsection .text\n"
        ".globl refusals_begin, refusals_end, refusals_return, refusals_call\n"
        "refusals_begin:\n"
        "refusals_return:\n"
        "    mov $15, %eax\n" // rt_sigreturn
        "    syscall\n"
        "    ud2\n"
        "refusals_call:\n"
        "    mov %rdi, %rax\n"
        "    mov %rsi, %r11\n"
        "    mov 64(%r11), %rdi\n" // the places of REG_RDI, RSI, RDX, R10, R8 and R9
        "    mov 96(%r11), %rdx\n"
        "    mov 16(%r11), %r10\n"
        "    mov 0(%r11), %r8\n"
        "    mov 8(%r11), %r9\n"
        "    mov 72(%r11), %rsi\n"
        "    syscall\n"
        "    ret\n"
        "refusals_end:\n"
        ".popsection\n");

// Probes (MADV_POPULATE_READ and _WRITE) are left: what they answer is about the address.
static int can_be_refused(long number, long advice) {
    enum { populate_read = 22, populate_write = 23 };
    switch (number) {
    case SYS_madvise:
        return advice != populate_read && advice != populate_write;
    case SYS_mmap:
    case SYS_munmap:
    case SYS_mprotect:
    case SYS_mremap:
    case SYS_mlock:
    case SYS_mlock2:
    case SYS_munlock:
        return 1;
    default:
        return 0;
    }
}

static int is_the_one(void) {
    if (until_again == refuse_at_random) {
        lots = lots * 6364136223846793005u + 1442695040888963407u;
        return lots >> 63 != 0;
    }
    if (until_first > 0 && --until_first == 0)
        return 1;
    return until_first == 0 && until_again > 0 && --until_again == 0;
}

static void on_call(int signal, siginfo_t *information, void *context) {
    (void)signal;
    greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
    long number = information->si_syscall;
    int armed = selector;
    selector = 0;
    // SIGSYS must not be blocked, or the next call would be the end.
    if (number == SYS_rt_sigprocmask) {
        registers[REG_RAX] = 0;
    } else if (armed && can_be_refused(number, (long)registers[REG_RDX]) && is_the_one()) {
        refused++;
        registers[REG_RAX] = -ENOMEM;
    } else {
        registers[REG_RAX] = refusals_call(number, registers);
    }
    selector = (char)armed;
}

static void take_the_signal(void) {
    struct {
        void (*handler)(int, siginfo_t *, void *);
        unsigned long flags;
        void *restorer;
        uint64_t mask;
    } action = {on_call, SA_SIGINFO | SA_NODEFER | 0x04000000 /* SA_RESTORER */, refusals_return,
                0};
    syscall(SYS_rt_sigaction, SIGSYS, &action, NULL, sizeof action.mask);
    prctl(PR_SET_SYSCALL_USER_DISPATCH, 1, refusals_begin, refusals_end - refusals_begin,
          &selector);
}

void refuse_calls(int first, int again, uint64_t seed) {
    static pid_t prepared;
    if (prepared != getpid()) { // a child has no dispatch
        take_the_signal();
        prepared = getpid();
    }
    until_first = first;
    until_again = again;
    lots = seed;
    refused = 0;
    selector = 1;
}

int stop_refusing(void) {
    selector = 0;
    return refused;
}
