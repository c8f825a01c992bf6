// The table of a thread's __try frames: makes room for entries, and finds them.
#define _GNU_SOURCE
#include "CLinux.h"

#include "seh_entries.h"

typedef struct win32memory_seh_frame Frame;

#define THREAD_LOCAL __thread __attribute__((tls_model("initial-exec"), visibility("hidden")))
THREAD_LOCAL struct seh_table win32memory_seh_table;
#define table win32memory_seh_table

void seh_table_pop_dead(uintptr_t activation, uint32_t number) {
    uint32_t count;
    while ((count = table.count) != 0 &&
           seh_entry_is_dead_below(&table.entries[count - 1], activation, number))
        seh_table_pop_at(count - 1);
}

// Whether the frame is of a stack that was freed or overwritten.
static int is_gone(const struct seh_entry *entry) {
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
    for (uint32_t count; (count = table.count) > kept;)
        seh_table_pop_at(count - 1);
}

// Entries for signal handlers that run between the check of the capacity and the use of an entry.
enum { SPARE = 8 };

int seh_table_make_room(void) {
    if (table.count < table.capacity)
        return 1;
    drop_gone();
    if (table.capacity && table.count < table.capacity - table.capacity / 4)
        return 1;
    uint32_t capacity = 0;
    size_t byte_count = (table.capacity + SPARE) * sizeof(struct seh_entry);
    void *entries =
        thread_area_grow_table(table.entries, byte_count, sizeof(struct seh_entry), &capacity);
    if (!entries)
        return table.count < table.capacity;
    table.entries = entries;
    table.capacity = capacity - SPARE;
    return 1;
}

void seh_table_remove_from_below(const Frame *frame) {
    seh_table_pop_dead_below(frame->activation, frame->number + 1);
    uint32_t count = table.count;
    for (uint32_t i = count; i-- > 0;) {
        if (!seh_table_has_at(i, frame))
            continue;
        for (; i + 1 < count; i++)
            table.entries[i] = table.entries[i + 1];
        seh_table_pop_at(count - 1);
        return;
    }
}

void seh_table_remove(const Frame *frame) {
    seh_table_take_away(frame);
}

void seh_table_note_handled(const Frame *frame) {
    seh_table_pop_dead_below(frame->activation, frame->number);
    if (seh_table_make_room())
        seh_table_put(NULL, frame, ++table.serial, frame->code);
}

Frame *seh_table_find(const void *activation, uint32_t number, uint32_t *code) {
    *code = 0;
    for (uint32_t i = table.count; i-- > 0;) {
        struct seh_entry *entry = &table.entries[i];
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
