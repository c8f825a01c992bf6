// What the allocator's own files share: block and chunk headers, and who makes and unmakes them.
#ifndef BLOCKS_H
#define BLOCKS_H

#include "allocator.h"

enum { BLOCK_HEADER_BYTES = 128, CHUNK_HEADER_BYTES = 4096 };

// The start of every 64 KiB block, and of every large allocation; any cell's header is found by
// rounding its address down to 64 KiB.
struct block {
    struct allocator *owner;
    struct chunk *chunk; // NULL for a large allocation
    struct block *next, *previous;
    struct free_cell *free_cells;
    size_t large_bytes; // the reservation, for a large allocation
    uint32_t size_class;
    uint32_t cell_bytes;
    uint32_t cell_count;
    uint32_t live_count;
    uint32_t untouched_index; // cells from here on were never handed out
};

struct free_cell {
    struct free_cell *next;
};

struct block *block_of(const void *cell);

// A committed block of `chunk`, or NULL; only `owner` and `chunk` are set.
struct block *chunk_take_block(struct allocator *allocator);
// Decommits the block, and releases its chunk when that was its last one and another is usable.
void chunk_give_block_back(struct allocator *allocator, struct block *block);
// Releases the chunks that have no block in use.
void chunk_trim(struct allocator *allocator);

void *large_allocate(struct allocator *allocator, size_t byte_count);
void large_free(struct allocator *allocator, struct block *block);

// The page source's calls, counted.
void *reserve_pages(struct allocator *allocator, size_t byte_count);
void *reserve_committed_pages(struct allocator *allocator, size_t byte_count);
bool commit_pages(struct allocator *allocator, void *address, size_t byte_count);
void decommit_pages(struct allocator *allocator, void *address, size_t byte_count);
void release_pages(struct allocator *allocator, void *base, size_t byte_count,
                   size_t committed_byte_count);

#endif
