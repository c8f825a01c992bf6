// The registers of a thread in the kernel's form (ucontext_t) and in Windows' (CONTEXT). There is
// one implementation for each architecture. `machine` is a ucontext_t, `record` an EXCEPTION_RECORD
// and `context` a CONTEXT; this header must not know Windows' types.
#ifndef WIN32MEMORY_MACHINE_CONTEXT_H
#define WIN32MEMORY_MACHINE_CONTEXT_H

#include <signal.h>
#include <stddef.h>
#include <stdint.h>

/// Translates a signal that an instruction of this thread caused; fills `record` and `context`.
/// Returns 0, and fills nothing, if no instruction did: somebody sent the signal.
int machine_describe_exception(int signal, const void *information, const void *machine,
                               void *record, void *context);

/// Whether the interrupted division failed because its quotient does not fit, not for a zero divisor.
int machine_division_overflowed(const void *machine);

/// Puts the parts of `context` that its ContextFlags name into the registers to be resumed with.
void machine_apply_context(void *machine, const void *context);

uint64_t machine_interrupted_stack_pointer(const void *machine);

/// Makes the interrupted instruction the next one, if the signal came after it. Returns 0 if
/// running it again would not raise the signal again.
int machine_prepare_repetition(int signal, void *machine);

/// Reads the registers of `machine` into `context`.
void machine_read_context(void *context, const void *machine);

/// Fills the segment registers of `context` as Windows shows them.
void machine_show_segments(void *context);

/// Runs the handler of a signal below `stack`, with copies of what the kernel told; then the
/// interrupted program goes on as if the kernel had called the handler there.
void machine_move_handler(uintptr_t stack, void (*handler)(int, siginfo_t *, void *), int signal,
                          const siginfo_t *information, const void *machine)
    __attribute__((noreturn));

/// Goes on with the registers of `context`.
void machine_resume(const void *context) __attribute__((noreturn));

uint64_t machine_stack_pointer(const void *context);
uint64_t machine_instruction_pointer(const void *context);

/// Return addresses of the functions that `context` was called by, as far as they keep frame pointers:
/// at most `capacity`. Reads nothing that cannot be read.
size_t machine_callers(const void *context, uintptr_t *callers, size_t capacity);

#endif
