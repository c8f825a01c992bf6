// The signal handler for faults, and the actions that were installed before it.
#define _GNU_SOURCE
#include "CLinux.h"
#include "callbacks.h"

#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

enum { NOT_INSTALLED, INSTALLED, INSTALLING }; // fault_signals_are_installed uses INSTALLED
uint32_t win32memory_fault_signals_state = NOT_INSTALLED;

static const int fault_signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP};
enum { FAULT_SIGNAL_COUNT = sizeof fault_signals / sizeof fault_signals[0] };
static struct sigaction previous_actions[FAULT_SIGNAL_COUNT];

static struct sigaction *previous_action(int signal) {
    for (int i = 0; i < FAULT_SIGNAL_COUNT; i++)
        if (fault_signals[i] == signal)
            return &previous_actions[i];
    return NULL;
}

static void set_default_action(int signal) {
    struct sigaction action = {.sa_handler = SIG_DFL};
    sigaction(signal, &action, NULL);
}

static void send_to_self(int signal) {
    syscall(SYS_tgkill, getpid(), (pid_t)syscall(SYS_gettid), signal);
}

// Not by an instruction: codes above zero come from the kernel.
static int was_sent(const siginfo_t *information) {
    return information->si_code <= 0;
}

// Ends the process by the signal's default action, with the registers of the fault: once this
// handler returns, the instruction faults again. A signal that was sent, or whose instruction would
// not fault again, is sent once more.
static void end_by_default(int signal, const siginfo_t *information, void *machine) {
    int repeats = !was_sent(information) && machine_prepare_repetition(signal, machine);
    set_default_action(signal);
    if (!repeats)
        send_to_self(signal);
}

// Calls an earlier action as the kernel would have called it. Only the stack may be another.
static void call_action(struct sigaction *action, int signal, siginfo_t *information,
                        void *machine) {
    struct sigaction before = *action;
    if (before.sa_flags & SA_RESETHAND)
        action->sa_handler = SIG_DFL;
    sigset_t blocked = before.sa_mask, saved;
    if (!(before.sa_flags & SA_NODEFER))
        sigaddset(&blocked, signal);
    pthread_sigmask(SIG_BLOCK, &blocked, &saved);
    if (before.sa_flags & SA_SIGINFO)
        before.sa_sigaction(signal, information, machine);
    else
        before.sa_handler(signal);
    pthread_sigmask(SIG_SETMASK, &saved, NULL);
}

// The program's own handler, on the same alternate stack, may have been interrupted.
static uintptr_t note_interrupted(const void *machine) {
    const stack_t *alternate = &((const ucontext_t *)machine)->uc_stack;
    uintptr_t interrupted = machine_interrupted_stack_pointer(machine);
    uintptr_t before = thread_area_note_interrupted(interrupted);
    if (!(alternate->ss_flags & SS_DISABLE) &&
        interrupted - (uintptr_t)alternate->ss_sp < alternate->ss_size)
        thread_area_note_interrupted(before);
    return before;
}

static void handle(int signal, siginfo_t *information, void *machine) {
    int saved_errno = errno;
    uint32_t saved_error = *win32memory_last_error();
    uintptr_t interrupted = note_interrupted(machine);
    int outcome = win32memory_dispatch_signal(signal, information, machine);
    struct sigaction *before = previous_action(signal);
    if (outcome == FAULT_TERMINATES) {
        end_by_default(signal, information, machine);
    } else if (outcome == FAULT_UNCLAIMED && before->sa_handler == SIG_IGN &&
               was_sent(information)) {
        // A signal that was sent is ignored, as by the earlier action. A fault cannot be ignored,
        // as with the kernel.
    } else if (outcome == FAULT_UNCLAIMED &&
               (before->sa_handler == SIG_DFL || before->sa_handler == SIG_IGN)) {
        win32memory_report_signal(signal, information, machine);
        end_by_default(signal, information, machine);
    } else if (outcome == FAULT_UNCLAIMED) {
        call_action(before, signal, information, machine);
    }
    thread_area_note_interrupted(interrupted);
    thread_area_adopt(machine);
    *win32memory_last_error() = saved_error;
    errno = saved_errno;
}

static void on_signal(int signal, siginfo_t *information, void *machine);
static const struct sigaction *own_action(void);

// The signal whose origin is being found out by a step; zero if none is.
static __thread int doubtful_signal __attribute__((tls_model("initial-exec")));

