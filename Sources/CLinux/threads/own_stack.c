// The stack of the calling thread: where it ends, and whether a pointer into it can be written
// without asking the kernel. Nothing here calls malloc, because malloc may be the caller.
#define _GNU_SOURCE
#include "CLinux.h"
#include "callbacks.h"

#include <pthread.h>

#define LEAST_ADDRESS ((uintptr_t)65536)
#define MOST_STACK_BYTES ((uintptr_t)1 << 40)

struct stretch {
    uintptr_t low;
    uintptr_t high; // exclusive
};

// The stack that the C library gave to this thread, or all zero: the first thread has none. The C
// library stores address, length and guard size, in this order, in its record of the thread, which
// is at the end of the stack; they are searched for there. pthread_getattr_np would call malloc.
static struct stretch stack_in_record(uintptr_t frame) {
    uintptr_t record = (uintptr_t)pthread_self();
    const uintptr_t *words = (const uintptr_t *)record;
    uintptr_t end = PAGE_START(record) + PAGE_BYTE_COUNT;
    for (size_t i = 0; record + (i + 3) * sizeof *words <= end; i++) {
        uintptr_t base = words[i], byte_count = words[i + 1], guard = words[i + 2];
        uintptr_t low = base + guard, high = base + byte_count;
        // The values must be sizes, not addresses.
        if (base < LEAST_ADDRESS || byte_count > MOST_STACK_BYTES || guard >= byte_count)
            continue;
        if (low <= frame && frame < record && record < high && high - record <= PAGE_BYTE_COUNT)
            return (struct stretch){low, high};
    }
    return (struct stretch){0, 0};
}

// The stack of the first thread: from the end of the kernel's mapping down to where it may grow.
static struct stretch main_stack(void) {
    struct kernel_mapping mapping, next;
    uintptr_t inside = main_stack_address();
    if (kernel_mapping_at_or_after(inside, &mapping) != 0 || mapping.start > inside)
        return (struct stretch){0, 0};
    // The mapping is in parts if the program has changed the protection of some pages.
    while (kernel_mapping_at_or_after(mapping.end, &next) == 0 && next.start == mapping.end)
        mapping.end = next.end;
    uintptr_t low = mapping.end - main_stack_byte_count();
    return (struct stretch){low < mapping.start ? low : mapping.start, mapping.end};
}

void thread_stack_limits(uintptr_t *low, uintptr_t *high) {
    static __thread struct stretch known __attribute__((tls_model("initial-exec")));
    if (__atomic_load_n(&known.high, __ATOMIC_RELAXED) == 0) {
        struct stretch found = stack_in_record((uintptr_t)__builtin_frame_address(0));
        if (found.high == 0)
            found = main_stack();
        known.low = found.low;
        // Stored last, because a signal handler may read it at any moment.
        __atomic_store_n(&known.high, found.high, __ATOMIC_RELEASE);
    }
    *low = known.low;
    *high = known.high;
}

// The writable part of the stack around the frame, as it was when `changes` had the value stored
// here. Zero until it is first searched for.
static __thread struct {
    struct stretch known;
    uint32_t changes;
    uint32_t misses;
} stack __attribute__((tls_model("initial-exec")));

static uint32_t changes;

void win32memory_stacks_changed(void) {
    __atomic_fetch_add(&changes, 1, __ATOMIC_SEQ_CST);
}

// The part of a mapping that is the stack around `frame`, or all zero. Stacks in memory of this
// library are left out, because `changes` does not count commits and decommits.
static struct stretch stack_in(const struct kernel_mapping *mapping, uintptr_t frame) {
    uintptr_t main = main_stack_address();
    if (mapping->start > frame || (mapping->protection & KERNEL_PROT_WRITE) == 0)
        return (struct stretch){0, 0};
    if (mapping->start <= main && main < mapping->end)
        return (struct stretch){mapping->start, mapping->end};
    struct stretch part = stack_in_record(frame);
    if (part.high == 0 || win32memory_is_ours(frame))
        return (struct stretch){0, 0};
    if (part.low < mapping->start)
        part.low = mapping->start;
    if (part.high > mapping->end)
        part.high = mapping->end;
    return part;
}

static void look(uintptr_t frame) {
    struct kernel_mapping mapping;
    uint64_t blocked;
    // Signals are blocked, because a handler must neither read nor write the two words in between.
    kernel_block_signals(&blocked);
    uint32_t now = __atomic_load_n(&changes, __ATOMIC_SEQ_CST);
    if (kernel_mapping_at_or_after(frame, &mapping) == 0) {
        struct stretch found = stack_in(&mapping, frame);
        if (found.high != 0) {
            stack.known = found;
            stack.changes = now;
        }
    }
    kernel_restore_signals(&blocked);
}

// Whether both addresses lie in the stack as it was last found.
static inline int is_inside(uintptr_t frame, uintptr_t last) {
    return frame - stack.known.low < stack.known.high - stack.known.low &&
           last < stack.known.high && stack.changes == __atomic_load_n(&changes, __ATOMIC_RELAXED);
}

// A function of its own, so that its caller needs no frame. A search costs three system calls. It
// is made at the first miss and at every 16th one, because the stack may have grown or be another
// one.
__attribute__((noinline)) static int look_again(uintptr_t frame, uintptr_t address,
                                                uintptr_t last) {
    if ((address ^ frame) < PAGE_BYTE_COUNT && (last ^ frame) < PAGE_BYTE_COUNT)
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
    const uintptr_t reach = 65536; // below the frame is far above it
    if (address - frame > reach || byte_count - 1 >= PAGE_BYTE_COUNT)
        return 0;
    return is_inside(frame, last) || look_again(frame, address, last);
}
