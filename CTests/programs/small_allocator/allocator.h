// A small general-purpose allocator. Cells of one size class share a 64 KiB block, blocks are cut
// from 4 MiB reservations ("chunks"), larger requests get a reservation of their own.
// An allocator serves one thread at a time; it takes no lock and no memory but its page source's.
#ifndef ALLOCATOR_H
#define ALLOCATOR_H

#include "page_source.h"

#include <stddef.h>
#include <stdint.h>

enum {
    BLOCK_BYTES = 64 * 1024,
    CHUNK_BYTES = 64 * BLOCK_BYTES,
    LARGEST_CELL_BYTES = 8 * 1024,
    CELL_UNIT_BYTES = 16,
    SIZE_CLASS_COUNT = 32
};

struct allocator_statistics {
    size_t live_bytes; // as rounded up to cells or pages
    size_t committed_bytes;
    size_t peak_committed_bytes;
    size_t reserved_bytes;
    size_t reserve_calls, commit_calls, decommit_calls, release_calls;
};

struct block;
struct chunk;

struct allocator {
    const struct page_source *source;
    struct block *usable_blocks[SIZE_CLASS_COUNT]; // blocks with a free cell, by size class
    struct chunk *usable_chunks;                   // chunks with a free block
    uint16_t cell_bytes[SIZE_CLASS_COUNT];
    uint8_t size_class[LARGEST_CELL_BYTES / CELL_UNIT_BYTES + 1];
    struct allocator_statistics statistics;
};

void allocator_create(struct allocator *allocator, const struct page_source *source);

// Memory for `byte_count` bytes, 16-byte aligned and not cleared; NULL when there is no more.
void *allocator_allocate(struct allocator *allocator, size_t byte_count);

// The same bytes in a cell for `byte_count` bytes; NULL when there is no more, and then the old
// cell is as it was. A NULL `cell` is a plain allocation.
void *allocator_reallocate(struct allocator *allocator, void *cell, size_t byte_count);

// `cell` is one that this allocator gave, or NULL.
void allocator_free(struct allocator *allocator, void *cell);

// The allocator that gave `cell`.
struct allocator *allocator_owning(const void *cell);

// Gives back the empty blocks and the empty chunk that are kept for the next request.
void allocator_trim(struct allocator *allocator);

#endif
