// System calls of one thread that a test judges before they are made: it may refuse them, or do something
// in between, as a signal handler might. By syscall user dispatch (Linux 5.11, x86-64).
#ifndef JUDGED_CALLS_H
#define JUDGED_CALLS_H

#include "sanitizer.h"

#include <stdint.h>
#include <sys/syscall.h>

/// A call that is about to be made: its number, and the first three of its arguments.
struct judged_call {
    long number;
    uintptr_t arguments[3];
    /// For `make_judged_call`.
    const void *registers;
};

// What a judge answers, besides an errno value, by which the call is refused.
#define CALL_IS_TO_BE_MADE 0
#define CALL_WAS_MADE (-1)

/// Judges calls that map, unmap or protect memory, give advice on it, lock or unlock it. Calls that it
/// makes itself are not judged.
typedef int (*call_judge)(void *context, const struct judged_call *call);

/// From now on `judge` is asked before each such call of this thread. Changes of the signal mask are
/// not made meanwhile. Returns zero if the kernel, or the processor, cannot do it.
int begin_judging(call_judge judge, void *context);
void end_judging(void);

/// For a judge that wants to do something after the call. Returns the kernel's result.
long make_judged_call(const struct judged_call *call);

#endif
