// The chain of __try frames of each thread: entering and ending, filters, unwinding.
//
// A filter is evaluated in the frame of its __try, that is, on a part of the stack that functions
// between there and here still occupy. What they occupy is copied away before and put back after,
// so that execution can go on at the faulting instruction. Once a filter has decided to handle the
// exception, they are gone for good and the jump is final.
#define _GNU_SOURCE
#include "CLinux.h"

#include <signal.h>
#include <ucontext.h>
#include <windows.h>

#include "win32memory/seh.h"
#undef __try
#undef __leave

typedef struct win32memory_seh_frame Frame;

#define THREAD_LOCAL __thread __attribute__((tls_model("initial-exec")))
static THREAD_LOCAL Frame *innermost;
// The alternate stack that a signal handler was last seen on, and where the other one ended then.
static THREAD_LOCAL uintptr_t alternate_start, alternate_end, interrupted_stack_pointer;

// A sanitizer's runtime, if the program has one, must hear of frames that are jumped over.
extern void __asan_handle_no_return(void) __attribute__((weak));

// Nothing below the stack pointer may be relied upon beyond this (System V ABI, red zone).
enum { RED_ZONE = 128, MARGIN = 1024, SHORT_STRETCH = 65536 };

static int is_on_alternate_stack(uintptr_t address) {
    return address >= alternate_start && address < alternate_end;
}

static uintptr_t stack_pointer_of(const Frame *frame) {
    return (uintptr_t)frame->at_entry.stack_pointer;
}

// Drops frames of functions that a longjmp has left: they lie below the present end of their stack,
// or on the alternate stack when that is not in use.
static void forget_frames_below(uintptr_t stack_pointer) {
    int is_alternate = is_on_alternate_stack(stack_pointer);
    for (; innermost; innermost = innermost->outer) {
        uintptr_t frame_end = stack_pointer_of(innermost);
        int is_frame_alternate = is_on_alternate_stack(frame_end);
        if (is_frame_alternate == is_alternate ? frame_end >= stack_pointer : is_alternate)
            break;
    }
}

int win32memory_seh_push(Frame *frame) {
    fault_signals_install();
    forget_frames_below(stack_pointer_of(frame));
    // The same statement again, after a longjmp out of it.
    if (innermost == frame)
        innermost = frame->outer;
    frame->outer = innermost;
    innermost = frame;
    return WIN32MEMORY_SEH_BODY;
}

static void take_away(const Frame *frame) {
    forget_frames_below(stack_pointer_of(frame));
    if (innermost == frame)
        innermost = frame->outer;
}

static void __attribute__((noreturn)) go_to(Frame *frame, enum win32memory_seh_stage stage) {
    innermost = frame->outer;
    frame->stage = stage;
    if (__asan_handle_no_return)
        __asan_handle_no_return();
    seh_jump(&frame->at_entry, stage);
}

// Runs the __finally blocks on the way to `target`, each of which comes back here when it ends.
static void __attribute__((noreturn)) unwind(Frame *frame, Frame *target) {
    for (; frame != target; frame = frame->outer) {
        if (frame->is_finally) {
            frame->target = target;
            go_to(frame, WIN32MEMORY_SEH_UNWINDING);
        }
    }
    go_to(target, WIN32MEMORY_SEH_HANDLER);
}

__attribute__((visibility("default"))) int win32memory_seh_goes_on(Frame *frame) {
    int stage = frame->stage;
    if (stage == WIN32MEMORY_SEH_BODY) {
        if (frame->is_entered) {
            take_away(frame);
            frame->stage = WIN32MEMORY_SEH_ENDED;
        }
        frame->is_entered = 1;
        return 1;
    }
    frame->stage = WIN32MEMORY_SEH_DONE;
    if (stage == WIN32MEMORY_SEH_UNWINDING)
        unwind(frame->outer, frame->target);
    if (stage == WIN32MEMORY_SEH_LEAVING)
        seh_jump(&frame->at_leaving, 0);
    return 0;
}

__attribute__((visibility("default"))) void win32memory_seh_end_body(Frame *frame) {
    take_away(frame);
    innermost = frame->outer;
    go_to(frame, WIN32MEMORY_SEH_ENDED);
}

__attribute__((noreturn)) void win32memory_seh_begin_leaving(Frame *frame) {
    take_away(frame);
    frame->stage = WIN32MEMORY_SEH_LEAVING;
    seh_jump(&frame->at_entry, WIN32MEMORY_SEH_LEAVING);
}

__attribute__((visibility("default"))) void win32memory_seh_answer(Frame *frame, LONG answer) {
    if (answer == WIN32MEMORY_SEH_IS_FINALLY) {
        frame->is_finally = 1;
        answer = EXCEPTION_CONTINUE_SEARCH;
    }
    frame->stage = WIN32MEMORY_SEH_BODY;
    seh_end_evaluation(frame->evaluation, answer);
}

void seh_note_stack(const void *opaque_machine) {
    const ucontext_t *machine = opaque_machine;
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);
    uintptr_t start = (uintptr_t)machine->uc_stack.ss_sp;
    if ((machine->uc_stack.ss_flags & SS_DISABLE) || here - start >= machine->uc_stack.ss_size)
        return;
    alternate_start = start;
    alternate_end = start + machine->uc_stack.ss_size;
    uintptr_t interrupted = machine_interrupted_stack_pointer(machine);
    if (!is_on_alternate_stack(interrupted))
        interrupted_stack_pointer = interrupted;
}

