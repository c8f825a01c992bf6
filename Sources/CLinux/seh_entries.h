// The entries of a thread's table of __try frames, for the files that share it.
#ifndef WIN32MEMORY_SEH_ENTRIES_H
#define WIN32MEMORY_SEH_ENTRIES_H

#include <windows.h>

#include "win32memory/seh_frame.h"

// An active frame; one that waits for its __finally block; or, without a frame, what a handler is
// about.
struct seh_entry {
    struct win32memory_seh_frame *frame;
    uintptr_t activation;
    uint64_t serial; // zero: nothing here
    uint32_t number;
    uint32_t code_or_kind;
};
enum { SEH_ACTIVE, SEH_HANDED_OVER };

struct seh_table {
    struct seh_entry *entries;
    uint32_t count, capacity;
    uint64_t serial;
    int is_disordered; // by coroutines: an inner frame may stand below an outer one
};
extern __thread struct seh_table win32memory_seh_table
    __attribute__((tls_model("initial-exec"), visibility("hidden")));

static inline void seh_table_pop(void) {
    struct seh_entry *top = &win32memory_seh_table.entries[win32memory_seh_table.count - 1];
    top->serial = 0;
    top->frame = NULL;
    win32memory_seh_table.count--;
}

static inline int seh_entry_is_dead_below(const struct seh_entry *entry, uintptr_t activation,
                                          uint32_t number) {
    if (entry->serial == 0)
        return 1;
    // A statement within another has the higher number.
    if (entry->activation == activation)
        return entry->number >= number;
    return entry->activation < activation && thread_area_own_stack_contains(entry->activation) &&
           thread_area_own_stack_contains(activation);
}

static inline void seh_table_pop_dead_below(const void *activation, uint32_t number) {
    while (win32memory_seh_table.count &&
           seh_entry_is_dead_below(&win32memory_seh_table.entries[win32memory_seh_table.count - 1],
                                   (uintptr_t)activation, number))
        seh_table_pop();
}

static inline void seh_table_put(struct win32memory_seh_frame *frame,
                                 const struct win32memory_seh_frame *statement, uint64_t serial,
                                 uint32_t code_or_kind) {
    // Room first: a signal handler on top of this may push and pop its own.
    struct seh_entry *entry = &win32memory_seh_table.entries[win32memory_seh_table.count++];
    __asm__ volatile("" ::: "memory");
    entry->frame = frame;
    entry->activation = (uintptr_t)statement->activation;
    entry->number = statement->number;
    entry->code_or_kind = code_or_kind;
    entry->serial = serial;
}

/// Answers 0 if there is no memory.
int seh_table_make_room(void);
/// Takes away a frame that is not on top.
void seh_table_remove_from_below(const struct win32memory_seh_frame *frame);

static inline void seh_table_take_away(const struct win32memory_seh_frame *frame) {
    const struct seh_table *table = &win32memory_seh_table;
    if (__builtin_expect(table->count && table->entries[table->count - 1].serial == frame->serial,
                         1))
        seh_table_pop();
    else
        seh_table_remove_from_below(frame);
}

#endif
