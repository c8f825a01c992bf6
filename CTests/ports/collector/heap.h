// A heap whose objects move: references between objects are exact, those from the stack and from
// static data are guesses, so that what a guess may mean stays where it is (Bartlett's
// mostly-copying collection).
#ifndef HEAP_H
#define HEAP_H

#include "../platform.h"

#include <stdint.h>

#define HEAP_BYTES ((SIZE_T)1 << 30)
#define BLOCK_BYTES ((SIZE_T)16384)
#define BLOCK_COUNT (HEAP_BYTES / BLOCK_BYTES)
#define MOST_WORDS (BLOCK_BYTES / 8 - 1) // in an object

struct object {
    // Alive: word_count << 32 | reference_count << 1 | 1. Moved: the address it is at now.
    uint64_t header;
    // The references come first: NULL or an object of this heap.
    union {
        struct object *reference;
        uint64_t number;
    } words[];
};

struct heap_counts {
    unsigned long long allocations, collections, moved_objects, pinned_blocks, root_words;
    unsigned root_regions; // writable parts of images, of the last collection
    SIZE_T used_blocks;
};

int heap_create(void);
void heap_destroy(void);

// An object of zeros. It stays alive while a path of references leads to it from a word on the
// stack, in a register or in static data, and moves unless such a word itself points into its
// block. NULL when the heap is full.
struct object *heap_allocate(unsigned word_count, unsigned reference_count);

void heap_collect(void);
struct heap_counts heap_counts(void);

#endif
