// The mapping that a thread gets with its first handler, frame or guard page: an inaccessible page, an
// alternate signal stack, a table of frames.
#define _GNU_SOURCE
#include "CLinux.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

enum { GUARD = 4096, STACK = 65536, TABLE = 12288, AREA = GUARD + STACK + TABLE };

#define THREAD_LOCAL __thread __attribute__((tls_model("initial-exec")))
static THREAD_LOCAL struct {
    uintptr_t base;
    uintptr_t stack_low, stack_high; // what the C library gave the thread
    uintptr_t interrupted;
    void *grown_table;
    size_t grown_byte_count;
    int is_refused;
} area;
static pthread_key_t end_of_thread;

static void unmap_grown_table(void) {
    if (area.grown_table)
        kernel_unmap((uintptr_t)area.grown_table, area.grown_byte_count);
    area.grown_table = NULL;
}

static void end_area(void *base) {
    stack_t present;
    if (syscall(SYS_sigaltstack, NULL, &present) == 0 &&
        present.ss_sp == (void *)((uintptr_t)base + GUARD)) {
        present.ss_flags = SS_DISABLE;
        syscall(SYS_sigaltstack, &present, NULL);
    }
    seh_table_forget();
    unmap_grown_table();
    area.base = 0;
    kernel_unmap((uintptr_t)base, AREA);
}

// Early, so that the key is among those that need no allocation in a thread.
__attribute__((constructor)) static void make_key(void) {
    pthread_key_create(&end_of_thread, end_area);
}

static void find_own_stack(void) {
    int is_main = syscall(SYS_gettid) == getpid();
    // A thread's descriptor stands at the end of its stack.
    uintptr_t inside = is_main ? main_stack_address() : (uintptr_t)pthread_self();
    struct kernel_mapping mapping;
    if (kernel_mapping_at_or_after(inside, &mapping) != 0 || mapping.start > inside)
        return;
    area.stack_high = is_main ? mapping.end : inside;
    area.stack_low = is_main ? mapping.end - main_stack_reach() : mapping.start;
}

static stack_t own_alternate_stack(void) {
    return (stack_t){.ss_sp = (void *)(area.base + GUARD), .ss_size = STACK};
}

static void make_area(void) {
    intptr_t base = kernel_map_anywhere(AREA, KERNEL_PROT_READ | KERNEL_PROT_WRITE);
    if (base < 0) {
        area.is_refused = 1;
        return;
    }
    kernel_protect((uintptr_t)base, GUARD, KERNEL_PROT_NONE);
    area.base = (uintptr_t)base;
    pthread_setspecific(end_of_thread, (void *)base);
    stack_t present, own = own_alternate_stack();
    if (syscall(SYS_sigaltstack, NULL, &present) == 0 && (present.ss_flags & SS_DISABLE))
        syscall(SYS_sigaltstack, &own, NULL);
}

void thread_area_prepare(void) {
    if (area.base || area.is_refused)
        return;
    int saved_errno = errno;
    // A handler on top of this must not make a second one.
    uint64_t blocked;
    kernel_block_signals(&blocked);
    if (!area.stack_high)
        find_own_stack();
    if (!area.base)
        make_area();
    kernel_restore_signals(&blocked);
    errno = saved_errno;
}

int thread_area_own_stack_contains(uintptr_t address) {
    return address >= area.stack_low && address < area.stack_high;
}

void *thread_area_grow_table(void *table, size_t byte_count, size_t entry_byte_count,
                             uint32_t *capacity) {
    thread_area_prepare();
    if (!table) {
        *capacity = (uint32_t)(TABLE / entry_byte_count);
        return area.base ? (void *)(area.base + GUARD + STACK) : NULL;
    }
    size_t wanted = byte_count * 2;
    intptr_t grown = kernel_map_anywhere(wanted, KERNEL_PROT_READ | KERNEL_PROT_WRITE);
    if (grown < 0)
        return NULL;
    memcpy((void *)grown, table, byte_count);
    unmap_grown_table();
    area.grown_table = (void *)grown;
    area.grown_byte_count = wanted;
    *capacity = (uint32_t)(wanted / entry_byte_count);
    return (void *)grown;
}

uintptr_t thread_area_alternate_stack(size_t *byte_count) {
    *byte_count = STACK;
    return area.base ? area.base + GUARD : 0;
}

void thread_area_adopt(void *machine) {
    thread_area_prepare();
    ucontext_t *interrupted = machine;
    if (area.base && (interrupted->uc_stack.ss_flags & SS_DISABLE))
        interrupted->uc_stack = own_alternate_stack();
}

uintptr_t thread_area_note_interrupted(uintptr_t stack_pointer) {
    uintptr_t before = area.interrupted;
    area.interrupted = stack_pointer;
    return before;
}

// Where a walk over frames begins and ends. What a signal handler on an alternate stack interrupted
// follows that stack; a coroutine's stack is followed by nothing.
void seh_walk_begin(struct seh_walk *walk, uintptr_t stack_pointer, const void *machine) {
    stack_t alternate;
    *walk = (struct seh_walk){.activation = stack_pointer};
    uintptr_t just_below = area.stack_low - 65536; // a stack that ran out
    if (stack_pointer >= just_below && stack_pointer < area.stack_high) {
        walk->high = area.stack_high;
        return;
    }
    if (machine)
        alternate = ((const ucontext_t *)machine)->uc_stack;
    else if (syscall(SYS_sigaltstack, NULL, &alternate) != 0)
        alternate.ss_flags = SS_DISABLE;
    uintptr_t start = (uintptr_t)alternate.ss_sp;
    if (!(alternate.ss_flags & SS_DISABLE) && stack_pointer - start < alternate.ss_size) {
        walk->high = start + alternate.ss_size;
        walk->then_low = area.interrupted;
        walk->then_high = area.stack_high;
        return;
    }
    walk->high = coroutine_stack_end(stack_pointer);
}
