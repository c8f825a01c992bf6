// One reservation for all spans. Spans are committed when first taken; some free ones are retained,
// the others' storage goes back to the system. One lock, held for a search and a call.
#include "span.h"

#define SPAN_COUNT 16384 // 1 GiB
#define MOST_RETAINED 64

static struct {
    SRWLOCK lock;
    unsigned char *base;
    unsigned char in_use[SPAN_COUNT];
    unsigned retained[MOST_RETAINED];
    LONG retained_count, in_use_count;
    unsigned search_start;
} arena = {.lock = SRWLOCK_INIT};

int arena_create(void) {
    arena.base = VirtualAlloc(NULL, SPAN_COUNT * SPAN_BYTES, MEM_RESERVE, PAGE_NOACCESS);
    return arena.base != NULL;
}

int arena_contains(const void *address) {
    return (uintptr_t)address - (uintptr_t)arena.base < SPAN_COUNT * SPAN_BYTES;
}

static unsigned find_unused(void) {
    for (unsigned step = 0; step < SPAN_COUNT; step++) {
        unsigned index = (arena.search_start + step) % SPAN_COUNT;
        if (!arena.in_use[index])
            return index;
    }
    return SPAN_COUNT;
}

// Under the lock.
static struct span *take(void) {
    unsigned index;
    if (arena.retained_count > 0) {
        index = arena.retained[--arena.retained_count];
    } else {
        index = find_unused();
        if (index == SPAN_COUNT ||
            !VirtualAlloc(arena.base + index * SPAN_BYTES, SPAN_BYTES, MEM_COMMIT, PAGE_READWRITE))
            return NULL;
        arena.search_start = index + 1;
    }
    arena.in_use[index] = 1;
    arena.in_use_count++;
    return (struct span *)(arena.base + index * SPAN_BYTES);
}

struct span *arena_take(void) {
    AcquireSRWLockExclusive(&arena.lock);
    struct span *span = take();
    ReleaseSRWLockExclusive(&arena.lock);
    return span;
}

void arena_give(struct span *span) {
    unsigned index = (unsigned)(((unsigned char *)span - arena.base) / (ptrdiff_t)SPAN_BYTES);
    AcquireSRWLockExclusive(&arena.lock);
    arena.in_use_count--;
    if (arena.retained_count < MOST_RETAINED) {
        arena.retained[arena.retained_count++] = index; // still marked, and not to be searched for
    } else {
        VirtualFree(span, SPAN_BYTES, MEM_DECOMMIT);
        arena.in_use[index] = 0;
    }
    ReleaseSRWLockExclusive(&arena.lock);
}

void arena_count(struct allocator_counts *counts) {
    AcquireSRWLockShared(&arena.lock);
    counts->spans_in_use = arena.in_use_count;
    counts->spans_retained = arena.retained_count;
    ReleaseSRWLockShared(&arena.lock);
}