// Memory between two addresses that was found to be one stack, from `start` up.
struct stretch {
    uintptr_t start;
    uintptr_t end;
};

// Stretches that the filter of `frame` may overwrite: of the stack that this runs on, and, when
// that is an alternate one, of the stack that was interrupted. Returns 0 if the stacks are not
// understood.
static int find_stretches(const Frame *frame, uintptr_t here, struct stretch *own,
                          struct stretch *other) {
    uintptr_t there = stack_pointer_of(frame);
    *own = (struct stretch){here, there};
    *other = (struct stretch){0, 0};
    int is_elsewhere = is_on_alternate_stack(here) && !is_on_alternate_stack(there);
    if (is_elsewhere)
        own->end = alternate_end;
    if (own->start >= own->end)
        return 0;
    if (!is_elsewhere && there - here < SHORT_STRETCH)
        return 1;
    struct kernel_mapping stack;
    if (kernel_mapping_at_or_after(there - 1, &stack) != 0 || stack.start >= there)
        return 0;
    if (!is_elsewhere)
        return stack.start <= here;
    // A stack that ran out may have been interrupted with its pointer already beyond its end.
    uintptr_t lowest = (interrupted_stack_pointer - RED_ZONE) & ~(uintptr_t)7;
    *other = (struct stretch){lowest > stack.start ? lowest : stack.start, there};
    return other->start < there;
}

// What a filter is shown, out of the way of the stack that it may overwrite.
struct shown_exception {
    struct seh_evaluation evaluation;
    EXCEPTION_POINTERS pointers;
    CONTEXT context;
    EXCEPTION_RECORD record;
    EXCEPTION_RECORD cause; // of a nested exception
};

static void show(struct shown_exception *shown, const EXCEPTION_POINTERS *pointers) {
    shown->pointers = (EXCEPTION_POINTERS){&shown->record, &shown->context};
    shown->context = *pointers->ContextRecord;
    shown->record = *pointers->ExceptionRecord;
    if (shown->record.ExceptionRecord) {
        shown->cause = *shown->record.ExceptionRecord;
        shown->cause.ExceptionRecord = NULL;
        shown->record.ExceptionRecord = &shown->cause;
    }
}

// A sanitizer's memcpy would object to other functions' stack; hence the barrier, too.
static void copy_stack(uintptr_t to, uintptr_t from, size_t byte_count) {
    for (size_t i = 0; i + sizeof(uintptr_t) <= byte_count; i += sizeof(uintptr_t)) {
        *(uintptr_t *)(to + i) = *(const uintptr_t *)(from + i);
        __asm__ volatile("" ::: "memory");
    }
}

static int evaluate_filter(Frame *frame, EXCEPTION_POINTERS *pointers) {
    struct stretch own, other;
    uintptr_t here = (uintptr_t)__builtin_frame_address(0) - MARGIN;
    if (!find_stretches(frame, here, &own, &other))
        return EXCEPTION_CONTINUE_SEARCH;
    size_t own_size = (own.end - own.start + 7) & ~(size_t)7, other_size = other.end - other.start;
    size_t size = sizeof(struct shown_exception) + own_size + other_size;
    intptr_t block = kernel_map_anywhere(size, KERNEL_PROT_READ | KERNEL_PROT_WRITE);
    // Without memory nothing can be evaluated and undone again; the frame is passed over.
    if (block < 0)
        return EXCEPTION_CONTINUE_SEARCH;
    struct shown_exception *shown = (struct shown_exception *)block;
    struct seh_evaluation *evaluation = &shown->evaluation;
    evaluation->copy = (unsigned char *)(shown + 1);
    show(shown, pointers);
    copy_stack((uintptr_t)evaluation->copy + own_size, other.start, other_size);

    // A fault in the filter is for the frames further out.
    Frame *saved = innermost;
    uintptr_t saved_stack_pointer = interrupted_stack_pointer;
    innermost = frame->outer;
    frame->pointers = &shown->pointers;
    frame->code = pointers->ExceptionRecord->ExceptionCode;
    frame->evaluation = evaluation;
    frame->stage = WIN32MEMORY_SEH_FILTER;
    if (__asan_handle_no_return)
        __asan_handle_no_return();
    int answer = seh_begin_evaluation(evaluation, own.end, &frame->at_entry, frame->stage);
    innermost = saved;
    interrupted_stack_pointer = saved_stack_pointer;
    *pointers->ContextRecord = shown->context;
    copy_stack(other.start, (uintptr_t)evaluation->copy + own_size, other_size);
    kernel_unmap((uintptr_t)block, size);
    return answer;
}

int seh_offer(void *opaque_pointers, const void *machine) {
    EXCEPTION_POINTERS *pointers = opaque_pointers;
    forget_frames_below(machine_stack_pointer(pointers->ContextRecord));
    for (Frame *frame = innermost; frame; frame = frame->outer) {
        int answer = evaluate_filter(frame, pointers);
        if (answer < 0)
            return 1;
        if (answer > 0) {
            // Our action blocks nothing, but one that called ours may.
            if (machine)
                pthread_sigmask(SIG_SETMASK, &((const ucontext_t *)machine)->uc_sigmask, NULL);
            unwind(innermost, frame);
        }
    }
    return 0;
}
