// Chunks: 4 MiB reservations cut into 64 KiB blocks. The first block holds only the chunk's header;
// a block is committed when it is taken and decommitted when it comes back.
#include "blocks.h"

struct chunk {
    struct chunk *next, *previous; // among the usable chunks
    uint64_t used_blocks;          // bit n: block n is taken; bit 0, the header, always is
};

static const uint64_t header_only = 1;
static const uint64_t all_used = ~(uint64_t)0;

static void link_chunk(struct allocator *allocator, struct chunk *chunk) {
    chunk->previous = NULL;
    chunk->next = allocator->usable_chunks;
    if (chunk->next)
        chunk->next->previous = chunk;
    allocator->usable_chunks = chunk;
}

static void unlink_chunk(struct allocator *allocator, struct chunk *chunk) {
    if (chunk->next)
        chunk->next->previous = chunk->previous;
    if (chunk->previous)
        chunk->previous->next = chunk->next;
    else
        allocator->usable_chunks = chunk->next;
}

static void release_chunk(struct allocator *allocator, struct chunk *chunk) {
    unlink_chunk(allocator, chunk);
    release_pages(allocator, chunk, CHUNK_BYTES, CHUNK_HEADER_BYTES);
}

static struct chunk *make_chunk(struct allocator *allocator) {
    struct chunk *chunk = reserve_pages(allocator, CHUNK_BYTES);
    if (!chunk)
        return NULL;
    if (!commit_pages(allocator, chunk, CHUNK_HEADER_BYTES)) {
        release_pages(allocator, chunk, CHUNK_BYTES, 0);
        return NULL;
    }
    chunk->used_blocks = header_only;
    link_chunk(allocator, chunk);
    return chunk;
}

struct block *chunk_take_block(struct allocator *allocator) {
    struct chunk *chunk = allocator->usable_chunks;
    if (!chunk)
        chunk = make_chunk(allocator);
    if (!chunk)
        return NULL;
    unsigned index = 1;
    while (chunk->used_blocks >> index & 1)
        index++;
    struct block *block = (void *)((char *)chunk + (size_t)index * BLOCK_BYTES);
    if (!commit_pages(allocator, block, BLOCK_BYTES))
        return NULL;
    chunk->used_blocks |= (uint64_t)1 << index;
    if (chunk->used_blocks == all_used)
        unlink_chunk(allocator, chunk);
    block->owner = allocator;
    block->chunk = chunk;
    return block;
}

void chunk_give_block_back(struct allocator *allocator, struct block *block) {
    struct chunk *chunk = block->chunk;
    size_t index = (size_t)((char *)block - (char *)chunk) / BLOCK_BYTES;
    if (chunk->used_blocks == all_used)
        link_chunk(allocator, chunk);
    decommit_pages(allocator, block, BLOCK_BYTES);
    chunk->used_blocks &= ~((uint64_t)1 << index);
    if (chunk->used_blocks == header_only && (chunk->next || chunk->previous))
        release_chunk(allocator, chunk);
}

void chunk_trim(struct allocator *allocator) {
    struct chunk *chunk = allocator->usable_chunks;
    while (chunk) {
        struct chunk *next = chunk->next;
        if (chunk->used_blocks == header_only)
            release_chunk(allocator, chunk);
        chunk = next;
    }
}
