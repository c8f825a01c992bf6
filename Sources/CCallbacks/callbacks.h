// Functions that CLinux calls and Swift implements, each in the file named.
#ifndef WIN32MEMORY_CALLBACKS_H
#define WIN32MEMORY_CALLBACKS_H

#include <stdint.h>

/// MemoryManager+Query.swift: whether this library gave out the memory at `address`.
int win32memory_is_ours(uintptr_t address);

/// ForkHandlers.swift: called in the thread that forks, before fork, and after it in parent and
/// child.
void win32memory_before_fork(void);
void win32memory_after_fork_in_parent(void);
void win32memory_after_fork_in_child(uint32_t former_thread, uint32_t thread);

/// ThreadStorage.swift: calls the callbacks of a thread that ends; then, when the thread has no
/// block any more, leaves the block to the next thread.
void win32memory_thread_ends(void *values);
void win32memory_thread_ended(void *values);

/// SignalEntry.swift: dispatches a signal. `information` is a siginfo_t, `machine` a ucontext_t. Returns a
/// fault_outcome (fault_signals.h).
int win32memory_dispatch_signal(int signal, const void *information, void *machine);

/// SignalEntry.swift: prints the line about a fault that is going to end the process. Called before the
/// default action.
void win32memory_report_signal(int signal, const void *information, const void *machine);

/// RaisedException.swift: dispatches what RaiseException (written for each architecture) was called with.
/// `context` is that of its caller, right behind the call. Returns if execution is to continue there.
void win32memory_dispatch_raised(uint32_t code, uint32_t flags, uint32_t argument_count,
                                 const uint64_t *arguments, void *context);

#endif
