// The blocks under the heap, for the collector alone. No pointer into the heap is kept here: static
// data are roots, and the collector's own must not keep anything alive.
#ifndef BLOCKS_H
#define BLOCKS_H

#include "heap.h"

enum space {
    UNUSED,  // not committed
    CURRENT, // holds objects
    NEXT     // holds objects that a running collection has found alive
};

struct blocks {
    unsigned char *base; // of block 0, which is never used because this pointer would pin it
    unsigned char space[BLOCK_COUNT];
    unsigned short used[BLOCK_COUNT]; // bytes
    unsigned open_block;              // where objects are made; BLOCK_COUNT if none is open
    unsigned search_start;
    unsigned copies[BLOCK_COUNT]; // opened by the running collection, in order
    unsigned copy_count;
    SIZE_T fresh_blocks; // opened since the last collection
    SIZE_T fresh_limit;  // that begins the next
    struct heap_counts counts;
};

extern struct blocks blocks;

// Room for an object in the open block, or in a new one, which then belongs to `space`. NULL if
// there is none.
struct object *blocks_take(SIZE_T byte_count, enum space space);

// The block of an address, BLOCK_COUNT if it is none of the heap's.
unsigned blocks_index(uint64_t address);

static inline unsigned char *block_start(unsigned block) {
    return blocks.base + (SIZE_T)block * BLOCK_BYTES;
}
static inline unsigned object_words(const struct object *object) {
    return (unsigned)(object->header >> 32);
}
static inline unsigned object_references(const struct object *object) {
    return (unsigned)(object->header >> 1 & 0x7FFFFFFF);
}
static inline SIZE_T object_bytes(const struct object *object) {
    return 8 + (SIZE_T)object_words(object) * 8;
}

// Called for each word that may be a root; see roots.c.
typedef void root_function(uint64_t word);
void find_roots(root_function *found);

#endif
