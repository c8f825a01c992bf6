// Offers an exception to __try frames: evaluates filters, unwinds, and leaves bodies.
//
// To evaluate a filter, this code jumps back into the function of its __try, with that function's
// frame pointer, but with a stack pointer below everything that is still needed. So the functions
// in between keep their stack, and execution can continue at the faulting instruction. All filters
// of one activation are evaluated without returning in between, so that a filter sees the variables
// that the one before has stored in registers.
#define _GNU_SOURCE
#include "CLinux.h"

#include <signal.h>
#include <ucontext.h>
#include <windows.h>

#include "win32memory/seh_frame.h"

typedef struct win32memory_seh_frame Frame;
typedef struct win32memory_seh_ending Ending;

// The runtime of the address sanitizer, if there is one, must know of jumps over frames.
extern void __asan_handle_no_return(void) __attribute__((weak));

static void __attribute__((noreturn)) jump(const struct win32memory_seh_registers *registers,
                                           const void *stack_pointer, uintptr_t result) {
    if (__asan_handle_no_return)
        __asan_handle_no_return();
    machine_jump(registers, stack_pointer, result);
}

// Runs the __finally block below the current stack of the function.
__attribute__((noreturn)) void win32memory_seh_begin_leaving(Frame *frame) {
    seh_table_remove(frame);
    frame->stage = WIN32MEMORY_SEH_LEAVING;
    jump(&frame->at_entry, frame->at_return.stack_pointer, WIN32MEMORY_SEH_LEAVING);
}

static Frame *next_in_activation(const Frame *frame) {
    struct seh_walk walk = {.high = (uintptr_t)frame->activation + 1};
    seh_walk_resume(&walk, frame->activation, frame->serial);
    return seh_walk_next(&walk);
}

// The last frame of the activation, from `frame` on and not beyond `target`, whose filter was
// evaluated.
static const Frame *last_asked(const Frame *frame, const Frame *target) {
    const Frame *next;
    while (frame != target && (next = next_in_activation(frame)) != NULL)
        frame = next;
    return frame;
}

static void __attribute__((noreturn)) enter(Frame *frame, enum win32memory_seh_stage stage,
                                            const struct win32memory_seh_registers *registers) {
    frame->stage = stage;
    jump(registers, frame->at_entry.stack_pointer, (uintptr_t)frame->landing);
}

// Runs the __finally blocks between here and `target`, then the handler of `target`. Each block
// returns here when it ends (`ending`).
static void __attribute__((noreturn))
unwind(struct seh_walk *walk, Frame *target, const Ending *ending) {
    for (Frame *frame; (frame = seh_walk_next(walk)) != NULL;) {
        int is_same_activation = ending && frame->activation == ending->activation;
        const Frame *asked = last_asked(frame, target);
        const struct win32memory_seh_registers *registers =
            is_same_activation ? &ending->at_return : &asked->at_return;
        seh_table_remove(frame);
        if (frame == target) {
            seh_table_note_handled(frame);
            enter(frame, WIN32MEMORY_SEH_HANDLER, registers);
        }
        if (frame->is_finally) {
            frame->target = target;
            enter(frame, WIN32MEMORY_SEH_UNWINDING, registers);
        }
    }
    __builtin_trap(); // unreachable: `target` stays in the table until it is removed above
}

__attribute__((noreturn)) void win32memory_seh_go_on(Ending *ending) {
    if (ending->stage == WIN32MEMORY_SEH_LEAVING)
        jump(&ending->at_leaving, ending->at_leaving.stack_pointer, 0);
    struct seh_walk walk;
    seh_walk_begin(&walk, (uintptr_t)ending->activation, NULL);
    seh_walk_resume(&walk, ending->activation, ending->serial);
    unwind(&walk, ending->target, ending);
}

// The state of one offer. It is on the stack of the dispatcher, which stays valid meanwhile.
struct evaluation {
    void *stack_pointer;
    struct seh_walk walk;
    EXCEPTION_POINTERS *pointers;
    Frame *frame;              // whose filter was evaluated last
    Frame before;              // its members before, if its own filter raised this exception
    const Frame *nested_until; // up to this frame the exception is nested: a filter raised it
};

static int is_further_out(const Frame *frame, const Frame *other) {
    return frame->activation == other->activation ? frame->serial < other->serial
                                                  : frame->activation > other->activation;
}

