// A span is 64 KiB at a multiple of 64 KiB, with blocks of one size; its header is found from any
// block by clearing bits. Here is also what the parts of the allocator ask of each other.
#ifndef SPAN_H
#define SPAN_H

#include "allocator.h"

#include <stdint.h>

#define SPAN_BYTES ((SIZE_T)65536)
#define SPAN_HEADER_BYTES ((SIZE_T)128)
#define CLASS_COUNT 36
#define MOST_SMALL_BYTES ((SIZE_T)16384)

struct free_block {
    struct free_block *next;
};

struct thread_cache {
    LIST_ENTRY available[CLASS_COUNT]; // spans with room, by size class
    LIST_ENTRY full[CLASS_COUNT];      // spans that had none when last looked at
    struct thread_cache *next_retired;
};

struct span {
    LIST_ENTRY entry;                    // in a list of its owner, or of the abandoned
    struct thread_cache *volatile owner; // NULL while abandoned
    PVOID volatile remote_blocks;        // freed by other threads, a list
    struct free_block *blocks;           // freed by the owner
    unsigned size_class, block_bytes;
    unsigned capacity, fresh, used; // blocks: in all, handed out once, not free
};

struct large_block {
    SIZE_T reserved_bytes, committed_bytes;
    SIZE_T offset; // of the user's block from here
};

static inline void list_initialize(LIST_ENTRY *head) {
    head->Flink = head->Blink = head;
}
static inline int list_is_empty(const LIST_ENTRY *head) {
    return head->Flink == head;
}
static inline void list_insert(LIST_ENTRY *head, LIST_ENTRY *entry) {
    entry->Flink = head->Flink;
    entry->Blink = head;
    head->Flink->Blink = entry;
    head->Flink = entry;
}
static inline void list_remove(LIST_ENTRY *entry) {
    entry->Blink->Flink = entry->Flink;
    entry->Flink->Blink = entry->Blink;
}

static inline void *aligned_base(const void *address) {
    return (void *)((uintptr_t)address & ~(uintptr_t)(SPAN_BYTES - 1));
}

// arena.c: committed spans of zeros or of old contents; NULL when there are no more.
int arena_create(void);
int arena_contains(const void *address);
struct span *arena_take(void);
void arena_give(struct span *span);
void arena_count(struct allocator_counts *counts);

// size_class.c
unsigned size_class_of(size_t byte_count);
unsigned size_class_bytes(unsigned size_class);

// thread_cache.c: the calling thread's, made at the first call. NULL if there is no memory.
struct thread_cache *thread_cache(void);
int thread_caches_create(void);
struct span *adopt_abandoned(struct thread_cache *cache, unsigned size_class);
void thread_cache_count(struct allocator_counts *counts);

// small.c
void *small_allocate(struct thread_cache *cache, unsigned size_class);
void small_free(struct thread_cache *cache, struct span *span, void *block);
void span_collect(struct span *span); // what other threads have freed of it
void small_count(struct allocator_counts *counts);

// large.c: a reservation for each block
void *large_allocate(SIZE_T byte_count, SIZE_T alignment);
void large_free(void *block);
SIZE_T large_usable_bytes(const void *block);
int large_resize(void *block, SIZE_T byte_count); // in place, or 0
void large_count(struct allocator_counts *counts);

#endif
