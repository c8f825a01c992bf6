// The handlers of fault signals: installs them, and passes on signals that no handler here takes.
#ifndef WIN32MEMORY_FAULT_SIGNALS_H
#define WIN32MEMORY_FAULT_SIGNALS_H

#include <signal.h>
#include <stdint.h>

/// 1 once the handlers are installed; other values before and meanwhile.
extern uint32_t win32memory_fault_signals_state;
static inline int fault_signals_are_installed(void) {
    return __atomic_load_n(&win32memory_fault_signals_state, __ATOMIC_RELAXED) == 1;
}

/// Installs handlers for SIGSEGV, SIGBUS, SIGFPE, SIGILL and SIGTRAP, once, and remembers the
/// actions that were installed before. May be called from any thread and any signal handler.
void fault_signals_install(void);

/// In the child of a fork: forgets that another thread was installing.
void fault_signals_restart_if_interrupted(void);

/// True if no handler but ours is installed for `signal`.
int fault_signals_end_by_default(int signal);

/// Ends the process by `signal`: through the action that was installed before ours, or at once.
void fault_signals_end_process(int signal) __attribute__((noreturn));
void fault_signals_end_process_at_once(int signal) __attribute__((noreturn));

/// The outcome of a signal: the result of win32memory_dispatch_signal.
enum fault_outcome {
    FAULT_UNCLAIMED,  ///< no handler took it: pass it on to the action before ours
    FAULT_CONTINUES,  ///< the registers are set: continue with them
    FAULT_TERMINATES, ///< the program wants to end by it, without further ado
};

#endif
