// A malloc built on VirtualAlloc, as allocators for Windows are: size classes in 64 KiB slabs,
// large blocks straight from the system. Not fast; it is there to be re-entered.
#ifndef VIRTUAL_ALLOCATOR_H
#define VIRTUAL_ALLOCATOR_H

#include <windows.h>

#include <stdint.h>
#include <string.h>

enum { slab_bytes = 0x10000, class_count = 11, smallest_class_bytes = 32, header_bytes = 16 };

struct free_block {
    struct free_block *next;
};

static struct {
    int lock;
    struct free_block *free_blocks[class_count];
    BYTE *slab, *slab_end;
} allocator;

// Set while this thread is inside the library; an allocation then is a forbidden re-entry.
static __thread int inside_the_library __attribute__((tls_model("initial-exec")));
static int allocations_inside_the_library, allocations_served;

static inline void *memory_from_the_library(size_t byte_count) {
    inside_the_library++;
    void *base = VirtualAlloc(NULL, byte_count, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    inside_the_library--;
    return base;
}

// The header in front of each block holds its class, or, for a large one, the base to release.
static inline uintptr_t *header_of(void *block) {
    return (uintptr_t *)((BYTE *)block - header_bytes);
}

static inline int class_of(size_t byte_count) {
    int class_index = 0;
    while (class_index < class_count &&
           (size_t)smallest_class_bytes << class_index < byte_count + header_bytes)
        class_index++;
    return class_index;
}

static inline void *take_from_slab(int class_index) {
    size_t byte_count = (size_t)smallest_class_bytes << class_index;
    if ((size_t)(allocator.slab_end - allocator.slab) < byte_count) {
        allocator.slab = (BYTE *)memory_from_the_library(slab_bytes);
        if (allocator.slab == NULL) {
            allocator.slab_end = NULL;
            return NULL;
        }
        allocator.slab_end = allocator.slab + slab_bytes;
    }
    BYTE *start = allocator.slab;
    allocator.slab += byte_count;
    return start + header_bytes;
}

static inline void *allocate_small(int class_index) {
    while (__atomic_exchange_n(&allocator.lock, 1, __ATOMIC_ACQUIRE))
        ;
    struct free_block *block = allocator.free_blocks[class_index];
    if (block != NULL)
        allocator.free_blocks[class_index] = block->next;
    else
        block = (struct free_block *)take_from_slab(class_index);
    __atomic_store_n(&allocator.lock, 0, __ATOMIC_RELEASE);
    if (block != NULL)
        *header_of(block) = (uintptr_t)class_index;
    return block;
}

static inline void *allocate_large(size_t byte_count, size_t alignment) {
    size_t total = byte_count + alignment + header_bytes;
    BYTE *base = total < byte_count ? NULL : (BYTE *)memory_from_the_library(total);
    if (base == NULL)
        return NULL;
    uintptr_t start = ((uintptr_t)base + header_bytes + alignment - 1) & ~(alignment - 1);
    *header_of((void *)start) = (uintptr_t)base;
    return (void *)start;
}

// Blocks with an alignment above 16 are large ones.
static inline void *allocate(size_t byte_count, size_t alignment) {
    __atomic_add_fetch(&allocations_served, 1, __ATOMIC_RELAXED);
    if (inside_the_library)
        __atomic_add_fetch(&allocations_inside_the_library, 1, __ATOMIC_RELAXED);
    if (byte_count > SIZE_MAX / 2)
        return NULL;
    int class_index = class_of(byte_count);
    return class_index < class_count && alignment <= header_bytes
               ? allocate_small(class_index)
               : allocate_large(byte_count, alignment < header_bytes ? header_bytes : alignment);
}

static inline size_t usable_bytes(void *block) {
    uintptr_t header = *header_of(block);
    if (header < class_count)
        return ((size_t)smallest_class_bytes << header) - header_bytes;
    MEMORY_BASIC_INFORMATION region;
    inside_the_library++;
    VirtualQuery(block, &region, sizeof region);
    inside_the_library--;
    return (size_t)((BYTE *)region.BaseAddress + region.RegionSize - (BYTE *)block);
}

static inline void deallocate(void *block) {
    uintptr_t header = *header_of(block);
    if (header >= class_count) {
        inside_the_library++;
        VirtualFree((void *)header, 0, MEM_RELEASE);
        inside_the_library--;
        return;
    }
    while (__atomic_exchange_n(&allocator.lock, 1, __ATOMIC_ACQUIRE))
        ;
    ((struct free_block *)block)->next = allocator.free_blocks[header];
    allocator.free_blocks[header] = (struct free_block *)block;
    __atomic_store_n(&allocator.lock, 0, __ATOMIC_RELEASE);
}

#endif
