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

/// One for each architecture (seh_frames_amd64.c). `registers` is a win32memory_seh_registers; the
/// function that saved them returns once more, with `result`, and with this stack pointer.
void seh_jump(const void *registers, const void *stack_pointer, uintptr_t result)
    __attribute__((noreturn));

/// Goes to `registers` with `result` on what the stack has left, and returns with what
/// seh_end_evaluation is given. `stack_pointer` takes this function's own.
int seh_begin_evaluation(void **stack_pointer, const void *registers, uintptr_t result);
void seh_end_evaluation(void *const *stack_pointer, int answer) __attribute__((noreturn));

/// Goes to `registers` with `result`, below what the stack holds now, and returns when that goes back to
/// what this leaves in at_return of `frame`, a win32memory_seh_frame that is being left.
void seh_run_block(void *frame, const void *registers, uintptr_t result);

#endif