static void prepare(Frame *frame, struct evaluation *evaluation) {
    EXCEPTION_RECORD *record = evaluation->pointers->ExceptionRecord;
    evaluation->frame = frame;
    evaluation->before = *frame;
    frame->pointers = evaluation->pointers;
    frame->code = record->ExceptionCode;
    frame->evaluation = evaluation;
    frame->stage = WIN32MEMORY_SEH_FILTER;
    record->ExceptionFlags &= ~(DWORD)EXCEPTION_NESTED_CALL;
    if (evaluation->nested_until && !is_further_out(frame, evaluation->nested_until))
        record->ExceptionFlags |= EXCEPTION_NESTED_CALL;
}

__attribute__((noreturn)) void win32memory_seh_answered(Frame *frame, LONG answer) {
    struct evaluation *evaluation = frame->evaluation;
    if (answer == WIN32MEMORY_SEH_IS_FINALLY) {
        frame->is_finally = 1;
        answer = EXCEPTION_CONTINUE_SEARCH;
    }
    frame->stage = evaluation->before.stage;
    frame->pointers = evaluation->before.pointers;
    frame->evaluation = evaluation->before.evaluation;
    if (answer > 0)
        machine_end_evaluation(&evaluation->stack_pointer, 1);
    frame->code = evaluation->before.code;
    if (answer < 0)
        machine_end_evaluation(&evaluation->stack_pointer, -1);
    Frame *next = next_in_activation(frame);
    if (!next)
        machine_end_evaluation(&evaluation->stack_pointer, 0);
    seh_walk_next(&evaluation->walk);
    prepare(next, evaluation);
    machine_jump(&frame->at_return, frame->at_return.stack_pointer, (uintptr_t)next->landing);
}

// Evaluates the filters of `frame` and of the frames further out in its activation, until one takes
// the exception or wants execution to continue.
static int evaluate(Frame *frame, struct evaluation *evaluation) {
    const Frame *latest = frame->latest;
    prepare(frame, evaluation);
    if (__asan_handle_no_return)
        __asan_handle_no_return();
    int answer = latest ? machine_begin_evaluation(&evaluation->stack_pointer, &latest->at_return,
                                                   (uintptr_t)frame->landing)
                        : machine_begin_evaluation(&evaluation->stack_pointer, &frame->at_entry,
                                                   WIN32MEMORY_SEH_FILTER);
    for (Frame *inner = frame;; inner = next_in_activation(inner)) {
        inner->latest = evaluation->frame;
        if (inner == evaluation->frame)
            return answer;
    }
}

// The outermost frame whose filter is being evaluated.
static const Frame *outermost_in_filter(struct seh_walk walk) {
    const Frame *found = NULL;
    for (const Frame *frame; (frame = seh_walk_next(&walk)) != NULL;)
        if (frame->stage == WIN32MEMORY_SEH_FILTER)
            found = frame;
    return found;
}

int seh_offer(void *opaque_pointers, const void *machine) {
    struct evaluation evaluation = {.pointers = opaque_pointers};
    EXCEPTION_RECORD *record = evaluation.pointers->ExceptionRecord;
    seh_walk_begin(&evaluation.walk, machine_stack_pointer(evaluation.pointers->ContextRecord),
                   machine);
    struct seh_walk start = evaluation.walk;
    evaluation.nested_until = outermost_in_filter(start);
    DWORD flags = record->ExceptionFlags;
    int answer = 0;
    for (Frame *frame; answer == 0 && (frame = seh_walk_next(&evaluation.walk)) != NULL;)
        answer = evaluate(frame, &evaluation);
    record->ExceptionFlags = flags;
    if (answer > 0) {
        // Our action blocks no signals, but another handler that called ours may.
        if (machine)
            pthread_sigmask(SIG_SETMASK, &((const ucontext_t *)machine)->uc_sigmask, NULL);
        unwind(&start, evaluation.frame, NULL);
    }
    return answer < 0;
}

__attribute__((visibility("default"))) DWORD win32memory_seh_code(void *activation, DWORD number) {
    uint32_t code;
    const Frame *frame = seh_table_find(activation, number, &code);
    return frame ? frame->code : code;
}

__attribute__((visibility("default"))) EXCEPTION_POINTERS *
win32memory_seh_information(void *activation, DWORD number) {
    uint32_t code;
    const Frame *frame = seh_table_find(activation, number, &code);
    return frame && frame->stage == WIN32MEMORY_SEH_FILTER ? frame->pointers : NULL;
}
