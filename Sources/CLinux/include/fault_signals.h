// The signals that faults arrive by: taking them over, and passing on what nobody here handles.
#ifndef WIN32MEMORY_FAULT_SIGNALS_H
#define WIN32MEMORY_FAULT_SIGNALS_H

#include <signal.h>
#include <stdint.h>

/// One once the signals are taken over; else it is being done, or has not been.
extern uint32_t win32memory_fault_signals_state;
static inline int fault_signals_are_installed(void) {
    return __atomic_load_n(&win32memory_fault_signals_state, __ATOMIC_RELAXED) == 1;
}

/// Takes over SIGSEGV, SIGBUS, SIGFPE, SIGILL and SIGTRAP, once, and remembers the actions that
/// stood before. Any thread, any signal handler.
void fault_signals_install(void);

/// In a fork child: forgets that another thread was in the middle of installing.
void fault_signals_restart_if_interrupted(void);

/// True if nobody but us handles `signal`.
int fault_signals_end_by_default(int signal);

/// Ends the process by `signal`: through the action that stood before ours, or at once.
void fault_signals_end_process(int signal, int at_once) __attribute__((noreturn));

/// What became of a signal: the result of win32memory_dispatch_signal.
enum fault_outcome {
    FAULT_UNCLAIMED,  ///< nobody took it: pass it on to the action before ours
    FAULT_CONTINUES,  ///< the registers are set; go on there
    FAULT_TERMINATES, ///< the program wants to end by it, without further ado
};

#endif
