// The callers of a function.
#ifndef WIN32MEMORY_CLINUX_STACK_TRACE_H
#define WIN32MEMORY_CLINUX_STACK_TRACE_H

#include <stddef.h>
#include <stdint.h>

/// Return addresses of the functions that `context`, a CONTEXT, was called by, as far as they keep frame
/// pointers: at most `capacity`. Reads nothing that cannot be read.
size_t stack_trace_callers(const void *context, uintptr_t *callers, size_t capacity);

#endif
