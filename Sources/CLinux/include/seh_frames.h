// The frames of __try: offering them an exception. The rest is called by the macros of
// Include/win32memory/seh.h.
#ifndef WIN32MEMORY_SEH_FRAMES_H
#define WIN32MEMORY_SEH_FRAMES_H

#include <stddef.h>
#include <stdint.h>

/// Asks the filters of the calling thread's frames, innermost first. `pointers` is
/// EXCEPTION_POINTERS; `machine` the ucontext_t of the signal handler that this runs in, or null.
/// Returns 1 if one wants to go on, 0 if none wants the exception; not at all if one handles it.
int seh_offer(void *pointers, const void *machine);

/// Notes which stack a signal handler runs on, before anything is offered from within it.
void seh_note_stack(const void *machine);

/// One for each architecture (seh_frames_amd64.c). `registers` is a win32memory_seh_registers.
void seh_jump(const void *registers, int result) __attribute__((noreturn));

/// What is put aside while a filter is evaluated: the stack from here up to `end` (none if zero).
struct seh_evaluation {
    void *stack_pointer;
    size_t byte_count;
    unsigned char *copy;
};
/// Saves the stack, goes to `registers` with `result`, and returns with what seh_end_evaluation is
/// given, after the stack was put back.
int seh_begin_evaluation(struct seh_evaluation *evaluation, uintptr_t end, const void *registers,
                         int result);
void seh_end_evaluation(const struct seh_evaluation *evaluation, int answer)
    __attribute__((noreturn));

#endif
