// Whether a pointer into the running stack can be written without asking the kernel.
#define _GNU_SOURCE
#include "CLinux.h"

#include <pthread.h>

// Between which addresses this thread's stack was found, when `changes` was what it is here. Zero: not
// looked for yet.
static __thread struct {
    uintptr_t low;
    uintptr_t high;
    uint32_t changes;
    uint32_t misses;
} stack __attribute__((tls_model("initial-exec")));

static uint32_t changes;

void win32memory_stacks_changed(void) {
    __atomic_fetch_add(&changes, 1, __ATOMIC_SEQ_CST);
}

// The end of the stack around `frame`, or zero. The main thread's is known by what the kernel put into
// it, another's by the C library's record of the thread, which lies at its end. Memory of this library
// is left out: its neighbours come and go without the kernel's list showing it.
static uintptr_t end_of_stack(const struct kernel_mapping *mapping, uintptr_t frame) {
    uintptr_t main = main_stack_address(), record = (uintptr_t)pthread_self();
    if (mapping->start > frame || (mapping->protection & KERNEL_PROT_WRITE) == 0)
        return 0;
    if (mapping->start <= main && main < mapping->end)
        return mapping->end;
    if (record < frame || record >= mapping->end)
        return 0;
    return win32memory_is_ours(frame) || win32memory_is_ours(record) ? 0 : record;
}

static void look(uintptr_t frame) {
    struct kernel_mapping mapping;
    uint64_t blocked;
    // A handler on top must not see one word of two, nor write the other.
    kernel_block_signals(&blocked);
    uint32_t now = __atomic_load_n(&changes, __ATOMIC_SEQ_CST);
    if (kernel_mapping_at_or_after(frame, &mapping) == 0) {
        uintptr_t end = end_of_stack(&mapping, frame);
        if (end != 0) {
            stack.low = mapping.start;
            stack.high = end;
            stack.changes = now;
        }
    }
    kernel_restore_signals(&blocked);
}

// Whether both lie in the stack as it was last seen.
static inline int is_inside(uintptr_t frame, uintptr_t last) {
    return frame - stack.low < stack.high - stack.low && last < stack.high &&
           stack.changes == __atomic_load_n(&changes, __ATOMIC_RELAXED);
}

// Apart, so that the rest needs no frame. To look costs three system calls: the first time, and then
// now and then, as the stack may have grown, or be another than before.
__attribute__((noinline)) static int look_again(uintptr_t frame, uintptr_t address,
                                                uintptr_t last) {
    if ((address ^ frame) < 4096 && (last ^ frame) < 4096)
        return 1;
    if (stack.misses++ % 16 != 0)
        return 0;
    look(frame);
    return is_inside(frame, last);
}

__attribute__((optimize("O2"))) int win32memory_is_on_own_stack(uintptr_t address,
                                                                size_t byte_count) {
    uintptr_t frame = (uintptr_t)__builtin_frame_address(0);
    uintptr_t last = address + byte_count - 1;
    if (address - frame > 65536 || byte_count - 1 > 4095) // below the frame is far above it
        return 0;
    return is_inside(frame, last) || look_again(frame, address, last);
}
