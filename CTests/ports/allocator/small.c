// Blocks in spans. The owner's path takes no lock; another thread pushes what it frees on a list of
// the span, which the owner takes as a whole.
#include "span.h"

static LONG64 volatile remote_frees;

static void *take_block(struct span *span) {
    struct free_block *block = span->blocks;
    if (block) {
        span->blocks = block->next;
    } else if (span->fresh < span->capacity) {
        block = (struct free_block *)((char *)span + SPAN_HEADER_BYTES +
                                      (SIZE_T)span->fresh * span->block_bytes);
        span->fresh++;
    } else {
        return NULL;
    }
    span->used++;
    return block;
}

void span_collect(struct span *span) {
    struct free_block *block = InterlockedExchangePointer(&span->remote_blocks, NULL);
    while (block) {
        struct free_block *next = block->next;
        block->next = span->blocks;
        span->blocks = block;
        span->used--;
        block = next;
    }
}

static void move_to(LIST_ENTRY *list, struct span *span) {
    list_remove(&span->entry);
    list_insert(list, &span->entry);
}

// Spans that were full may have got blocks back from other threads.
static void recover_full(struct thread_cache *cache, unsigned size_class) {
    LIST_ENTRY *head = &cache->full[size_class];
    for (LIST_ENTRY *entry = head->Flink, *next; entry != head; entry = next) {
        struct span *span = CONTAINING_RECORD(entry, struct span, entry);
        next = entry->Flink;
        span_collect(span);
        if (span->used < span->capacity)
            move_to(&cache->available[size_class], span);
    }
}

static struct span *new_span(struct thread_cache *cache, unsigned size_class) {
    struct span *span = adopt_abandoned(cache, size_class);
    if (span) {
        span_collect(span);
    } else {
        span = arena_take();
        if (span == NULL)
            return NULL;
        span->size_class = size_class;
        span->block_bytes = size_class_bytes(size_class);
        span->capacity = (unsigned)((SPAN_BYTES - SPAN_HEADER_BYTES) / span->block_bytes);
        span->fresh = span->used = 0;
        span->blocks = NULL;
        span->remote_blocks = NULL;
        InterlockedExchangePointer((PVOID volatile *)&span->owner, cache);
    }
    list_insert(&cache->available[size_class], &span->entry);
    return span;
}

void *small_allocate(struct thread_cache *cache, unsigned size_class) {
    LIST_ENTRY *available = &cache->available[size_class];
    for (;;) {
        if (list_is_empty(available))
            recover_full(cache, size_class);
        if (list_is_empty(available) && new_span(cache, size_class) == NULL)
            return NULL;
        struct span *span = CONTAINING_RECORD(available->Flink, struct span, entry);
        void *block = take_block(span);
        if (block)
            return block;
        move_to(&cache->full[size_class], span);
    }
}

static void free_remotely(struct span *span, struct free_block *block) {
    PVOID first;
    do {
        first = span->remote_blocks;
        block->next = first;
    } while (InterlockedCompareExchangePointer(&span->remote_blocks, block, first) != first);
    InterlockedIncrement64(&remote_frees);
}

void small_free(struct thread_cache *cache, struct span *span, void *block) {
    struct free_block *freed = block;
    if (span->owner != cache) {
        free_remotely(span, freed);
        return;
    }
    LIST_ENTRY *available = &cache->available[span->size_class];
    freed->next = span->blocks;
    span->blocks = freed;
    span->used--;
    if (span->used + 1 == span->capacity) {
        move_to(available, span);
    } else if (span->used == 0 && available->Flink != &span->entry) {
        list_remove(&span->entry);
        arena_give(span);
    }
}

void small_count(struct allocator_counts *counts) {
    counts->remote_frees = InterlockedExchangeAdd64(&remote_frees, 0);
}
