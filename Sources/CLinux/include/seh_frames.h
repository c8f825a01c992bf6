// Offers an exception to the frames of __try. The macros of Include/win32memory/seh.h call the
// other functions.
#ifndef WIN32MEMORY_SEH_FRAMES_H
#define WIN32MEMORY_SEH_FRAMES_H

#include <stddef.h>
#include <stdint.h>

/// Asks the filters of the frames on the stack that the exception came from, innermost first.
/// `pointers` is EXCEPTION_POINTERS; `machine` the ucontext_t of the signal handler that this runs in,
/// or null. Returns 1 if a filter wants execution to continue, 0 if none takes the exception. Does
/// not return if one handles it.
int seh_offer(void *pointers, const void *machine);

#endif
