#define _GNU_SOURCE
#include "judged_calls.h"

// The thread sanitizer blocks signals around calls of its own, and a blocked SIGSYS ends the process.
#if defined(__x86_64__) && !IS_THREAD_SANITIZED
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <ucontext.h>
#include <unistd.h>

#ifndef PR_SET_SYSCALL_USER_DISPATCH
#define PR_SET_SYSCALL_USER_DISPATCH 59
#endif

static __thread volatile char selector; // the kernel reads it: 1 while calls are to be handed over
static __thread call_judge present_judge;
static __thread void *present_context;

// The handler makes system calls, and returns, from here: calls from these lines are let pass.
long judged_calls_make(long number, const greg_t *registers);
extern char judged_calls_begin[], judged_calls_end[], judged_calls_return[];
__asm__(".pushsection .text\n"
        ".globl judged_calls_begin, judged_calls_end, judged_calls_return, judged_calls_make\n"
        "judged_calls_begin:\n"
        "    nop\n" // the unwinder looks at the byte before a return address
        "judged_calls_return:\n"
        "    movq $15, %rax\n" // rt_sigreturn, in the very bytes by which the unwinder knows it
        "    syscall\n"
        "    ud2\n"
        "judged_calls_make:\n"
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
        "judged_calls_end:\n"
        ".popsection\n");

static int is_judged(long number) {
    switch (number) {
    case SYS_mmap:
    case SYS_munmap:
    case SYS_mprotect:
    case SYS_madvise:
    case SYS_mlock:
    case SYS_mlock2:
    case SYS_munlock:
        return 1;
    default:
        return 0;
    }
}

static long result_of(const struct judged_call *call) {
    // The return from the handler restores the mask. SIGSYS must not be blocked in any case.
    if (call->number == SYS_rt_sigprocmask)
        return 0;
    int verdict =
        is_judged(call->number) ? present_judge(present_context, call) : CALL_IS_TO_BE_MADE;
    if (verdict == CALL_WAS_MADE)
        return 0;
    return verdict == CALL_IS_TO_BE_MADE ? make_judged_call(call) : -verdict;
}

static void on_call(int signal, siginfo_t *information, void *context) {
    (void)signal;
    greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
    struct judged_call call = {
        .number = information->si_syscall,
        .arguments = {(uintptr_t)registers[REG_RDI], (uintptr_t)registers[REG_RSI],
                      (uintptr_t)registers[REG_RDX]},
        .registers = registers,
    };
    char present = selector;
    selector = 0;
    registers[REG_RAX] = result_of(&call);
    selector = present;
}

static void take_the_signal(void) {
    struct {
        void (*handler)(int, siginfo_t *, void *);
        unsigned long flags;
        void *restorer;
        uint64_t mask;
    } action = {on_call, SA_SIGINFO | SA_NODEFER | 0x04000000 /* SA_RESTORER */,
                judged_calls_return, 0};
    syscall(SYS_rt_sigaction, SIGSYS, &action, NULL, sizeof action.mask);
}

int begin_judging(call_judge judge, void *context) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, take_the_signal);
    present_judge = judge;
    present_context = context;
    selector = 0;
    if (prctl(PR_SET_SYSCALL_USER_DISPATCH, 1, judged_calls_begin,
              judged_calls_end - judged_calls_begin, &selector) != 0)
        return 0;
    selector = 1;
    return 1;
}

void end_judging(void) {
    selector = 0;
    prctl(PR_SET_SYSCALL_USER_DISPATCH, 0, 0L, 0L, 0L);
}

long make_judged_call(const struct judged_call *call) {
    return judged_calls_make(call->number, call->registers);
}

#else

int begin_judging(call_judge judge, void *context) {
    (void)judge, (void)context;
    return 0;
}

void end_judging(void) {}

long make_judged_call(const struct judged_call *call) {
    (void)call;
    return -1;
}

#endif
