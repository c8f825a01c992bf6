// The allocator's front: size classes, the cells of a block, and the choice between small and
// large.
#include "blocks.h"

#include <string.h>

// 16 to 128 bytes in steps of 16, then four classes to each doubling, up to 8 KiB.
static void make_size_classes(struct allocator *allocator) {
    size_t cell_bytes = 0;
    unsigned covered = 0;
    for (unsigned size_class = 0; size_class < SIZE_CLASS_COUNT; size_class++) {
        size_t step = CELL_UNIT_BYTES;
        while (step * 8 <= cell_bytes)
            step *= 2;
        cell_bytes += step;
        allocator->cell_bytes[size_class] = (uint16_t)cell_bytes;
        for (; covered <= cell_bytes / CELL_UNIT_BYTES; covered++)
            allocator->size_class[covered] = (uint8_t)size_class;
    }
}

void allocator_create(struct allocator *allocator, const struct page_source *source) {
    memset(allocator, 0, sizeof *allocator);
    allocator->source = source;
    make_size_classes(allocator);
}

struct block *block_of(const void *cell) {
    return (struct block *)((uintptr_t)cell & ~(uintptr_t)(BLOCK_BYTES - 1));
}

struct allocator *allocator_owning(const void *cell) {
    return block_of(cell)->owner;
}

static void link_block(struct allocator *allocator, struct block *block) {
    struct block **first = &allocator->usable_blocks[block->size_class];
    block->previous = NULL;
    block->next = *first;
    if (block->next)
        block->next->previous = block;
    *first = block;
}

static void unlink_block(struct allocator *allocator, struct block *block) {
    if (block->next)
        block->next->previous = block->previous;
    if (block->previous)
        block->previous->next = block->next;
    else
        allocator->usable_blocks[block->size_class] = block->next;
}

static struct block *make_block(struct allocator *allocator, unsigned size_class) {
    struct block *block = chunk_take_block(allocator);
    if (!block)
        return NULL;
    block->size_class = size_class;
    block->cell_bytes = allocator->cell_bytes[size_class];
    block->cell_count = (BLOCK_BYTES - BLOCK_HEADER_BYTES) / block->cell_bytes;
    block->live_count = 0;
    block->untouched_index = 0;
    block->free_cells = NULL;
    link_block(allocator, block);
    return block;
}

// Freed cells first: their pages are resident already.
static void *take_cell(struct block *block) {
    struct free_cell *cell = block->free_cells;
    if (cell)
        block->free_cells = cell->next;
    else
        cell = (void *)((char *)block + BLOCK_HEADER_BYTES +
                        (size_t)block->untouched_index++ * block->cell_bytes);
    block->live_count++;
    return cell;
}

void *allocator_allocate(struct allocator *allocator, size_t byte_count) {
    if (byte_count > LARGEST_CELL_BYTES)
        return large_allocate(allocator, byte_count);
    unsigned size_class =
        allocator->size_class[(byte_count + CELL_UNIT_BYTES - 1) / CELL_UNIT_BYTES];
    struct block *block = allocator->usable_blocks[size_class];
    if (!block)
        block = make_block(allocator, size_class);
    if (!block)
        return NULL;
    void *cell = take_cell(block);
    if (block->live_count == block->cell_count)
        unlink_block(allocator, block);
    allocator->statistics.live_bytes += block->cell_bytes;
    return cell;
}

void allocator_free(struct allocator *allocator, void *memory) {
    if (!memory)
        return;
    struct block *block = block_of(memory);
    if (!block->chunk) {
        large_free(allocator, block);
        return;
    }
    if (block->live_count == block->cell_count)
        link_block(allocator, block);
    struct free_cell *cell = memory;
    cell->next = block->free_cells;
    block->free_cells = cell;
    block->live_count--;
    allocator->statistics.live_bytes -= block->cell_bytes;
    // The last usable block of a class stays: the next request would only commit it again.
    if (block->live_count == 0 && (block->next || block->previous)) {
        unlink_block(allocator, block);
        chunk_give_block_back(allocator, block);
    }
}

void *allocator_reallocate(struct allocator *allocator, void *cell, size_t byte_count) {
    if (!cell)
        return allocator_allocate(allocator, byte_count);
    const struct block *block = block_of(cell);
    size_t capacity = block->chunk ? block->cell_bytes : block->large_bytes - BLOCK_HEADER_BYTES;
    if (byte_count <= capacity)
        return cell;
    void *larger = allocator_allocate(allocator, byte_count);
    if (larger) {
        memcpy(larger, cell, capacity);
        allocator_free(allocator, cell);
    }
    return larger;
}

void allocator_trim(struct allocator *allocator) {
    for (unsigned size_class = 0; size_class < SIZE_CLASS_COUNT; size_class++) {
        struct block *block = allocator->usable_blocks[size_class];
        while (block) {
            struct block *next = block->next;
            if (block->live_count == 0) {
                unlink_block(allocator, block);
                chunk_give_block_back(allocator, block);
            }
            block = next;
        }
    }
    chunk_trim(allocator);
}
