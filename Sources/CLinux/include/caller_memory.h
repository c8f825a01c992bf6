// Memory that callers name: whether it can be used, and loads and stores that never fault.
#ifndef WIN32MEMORY_CALLER_MEMORY_H
#define WIN32MEMORY_CALLER_MEMORY_H

#include <stddef.h>
#include <stdint.h>

/// True if `byte_count` bytes at `address` can be written (or read) by this thread. No fault is
/// raised and nothing changes. Both ends of every page are looked at; zero bytes always pass.
int kernel_can_write(uintptr_t address, size_t byte_count);
int kernel_can_read(uintptr_t address, size_t byte_count);

/// Copies to (or from) memory that may be unmapped or protected at any moment, also by another
/// thread. Returns 1; 0 if it cannot be written (or read): then nothing was stored in it, unless
/// that came about between the first page and the second.
int kernel_store(uintptr_t address, const void *value, size_t byte_count);
int kernel_load(void *value, uintptr_t address, size_t byte_count);

/// True if the bytes lie above the caller's frame, no farther than 64 KiB from it, on the stack that
/// the kernel or the C library made for this thread, or on the very page of the frame: then they can
/// be written without asking. Stacks of another making (coroutines, alternate signal stacks, threads
/// on memory of the program's) can change at any time; of them only the frame's page counts.
int win32memory_is_on_own_stack(uintptr_t address, size_t byte_count);

/// To be called when protections have changed that may be those of a stack.
void win32memory_stacks_changed(void);

#endif
