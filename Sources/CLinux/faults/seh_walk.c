// Walks over the active __try frames of a stack.
#define _GNU_SOURCE
#include "CLinux.h"

#include "seh_entries.h"

#define table win32memory_seh_table

void seh_walk_resume(struct seh_walk *walk, const void *activation, uint64_t serial) {
    walk->activation = (uintptr_t)activation;
    walk->serial = serial;
}

static int is_behind(const struct seh_walk *walk, const struct seh_entry *entry) {
    return entry->activation == walk->activation ? entry->serial < walk->serial
                                                 : entry->activation > walk->activation;
}

static int is_nearer(const struct seh_entry *entry, const struct seh_entry *other) {
    return entry->activation == other->activation ? entry->serial > other->serial
                                                  : entry->activation < other->activation;
}

static const struct seh_entry *find_next(const struct seh_walk *walk) {
    const struct seh_entry *found = NULL;
    uint32_t first = table.count;
    if (!table.is_disordered && walk->index && walk->index < first)
        first = walk->index;
    for (uint32_t i = first; i-- > 0;) {
        const struct seh_entry *entry = &table.entries[i];
        if (!entry->frame || entry->serial == 0 || entry->code_or_kind != SEH_ACTIVE ||
            entry->activation >= walk->high || !is_behind(walk, entry))
            continue;
        if (found && !is_nearer(entry, found))
            continue;
        // A frame that a longjmp left may have been overwritten.
        if (entry->frame->serial != entry->serial ||
            (uintptr_t)entry->frame->activation != entry->activation)
            continue;
        if (!table.is_disordered)
            return entry;
        found = entry;
    }
    return found;
}

struct win32memory_seh_frame *seh_walk_next(struct seh_walk *walk) {
    if (walk->high == 0)
        return NULL;
    const struct seh_entry *found = find_next(walk);
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
