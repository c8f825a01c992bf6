// The functions that programs call: which kind of block, and what is common to both.
#include "span.h"

#include <string.h>

static INIT_ONCE once = INIT_ONCE_STATIC_INIT;

static BOOL CALLBACK create(PINIT_ONCE init_once, PVOID parameter, PVOID *context) {
    (void)init_once, (void)parameter, (void)context;
    return arena_create() && thread_caches_create();
}

// The calling thread's cache, or NULL when there is no memory for anything.
static struct thread_cache *enter(void) {
    return InitOnceExecuteOnce(&once, create, NULL, NULL) ? thread_cache() : NULL;
}

void *win_malloc(size_t byte_count) {
    if (byte_count > MOST_SMALL_BYTES)
        return large_allocate(byte_count, 16);
    struct thread_cache *cache = enter();
    return cache ? small_allocate(cache, size_class_of(byte_count)) : NULL;
}

void *win_calloc(size_t count, size_t byte_count) {
    size_t total;
    if (__builtin_mul_overflow(count, byte_count, &total))
        return NULL;
    void *block = win_malloc(total);
    if (block && total <= MOST_SMALL_BYTES) // a large one is new from the system
        memset(block, 0, total);
    return block;
}

void *win_aligned_malloc(size_t byte_count, size_t alignment) {
    if ((alignment & (alignment - 1)) != 0 || alignment > SPAN_BYTES / 2)
        return NULL;
    return alignment <= 16 ? win_malloc(byte_count) : large_allocate(byte_count, alignment);
}

void win_free(void *block) {
    if (block == NULL)
        return;
    if (!arena_contains(block)) {
        large_free(block);
        return;
    }
    struct thread_cache *cache = enter();
    if (cache)
        small_free(cache, aligned_base(block), block);
}

size_t win_msize(const void *block) {
    if (!arena_contains(block))
        return large_usable_bytes(block);
    const struct span *span = aligned_base(block);
    return span->block_bytes;
}

void *win_realloc(void *block, size_t byte_count) {
    if (block == NULL)
        return win_malloc(byte_count);
    size_t usable = win_msize(block);
    int is_large = !arena_contains(block);
    if (!is_large && byte_count <= usable && byte_count > usable / 2)
        return block;
    if (is_large && byte_count > MOST_SMALL_BYTES && large_resize(block, byte_count))
        return block;
    void *moved = win_malloc(byte_count);
    if (moved) {
        memcpy(moved, block, usable < byte_count ? usable : byte_count);
        win_free(block);
    }
    return moved;
}

struct allocator_counts win_counts(void) {
    struct allocator_counts counts = {0};
    if (enter()) {
        arena_count(&counts);
        thread_cache_count(&counts);
        small_count(&counts);
        large_count(&counts);
    }
    return counts;
}
