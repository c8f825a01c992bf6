// The callers of a function.
#ifndef WIN32MEMORY_CLINUX_STACK_TRACE_H
#define WIN32MEMORY_CLINUX_STACK_TRACE_H

#include <stddef.h>
#include <stdint.h>

/// The return addresses of the callers of `context`, a CONTEXT, as far as functions keep frame
/// pointers; at most `capacity`. Never faults.
size_t stack_trace_callers(const void *context, uintptr_t *callers, size_t capacity);

#endif
