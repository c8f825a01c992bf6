// The entries of a thread's table of __try frames, for the files that use it.
#ifndef WIN32MEMORY_SEH_ENTRIES_H
#define WIN32MEMORY_SEH_ENTRIES_H

#include <windows.h>

#include "win32memory/seh_frame.h"

// An active frame; a frame whose __finally block has not begun yet; or, without a frame, the
// exception code of a handler block that runs.
struct seh_entry {
    struct win32memory_seh_frame *frame;
    uintptr_t activation;
    uint64_t serial; // zero: the entry is empty
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

// A signal handler may interrupt at each of these. When it ends, it has removed its frames; but it
// may have left entries of its handler blocks on top, or removed a top entry that was still empty.
// So an entry is identified by its index, and is checked again after it was stored.
#define SEH_BEFORE_HANDLERS() __asm__ volatile("" ::: "memory")

static inline void seh_table_pop_at(uint32_t index) {
    win32memory_seh_table.entries[index].serial = 0;
    win32memory_seh_table.entries[index].frame = NULL;
    SEH_BEFORE_HANDLERS();
    win32memory_seh_table.count = index;
}

static inline int seh_entry_is_dead_below(const struct seh_entry *entry, uintptr_t activation,
                                          uint32_t number) {
    if (entry->serial == 0)
        return 1;
    // An inner statement has a higher number than the outer one.
    if (entry->activation == activation)
        return entry->number >= number;
    return entry->activation < activation && thread_area_own_stack_contains(entry->activation) &&
           thread_area_own_stack_contains(activation);
}

/// Removes the dead entries on top. The topmost is dead.
void seh_table_pop_dead(uintptr_t activation, uint32_t number);

static inline void seh_table_pop_dead_below(const void *activation, uint32_t number) {
    uint32_t count = win32memory_seh_table.count;
    if (count != 0 && seh_entry_is_dead_below(&win32memory_seh_table.entries[count - 1],
                                              (uintptr_t)activation, number))
        seh_table_pop_dead((uintptr_t)activation, number);
}

static inline void seh_table_put(struct win32memory_seh_frame *frame,
                                 const struct win32memory_seh_frame *statement, uint64_t serial,
                                 uint32_t code_or_kind) {
    uint32_t index = win32memory_seh_table.count;
    const struct seh_entry *entry;
    do {
        win32memory_seh_table.count = index + 1;
        SEH_BEFORE_HANDLERS();
        win32memory_seh_table.entries[index] = (struct seh_entry){
            frame, (uintptr_t)statement->activation, 0, statement->number, code_or_kind};
        SEH_BEFORE_HANDLERS();
        win32memory_seh_table.entries[index].serial = serial;
        SEH_BEFORE_HANDLERS();
        entry = &win32memory_seh_table.entries[index];
    } while (__builtin_expect(win32memory_seh_table.count <= index || entry->frame != frame ||
                                  (!frame && entry->activation != (uintptr_t)statement->activation),
                              0));
}

/// Returns 0 if there is no memory.
int seh_table_make_room(void);
/// Removes a frame that is not on top.
void seh_table_remove_from_below(const struct win32memory_seh_frame *frame);

static inline int seh_table_has_at(uint32_t index, const struct win32memory_seh_frame *frame) {
    const struct seh_entry *entry = &win32memory_seh_table.entries[index];
    return entry->frame == frame && entry->serial == frame->serial;
}

static inline void seh_table_take_away(const struct win32memory_seh_frame *frame) {
    uint32_t count = win32memory_seh_table.count;
    if (__builtin_expect(count && seh_table_has_at(count - 1, frame), 1))
        seh_table_pop_at(count - 1);
    else
        seh_table_remove_from_below(frame);
}

#endif