// Whether SIGTRAP would reach this handler.
static int can_step(const void *machine) {
    struct sigaction present;
    return !sigismember(&((const ucontext_t *)machine)->uc_sigmask, SIGTRAP) &&
           sigaction(SIGTRAP, NULL, &present) == 0 && present.sa_sigaction == on_signal;
}

// A program that saved our action and restored it with signal(2) took its flags away. Then the kernel tells
// nothing about the signal, and the registers of the trap may be those of an earlier one. The flags are
// put back, and the instruction runs again by a step: either it faults again, now with all the
// kernel tells, or the step ends, and the signal was sent. Only a trap is behind its instruction.
static int puts_flags_back(int signal, void *machine) {
    struct sigaction present;
    if (sigaction(signal, NULL, &present) != 0 || present.sa_sigaction != on_signal ||
        (present.sa_flags & SA_SIGINFO))
        return 0;
    sigaction(signal, own_action(), NULL);
    if (signal == SIGTRAP) {
        if (!machine_repeat_trap(machine))
            send_to_self(signal);
    } else if (can_step(machine)) {
        doubtful_signal = signal;
        machine_step_once(machine);
    }
    return 1;
}

// Returns whether `signal` only ended the step.
static int ends_doubt(int signal, void *machine) {
    int doubtful = doubtful_signal;
    if (!doubtful || (signal != SIGTRAP && signal != doubtful))
        return 0;
    doubtful_signal = 0;
    if (!machine_end_step(machine) || signal != SIGTRAP)
        return 0;
    send_to_self(doubtful);
    return 1;
}

// Must use little stack: an alternate stack may be hardly larger than the kernel's signal frame.
static void on_signal(int signal, siginfo_t *information, void *machine) {
    int saved_errno = errno;
    int is_done = ends_doubt(signal, machine) || puts_flags_back(signal, machine);
    errno = saved_errno;
    if (is_done)
        return;
    uintptr_t stack = thread_area_better_stack(machine);
    if (stack)
        machine_move_handler(stack, handle, signal, information, machine);
    handle(signal, information, machine);
}

static const struct sigaction *own_action(void) {
    static const struct sigaction ours = {
        .sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER | SA_RESTART};
    return &ours;
}

static void install(int signal) {
    struct sigaction present;
    // The earlier action is stored before ours is installed, because another thread may fault at
    // any moment.
    if (sigaction(signal, NULL, &present) != 0 || present.sa_sigaction == on_signal)
        return;
    *previous_action(signal) = present;
    sigaction(signal, own_action(), NULL);
}

void fault_signals_install(void) {
    if (__atomic_load_n(&win32memory_fault_signals_state, __ATOMIC_ACQUIRE) == INSTALLED)
        return;
    int saved_errno = errno;
    // A signal handler that interrupts this thread could not wait for it to finish.
    uint64_t blocked;
    kernel_block_signals(&blocked);
    for (;;) {
        uint32_t expected = NOT_INSTALLED;
        if (__atomic_compare_exchange_n(&win32memory_fault_signals_state, &expected, INSTALLING, 0,
                                        __ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE)) {
            for (int i = 0; i < FAULT_SIGNAL_COUNT; i++)
                install(fault_signals[i]);
            __atomic_store_n(&win32memory_fault_signals_state, INSTALLED, __ATOMIC_RELEASE);
        }
        if (expected == INSTALLED || expected == NOT_INSTALLED)
            break;
        sched_yield();
    }
    kernel_restore_signals(&blocked);
    errno = saved_errno;
}

void fault_signals_restart_if_interrupted(void) {
    uint32_t expected = INSTALLING;
    __atomic_compare_exchange_n(&win32memory_fault_signals_state, &expected, NOT_INSTALLED, 0,
                                __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

int fault_signals_end_by_default(int signal) {
    struct sigaction present;
    if (sigaction(signal, NULL, &present) != 0)
        return 1;
    if (present.sa_sigaction == on_signal)
        present = *previous_action(signal);
    return present.sa_handler == SIG_DFL || present.sa_handler == SIG_IGN;
}

static void unblock(int signal) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, signal);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

void fault_signals_end_process_at_once(int signal) {
    unblock(signal);
    set_default_action(signal);
    send_to_self(signal);
    abort();
}

void fault_signals_end_process(int signal) {
    unblock(signal);
    // First the program's own handler (a crash reporter), if there is one; if it returns, the
    // default action.
    send_to_self(signal);
    fault_signals_end_process_at_once(signal);
}
