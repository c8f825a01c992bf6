// Reserving the heap, committing its blocks, making objects.
#include "blocks.h"

struct blocks blocks;

int heap_create(void) {
    blocks.base = VirtualAlloc(NULL, HEAP_BYTES, MEM_RESERVE, PAGE_READWRITE);
    blocks.open_block = BLOCK_COUNT;
    blocks.fresh_limit = 512;
    return blocks.base != NULL;
}

void heap_destroy(void) {
    VirtualFree(blocks.base, 0, MEM_RELEASE);
    blocks.base = NULL;
}

unsigned blocks_index(uint64_t address) {
    uint64_t offset = address - (uint64_t)(uintptr_t)blocks.base;
    return offset < HEAP_BYTES ? (unsigned)(offset / BLOCK_BYTES) : (unsigned)BLOCK_COUNT;
}

static int open_block(enum space space) {
    for (SIZE_T step = 0; step < BLOCK_COUNT; step++) {
        unsigned block = (unsigned)((blocks.search_start + step) % BLOCK_COUNT);
        if (block == 0 || blocks.space[block] != UNUSED)
            continue;
        if (!VirtualAlloc(block_start(block), BLOCK_BYTES, MEM_COMMIT, PAGE_READWRITE))
            return 0;
        blocks.space[block] = (unsigned char)space;
        blocks.used[block] = 0;
        blocks.open_block = block;
        blocks.search_start = block + 1;
        if (space == NEXT)
            blocks.copies[blocks.copy_count++] = block;
        blocks.fresh_blocks++;
        blocks.counts.used_blocks++;
        return 1;
    }
    return 0;
}

struct object *blocks_take(SIZE_T byte_count, enum space space) {
    unsigned block = blocks.open_block;
    if (block == BLOCK_COUNT || blocks.used[block] + byte_count > BLOCK_BYTES) {
        if (!open_block(space))
            return NULL;
        block = blocks.open_block;
    }
    struct object *object = (struct object *)(block_start(block) + blocks.used[block]);
    blocks.used[block] = (unsigned short)(blocks.used[block] + byte_count);
    return object;
}

struct object *heap_allocate(unsigned word_count, unsigned reference_count) {
    SIZE_T byte_count = 8 + (SIZE_T)word_count * 8;
    if (word_count > MOST_WORDS || reference_count > word_count)
        return NULL;
    if (blocks.fresh_blocks > blocks.fresh_limit)
        heap_collect();
    struct object *object = blocks_take(byte_count, CURRENT);
    if (object == NULL)
        return NULL;
    object->header = (uint64_t)word_count << 32 | (uint64_t)reference_count << 1 | 1;
    blocks.counts.allocations++;
    return object;
}

struct heap_counts heap_counts(void) {
    return blocks.counts;
}
