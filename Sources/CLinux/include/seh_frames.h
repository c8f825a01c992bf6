// The frames of __try: offering them an exception. The rest is called by the macros of
// Include/win32memory/seh.h.
#ifndef WIN32MEMORY_SEH_FRAMES_H
#define WIN32MEMORY_SEH_FRAMES_H

#include <stddef.h>
#include <stdint.h>

/// Asks the filters of the frames on the stack that the exception came from, innermost first.
/// `pointers` is EXCEPTION_POINTERS; `machine` the ucontext_t of the signal handler that this runs in,
/// or null. Returns 1 if one wants to go on, 0 if none wants the exception; not at all if one handles
/// it.
int seh_offer(void *pointers, const void *machine);

#endif
