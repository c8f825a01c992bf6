// Checks, loads and stores of memory that callers name, which never fault.
#ifndef WIN32MEMORY_CALLER_MEMORY_H
#define WIN32MEMORY_CALLER_MEMORY_H

#include <stddef.h>
#include <stdint.h>

/// True if `byte_count` bytes at `address` can be written (or read) by this thread. No fault is
/// raised and nothing changes. Tests both ends of every page; zero bytes always pass.
int kernel_can_write(uintptr_t address, size_t byte_count);
int kernel_can_read(uintptr_t address, size_t byte_count);

/// Copies to (or from) memory that may be unmapped or protected at any moment, also by another
/// thread. Returns 1, or 0 if it cannot be written (or read). Nothing was stored then, except if
/// another thread protected the second page between the stores to the first and the second.
int kernel_store(uintptr_t address, const void *value, size_t byte_count);
int kernel_load(void *value, uintptr_t address, size_t byte_count);

#endif
