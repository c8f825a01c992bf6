// Which __try frames a thread has: entering and ending them.
#define _GNU_SOURCE
#include "CLinux.h"

#include <windows.h>

#include "win32memory/seh_frame.h"

typedef struct win32memory_seh_frame Frame;

// An active frame; one that waits for its __finally block; or, without a frame, what a handler is
// about.
struct entry {
    Frame *frame;
    uintptr_t activation;
    uint64_t serial; // zero: nothing here
    uint32_t number;
    uint32_t code_or_kind;
};
enum { ACTIVE, HANDED_OVER };

#define THREAD_LOCAL __thread __attribute__((tls_model("initial-exec")))
static THREAD_LOCAL struct {
    struct entry *entries;
    uint32_t count, capacity;
    uint64_t serial;
    int is_disordered; // by coroutines: an inner frame may stand below an outer one
} table;

static int is_dead_below(const struct entry *entry, uintptr_t activation, uint32_t number) {
    if (entry->serial == 0)
        return 1;
    // A statement within another has the higher number.
    if (entry->activation == activation)
        return entry->number >= number;
    return entry->activation < activation && thread_area_own_stack_contains(entry->activation) &&
           thread_area_own_stack_contains(activation);
}

static void pop(void) {
    struct entry *top = &table.entries[table.count - 1];
    top->serial = 0;
    top->frame = NULL;
    table.count--;
}

static void pop_dead_below(const void *activation, uint32_t number) {
    while (table.count &&
           is_dead_below(&table.entries[table.count - 1], (uintptr_t)activation, number))
        pop();
}

// Frames of stacks that were thrown away, or overwritten.
static int is_gone(const struct entry *entry) {
    if (!entry->frame || thread_area_own_stack_contains(entry->activation))
        return entry->serial == 0;
    return !kernel_can_read((uintptr_t)entry->frame, sizeof(Frame)) ||
           entry->frame->serial != entry->serial;
}

static void drop_gone(void) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < table.count; i++)
        if (!is_gone(&table.entries[i]))
            table.entries[kept++] = table.entries[i];
    while (table.count > kept)
        pop();
}

static int make_room(void) {
    if (table.count < table.capacity)
        return 1;
    drop_gone();
    if (table.capacity && table.count < table.capacity - table.capacity / 4)
        return 1;
    uint32_t capacity = 0;
    void *entries = thread_area_grow_table(table.entries, table.capacity * sizeof(struct entry),
                                           sizeof(struct entry), &capacity);
    if (!entries)
        return table.count < table.capacity;
    table.entries = entries;
    table.capacity = capacity;
    return 1;
}

static void put(Frame *frame, const Frame *statement, uint64_t serial, uint32_t code_or_kind) {
    // Room first: a signal handler on top of this may push and pop its own.
    struct entry *entry = &table.entries[table.count++];
    __asm__ volatile("" ::: "memory");
    entry->frame = frame;
    entry->activation = (uintptr_t)statement->activation;
    entry->number = statement->number;
    entry->code_or_kind = code_or_kind;
    entry->serial = serial;
}

// Both are on the way into and out of every body.
void seh_table_push(Frame *frame) {
    pop_dead_below(frame->activation, frame->number);
    frame->serial = ++table.serial;
    // Without memory the statement runs as if it were none.
    if (table.count == table.capacity && !make_room())
        return;
    if (table.count == 0)
        table.is_disordered = 0;
    else if (table.entries[table.count - 1].activation < (uintptr_t)frame->activation)
        table.is_disordered = 1;
    put(frame, frame, frame->serial, ACTIVE);
}

static __attribute__((noinline)) void remove_from_below(const Frame *frame) {
    pop_dead_below(frame->activation, frame->number + 1);
    for (uint32_t i = table.count; i-- > 0;) {
        if (table.entries[i].frame != frame || table.entries[i].serial != frame->serial)
            continue;
        for (; i + 1 < table.count; i++)
            table.entries[i] = table.entries[i + 1];
        pop();
        return;
    }
}

void seh_table_remove(const Frame *frame) {
    if (table.count && table.entries[table.count - 1].serial == frame->serial)
        pop();
    else
        remove_from_below(frame);
}

void seh_table_hand_over(Frame *frame) {
    if (make_room())
        put(frame, frame, frame->serial, HANDED_OVER);
}

Frame *seh_table_take_over(const void *activation) {
    if (table.count == 0)
        return NULL;
    struct entry *top = &table.entries[table.count - 1];
    if (!top->frame || top->code_or_kind != HANDED_OVER || top->activation != (uintptr_t)activation)
        return NULL;
    Frame *frame = top->frame;
    pop();
    return frame;
}

void seh_table_note_handled(const Frame *frame) {
    pop_dead_below(frame->activation, frame->number);
    if (make_room())
        put(NULL, frame, ++table.serial, frame->code);
}

Frame *seh_table_find(const void *activation, uint32_t number, uint32_t *code) {
    *code = 0;
    for (uint32_t i = table.count; i-- > 0;) {
        struct entry *entry = &table.entries[i];
        if (entry->activation != (uintptr_t)activation || entry->number != number)
            continue;
        if (!entry->frame)
            *code = entry->code_or_kind;
        return entry->frame;
    }
    return NULL;
}

uintptr_t seh_table_highest(uintptr_t low, uintptr_t high) {
    uintptr_t end = low;
    for (uint32_t i = 0; i < table.count; i++)
        if (table.entries[i].activation >= end && table.entries[i].activation < high)
            end = table.entries[i].activation + 1;
    return end;
}

void seh_table_forget(void) {
    table.entries = NULL;
    table.count = table.capacity = 0;
}

void seh_walk_resume(struct seh_walk *walk, const void *activation, uint64_t serial) {
    walk->activation = (uintptr_t)activation;
    walk->serial = serial;
}

static int is_behind(const struct seh_walk *walk, const struct entry *entry) {
    return entry->activation == walk->activation ? entry->serial < walk->serial
                                                 : entry->activation > walk->activation;
}

static int is_nearer(const struct entry *entry, const struct entry *other) {
    return entry->activation == other->activation ? entry->serial > other->serial
                                                  : entry->activation < other->activation;
}

static const struct entry *find_next(const struct seh_walk *walk) {
    const struct entry *found = NULL;
    uint32_t first = table.count;
    if (!table.is_disordered && walk->index && walk->index < first)
        first = walk->index;
    for (uint32_t i = first; i-- > 0;) {
        const struct entry *entry = &table.entries[i];
        if (!entry->frame || entry->serial == 0 || entry->code_or_kind != ACTIVE ||
            entry->activation >= walk->high || !is_behind(walk, entry))
            continue;
        if (found && !is_nearer(entry, found))
            continue;
        // What a longjmp left may have been overwritten.
        if (entry->frame->serial != entry->serial ||
            (uintptr_t)entry->frame->activation != entry->activation)
            continue;
        if (!table.is_disordered)
            return entry;
        found = entry;
    }
    return found;
}

Frame *seh_walk_next(struct seh_walk *walk) {
    if (walk->high == 0)
        return NULL;
    const struct entry *found = find_next(walk);
    if (found) {
        walk->activation = found->activation;
        walk->serial = found->serial;
        walk->index = (uint32_t)(found - table.entries);
        return found->frame;
    }
    walk->high = walk->then_high;
    walk->activation = walk->then_low;
    walk->serial = 0;
    walk->then_high = walk->index = 0;
    return seh_walk_next(walk);
}
