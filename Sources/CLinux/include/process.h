// Facts about the process and the machine.
#ifndef WIN32MEMORY_PROCESS_H
#define WIN32MEMORY_PROCESS_H

#include <stddef.h>
#include <stdint.h>

#include "machine.h"

/// Value of an environment variable, or a null pointer. Not safe against a concurrent setenv.
const char *process_environment(const char *name);
/// NAME=value number `index`, or a null pointer after the last.
const char *process_environment_entry(intptr_t index);
uint32_t process_identifier(void);
/// Whether a debugger traces the process.
int process_is_traced(void);
/// Calls exit(3).
void process_exit(uint32_t code) __attribute__((noreturn));

/// Fills the buffer with random bytes. Returns 0, or a negated errno.
int kernel_random(void *buffer, size_t byte_count);

/// Makes code that was just written visible to instruction fetches of this process.
void processor_flush_instructions(uintptr_t address, uint64_t byte_count);

/// Processors that this process may run on: how many, and the first 64 as a mask.
uint32_t process_processors(uint64_t *mask);

/// The identity of the processor, determined once.
struct machine_identity processor_identity(void);

/// setenv(3) and unsetenv(3). Return 0 or a negated errno: -ENOENT if there is no such variable to remove.
int process_set_environment(const char *name, const char *value);
int process_remove_environment(const char *name);

/// A memory barrier on every processor that runs a thread of this process.
void process_flush_write_buffers(void);

#endif
