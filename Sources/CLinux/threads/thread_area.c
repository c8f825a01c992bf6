// The mapping that a thread gets with its first handler, __try frame or guard page: an inaccessible
// page, an alternate signal stack, and a table of frames.
#define _GNU_SOURCE
#include "CLinux.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

enum { GUARD = PAGE_BYTE_COUNT, STACK = 65536, TABLE = 12288, AREA = GUARD + STACK + TABLE };

#define THREAD_LOCAL __thread __attribute__((tls_model("initial-exec")))
static THREAD_LOCAL struct {
    uintptr_t base;
    uintptr_t alternate; // in the area, or a larger one
    size_t alternate_byte_count;
    uint32_t guarantee;
    uintptr_t stack_low, stack_high; // what the C library gave the thread
    uintptr_t interrupted;
    int is_main;
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

static void unmap_larger_stack(void) {
    if (area.alternate_byte_count > STACK)
        kernel_unmap(area.alternate - GUARD, GUARD + area.alternate_byte_count);
}

static void end_area(void *base) {
    stack_t present;
    if (syscall(SYS_sigaltstack, NULL, &present) == 0 && present.ss_sp == (void *)area.alternate) {
        present.ss_flags = SS_DISABLE;
        syscall(SYS_sigaltstack, &present, NULL);
    }
    unmap_larger_stack();
    seh_table_forget();
    unmap_grown_table();
    area.base = 0;
    thread_area_give_back(base);
}

// Made early, so that the key is one of those for which the C library needs no allocation in a
// thread.
__attribute__((constructor)) static void make_key(void) {
    pthread_key_create(&end_of_thread, end_area);
}

static void find_own_stack(void) {
    int is_main = area.is_main = syscall(SYS_gettid) == getpid();
    // The C library's record of a thread (pthread_self) is at the end of its stack.
    uintptr_t inside = is_main ? main_stack_address() : (uintptr_t)pthread_self();
    struct kernel_mapping mapping;
    if (kernel_mapping_at_or_after(inside, &mapping) != 0 || mapping.start > inside)
        return;
    area.stack_high = is_main ? mapping.end : inside;
    area.stack_low = is_main ? mapping.end - main_stack_reach() : mapping.start;
}

static stack_t own_alternate_stack(void) {
    return (stack_t){.ss_sp = (void *)area.alternate, .ss_size = area.alternate_byte_count};
}

static void use_alternate_stack(void) {
    stack_t own = own_alternate_stack();
    syscall(SYS_sigaltstack, &own, NULL);
}

void *thread_area_make_for_another(void) {
    intptr_t base = kernel_map_anywhere(AREA, KERNEL_PROT_READ | KERNEL_PROT_WRITE);
    if (base < 0)
        return NULL;
    kernel_protect((uintptr_t)base, GUARD, KERNEL_PROT_NONE);
    return (void *)base;
}

void *thread_area_table(void *base) {
    return (char *)base + GUARD + STACK;
}

void thread_area_give_back(void *base) {
    kernel_unmap((uintptr_t)base, AREA);
}

void *thread_area_adopt_made(void *base) {
    area.base = (uintptr_t)base;
    area.alternate = area.base + GUARD;
    area.alternate_byte_count = STACK;
    pthread_setspecific(end_of_thread, base);
    stack_t present;
    if (syscall(SYS_sigaltstack, NULL, &present) == 0 && (present.ss_flags & SS_DISABLE))
        use_alternate_stack();
    return thread_area_table(base);
}

static void make_area(void) {
    void *made = thread_area_make_for_another();
    if (made)
        thread_area_adopt_made(made);
    area.is_refused = !made;
}

void thread_area_prepare(void) {
    if ((area.base && area.stack_high) || area.is_refused)
        return;
    int saved_errno = errno;
    // A signal handler that interrupts this must not make a second area.
    uint64_t blocked;
    kernel_block_signals(&blocked);
    if (!area.stack_high)
        find_own_stack();
    if (!area.base)
        make_area();
    else if (!area.stack_high)
        area.is_refused = 1; // the stack cannot be found; do not search again
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
        return area.base ? thread_area_table((void *)area.base) : NULL;
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

// RED_ZONE: the bytes below the stack pointer that the interrupted function may use.
enum { RED_ZONE = 128, ROOM = 49152, LEAST_ROOM = 16384 };

void thread_area_own_stack(uintptr_t *low, uintptr_t *high, uintptr_t *interrupted) {
    *low = area.stack_low;
    *high = area.stack_high;
    *interrupted = area.interrupted;
}

uintptr_t thread_area_room(uintptr_t stack_pointer) {
    // For the first thread the limit is read each time, because it may have been changed.
    uintptr_t low = area.is_main ? area.stack_high - main_stack_byte_count() : area.stack_low;
    return stack_pointer > low ? stack_pointer - low : 0;
}

static int has_room(uintptr_t stack_pointer) {
    // Every stack has this many bytes. Most faults occur within them, which saves a system call for
    // the limit.
    const uintptr_t always_there = 81920;
    return thread_area_own_stack_contains(stack_pointer) &&
           ((area.is_main && area.stack_high - stack_pointer < always_there) ||
            thread_area_room(stack_pointer) >= ROOM);
}

uintptr_t thread_area_better_stack(const void *opaque_machine) {
    const ucontext_t *machine = opaque_machine;
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);
    uintptr_t alternate = (uintptr_t)machine->uc_stack.ss_sp;
    if ((machine->uc_stack.ss_flags & SS_DISABLE) || here - alternate >= machine->uc_stack.ss_size)
        return 0;
    int is_ours = area.base && alternate == area.alternate;
    if (!is_ours && here - alternate >= LEAST_ROOM)
        return 0;
    if (is_ours && !area.stack_high)
        find_own_stack();
    uintptr_t interrupted = machine_interrupted_stack_pointer(machine);
    if (has_room(interrupted))
        return interrupted - RED_ZONE;
    if (is_ours)
        return 0;
    if (!area.base)
        make_area();
    int is_in_use = interrupted - area.alternate < area.alternate_byte_count;
    return area.base && !is_in_use ? area.alternate + area.alternate_byte_count : 0;
}

void thread_area_adopt(void *machine) {
    thread_area_prepare();
    ucontext_t *interrupted = machine;
    if (area.base && (interrupted->uc_stack.ss_flags & SS_DISABLE))
        interrupted->uc_stack = own_alternate_stack();
}

int thread_area_guarantee(uint32_t *byte_count) {
    const uint32_t most = 1 << 24, spare = STACK / 2;
    uint32_t wanted = *byte_count, before = area.guarantee;
    if (wanted > most)
        return 0;
    thread_area_prepare();
    size_t needed = ((size_t)wanted + spare + GUARD - 1) & ~(size_t)(GUARD - 1);
    stack_t present;
    if (needed > area.alternate_byte_count) {
        intptr_t larger =
            area.base ? kernel_map_anywhere(GUARD + needed, KERNEL_PROT_READ | KERNEL_PROT_WRITE)
                      : -1;
        if (larger < 0)
            return 0;
        kernel_protect((uintptr_t)larger, GUARD, KERNEL_PROT_NONE);
        int is_ours = syscall(SYS_sigaltstack, NULL, &present) == 0 &&
                      present.ss_sp == (void *)area.alternate && !(present.ss_flags & SS_ONSTACK);
        // A stack that is in use is left alone.
        if (present.ss_sp == (void *)area.alternate && !is_ours) {
            kernel_unmap((uintptr_t)larger, GUARD + needed);
            return 0;
        }
        unmap_larger_stack();
        area.alternate = (uintptr_t)larger + GUARD;
        area.alternate_byte_count = needed;
        if (is_ours)
            use_alternate_stack();
    }
    if (wanted)
        area.guarantee = (wanted + GUARD - 1) & ~(uint32_t)(GUARD - 1);
    *byte_count = before;
    return 1;
}

uintptr_t thread_area_note_interrupted(uintptr_t stack_pointer) {
    uintptr_t before = area.interrupted;
    area.interrupted = stack_pointer;
    return before;
}
