// Finds the end of the stack on which an exception occurred: a thread's own stack, an alternate
// signal stack, or the stack of a coroutine.
#define _GNU_SOURCE
#include "CLinux.h"

#include <signal.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

static void never_called(void) {}

// The return address that makecontext puts at the outer end of a stack, followed by the context to
// continue with. Found by calling makecontext; zero if it works in another way.
static uintptr_t outer_return_address(void) {
    static uintptr_t known;
    uintptr_t address = __atomic_load_n(&known, __ATOMIC_RELAXED);
    if (address)
        return address;
    ucontext_t context, next;
    uintptr_t stack[64];
    context.uc_stack.ss_sp = stack;
    context.uc_stack.ss_size = sizeof stack;
    context.uc_link = &next;
    makecontext(&context, never_called, 0);
    uintptr_t top = 0;
    for (size_t i = 0; i + 1 < sizeof stack / sizeof stack[0]; i++)
        if (stack[i + 1] == (uintptr_t)&next)
            top = stack[i];
    __atomic_store_n(&known, top, __ATOMIC_RELAXED);
    return top;
}

// How far below its stack a stack pointer may be that ran out of it.
#define OVERFLOW_REACH ((uintptr_t)65536)

static uintptr_t coroutine_stack_end(uintptr_t stack_pointer) {
    struct kernel_mapping mapping;
    // After an overflow the stack pointer is below the stack; then the pages above it are the
    // stack.
    if (kernel_mapping_at_or_after(stack_pointer, &mapping) != 0)
        return 0;
    while (!(mapping.protection & KERNEL_PROT_WRITE))
        if (mapping.end - stack_pointer > OVERFLOW_REACH ||
            kernel_mapping_at_or_after(mapping.end, &mapping) != 0 ||
            mapping.start - stack_pointer > OVERFLOW_REACH)
            return 0;
    uintptr_t low = mapping.start > stack_pointer ? mapping.start : stack_pointer;
    uintptr_t outermost = outer_return_address();
    // Another coroutine's stack may follow in the same mapping. The search goes no further than the
    // frames.
    uintptr_t high = seh_table_highest(low, mapping.end);
    int is_readable = 0;
    for (uintptr_t at = (low + 7) & ~(uintptr_t)7; outermost && at < high; at += 8) {
        if (at % PAGE_BYTE_COUNT == 0 || !is_readable) {
            int was_readable = is_readable;
            is_readable = kernel_can_read(at, 8);
            if (!is_readable && (was_readable || at - stack_pointer > OVERFLOW_REACH))
                return at;
            if (!is_readable) {
                at |= (PAGE_BYTE_COUNT - 1) & ~(uintptr_t)7;
                continue;
            }
        }
        if (*(const volatile uintptr_t *)at == outermost)
            return at;
    }
    return high;
}

// Sets the beginning and the end of a walk over frames. An alternate signal stack is followed by
// the stack that the signal interrupted; a coroutine's stack is followed by none.
void seh_walk_begin(struct seh_walk *walk, uintptr_t stack_pointer, const void *machine) {
    stack_t alternate;
    uintptr_t own_low, own_high, interrupted;
    thread_area_own_stack(&own_low, &own_high, &interrupted);
    *walk = (struct seh_walk){.activation = stack_pointer};
    uintptr_t just_below = own_low - OVERFLOW_REACH;
    if (stack_pointer >= just_below && stack_pointer < own_high) {
        walk->high = own_high;
        return;
    }
    if (machine)
        alternate = ((const ucontext_t *)machine)->uc_stack;
    else if (syscall(SYS_sigaltstack, NULL, &alternate) != 0)
        alternate.ss_flags = SS_DISABLE;
    uintptr_t start = (uintptr_t)alternate.ss_sp;
    if (!(alternate.ss_flags & SS_DISABLE) && stack_pointer - start < alternate.ss_size) {
        walk->high = start + alternate.ss_size;
        walk->then_low = interrupted;
        walk->then_high = own_high;
        return;
    }
    walk->high = coroutine_stack_end(stack_pointer);
}
