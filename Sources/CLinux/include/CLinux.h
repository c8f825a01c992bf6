// What Swift cannot say about Linux: thread-local storage, variadic system calls, macros that do
// not import, kernel interfaces newer than the installed headers, and fixed storage.
#ifndef WIN32MEMORY_CLINUX_H
#define WIN32MEMORY_CLINUX_H

#include "caller_memory.h"
#include "exception_state.h"
#include "fault_signals.h"
#include "foreign_mappings.h"
#include "handle_storage.h"
#include "machine.h"
#include "memory_figures.h"
#include "message_arguments.h"
#include "modules.h"
#include "numa.h"
#include "own_stack.h"
#include "pages.h"
#include "process.h"
#include "process_access.h"
#include "seh_frames.h"
#include "seh_table.h"
#include "stack_trace.h"
#include "streams.h"
#include "system_calls.h"
#include "thread_area.h"
#include "thread_sanitizer.h"
#include "thread_state.h"
#include "thread_values.h"
#include "waiting.h"

#endif
