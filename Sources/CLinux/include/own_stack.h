// The stack of the calling thread.
#ifndef WIN32MEMORY_OWN_STACK_H
#define WIN32MEMORY_OWN_STACK_H

#include <stddef.h>
#include <stdint.h>

/// Ends of the calling thread's stack, remembered: the lowest address it may grow to, and that behind it,
/// where VirtualQuery sees it end too. Calls no malloc; signal-safe.
void thread_stack_limits(uintptr_t *low, uintptr_t *high);

/// True if the bytes lie above the caller's frame, no farther than 64 KiB from it, on the stack that
/// the kernel or the C library made for this thread, or on the very page of the frame: then they
/// can be written without asking the kernel. Other stacks (coroutines, alternate signal stacks,
/// thread stacks that the program made) can change at any time; of them only the page of the frame
/// counts.
int win32memory_is_on_own_stack(uintptr_t address, size_t byte_count);

/// Call after protections have changed of pages that may belong to a stack.
void win32memory_stacks_changed(void);

#endif
