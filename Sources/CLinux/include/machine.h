// The functions that a processor architecture must provide. All code for one machine is in the
// folder of its name (amd64), in files that compile to nothing on others. A second machine needs a
// second folder, and a line at the end of this header.
//
// `machine` is a ucontext_t, `record` an EXCEPTION_RECORD and `context` a CONTEXT; this header must not
// know Windows' types. All functions are async-signal-safe and leave errno alone.
#ifndef WIN32MEMORY_MACHINE_H
#define WIN32MEMORY_MACHINE_H

#include <signal.h>
#include <stddef.h>
#include <stdint.h>

// Context: the registers of a thread in the kernel's form and in Windows'.

/// Reads all registers of `machine` into `context`: CONTEXT_FULL and segments, if the machine has any.
void machine_read_context(void *context, const void *machine);

/// Copies the parts of `context` that its ContextFlags name into `machine`, whose registers the
/// interrupted program resumes with.
void machine_apply_context(void *machine, const void *context);

/// Continues with the registers of `context`. Signal mask and alternate stack do not change.
void machine_resume(const void *context) __attribute__((noreturn));

uint64_t machine_stack_pointer(const void *context);
uint64_t machine_instruction_pointer(const void *context);
uint64_t machine_frame_pointer(const void *context);
uint64_t machine_interrupted_stack_pointer(const void *machine);

// Exceptions: why an instruction failed.

/// Translates a signal that an instruction of this thread caused; fills `record` and `context`.
/// `information` is the handler's siginfo_t. The instruction pointer of `context` is at the
/// instruction, even if the kernel's is behind it. Code 0 means that the instruction is to be
/// skipped: then `context` is behind it already. Returns 0, and fills nothing, if no instruction
/// caused the signal, because it was sent.
int machine_describe_exception(int signal, const void *information, const void *machine,
                               void *record, void *context);

/// Makes the interrupted instruction the next one to run, if the signal came after it. Returns 0 if
/// running it again would not raise the signal again.
int machine_prepare_repetition(int signal, void *machine);

/// Lets SIGTRAP come once more for the breakpoint or step that it came for. Returns 0 if it came for neither.
int machine_repeat_trap(void *machine);
/// Lets the interrupted program run one instruction, after which SIGTRAP comes.
void machine_step_once(void *machine);
/// Takes the request for a step back. Returns whether SIGTRAP came for a step.
int machine_end_step(void *machine);

/// Runs a signal handler below `stack`, with copies of the kernel's information. Then the
/// interrupted program continues as if the kernel had called the handler there.
void machine_move_handler(uintptr_t stack, void (*handler)(int, siginfo_t *, void *), int signal,
                          const siginfo_t *information, const void *machine)
    __attribute__((noreturn));

/// Executes a breakpoint instruction.
void machine_break(void);

// Frames of __try. A machine also writes the functions of Include/win32memory/seh_frame.h that need the
// registers of their caller: win32memory_seh_enter, _leave, _answer and _end_finally. Each stores
// them as they will be when it has returned, then continues in seh_frames.c. `registers` is a
// win32memory_seh_registers.

/// The function that saved `registers` returns once more, with `result`, and with this stack pointer.
void machine_jump(const void *registers, const void *stack_pointer, uintptr_t result)
    __attribute__((noreturn));

/// Jumps to `registers` with `result`, and with a stack pointer below the current one. Returns the
/// value that machine_end_evaluation is called with. `stack_pointer` receives this function's own.
int machine_begin_evaluation(void **stack_pointer, const void *registers, uintptr_t result);
void machine_end_evaluation(void *const *stack_pointer, int answer) __attribute__((noreturn));

/// Jumps to `registers` with `result`, and with a stack pointer below the current one. Stores its
/// own return in at_return of `frame`, a win32memory_seh_frame that is being left, and returns when
/// the code jumps there.
void machine_run_block(void *frame, const void *registers, uintptr_t result);

// Stack trace. A machine also writes RtlCaptureContext (Include/win32memory/stack_trace.h): the registers
// as they are when it has returned. A frame is taken to be two words, the frame pointer and the return
// address of the caller (stack_trace.c).

// Software exceptions. A machine also writes RaiseException (Include/errhandlingapi.h), which needs the
// registers of its caller: it fills a `context` with their values right after the call, passes it
// to win32memory_dispatch_raised (callbacks.h), and resumes it if that returns. It changes neither
// errno nor the last error.

// The processor itself.

/// The identity of the processor, in the form of SYSTEM_INFO.
struct machine_identity {
    uint16_t level;    ///< family; zero if it does not say
    uint16_t revision; ///< model and stepping
};
struct machine_identity machine_identity(void);

// In line, in a header of the machine's folder:
//
// long machine_call_3(long number, long first, long second, long third)
// long machine_call_4(long number, long first, long second, long third, long fourth): a system call; the
//     kernel's result, which is a negated errno if it refuses.
// void machine_pause(void): tells the processor that this is a spin loop.
// MACHINE_ARCHITECTURE, MACHINE_PROCESSOR_TYPE: its numbers in SYSTEM_INFO.
#if defined(__x86_64__)
#include "../amd64/in_line_amd64.h"
#else
#error "This machine has no folder yet; see above what it must provide."
#endif

#endif
