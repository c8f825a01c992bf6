// A collection: pin the blocks that roots point into, copy what is reachable besides, and give the
// other blocks' storage back to the system.
#include "blocks.h"

#include <stdlib.h>
#include <string.h>

static unsigned pinned[BLOCK_COUNT];
static unsigned pinned_count;

// A word of the stack or of static data: if it points to an object's bytes, its block must stay.
static void pin(uint64_t word) {
    unsigned block = blocks_index(word);
    if (block == BLOCK_COUNT || blocks.space[block] != CURRENT)
        return;
    if (word - (uint64_t)(uintptr_t)block_start(block) >= blocks.used[block])
        return;
    blocks.space[block] = NEXT;
    pinned[pinned_count++] = block;
}

static struct object *forward(struct object *object) {
    unsigned block = blocks_index((uint64_t)(uintptr_t)object);
    if (block == BLOCK_COUNT || blocks.space[block] != CURRENT)
        return object; // NULL, or it stays
    if (!(object->header & 1))
        return (struct object *)(uintptr_t)object->header;
    struct object *copy = blocks_take(object_bytes(object), NEXT);
    if (copy == NULL)
        abort(); // half of the heap is copied: there is no way back
    memcpy(copy, object, object_bytes(object));
    object->header = (uint64_t)(uintptr_t)copy;
    blocks.counts.moved_objects++;
    return copy;
}

static SIZE_T forward_references(struct object *object) {
    unsigned count = object_references(object);
    for (unsigned index = 0; index < count; index++)
        object->words[index].reference = forward(object->words[index].reference);
    return object_bytes(object);
}

// Updates the objects of a block, also those that are added meanwhile.
static void update_block(unsigned block) {
    for (SIZE_T offset = 0; offset < blocks.used[block];)
        offset += forward_references((struct object *)(block_start(block) + offset));
}

// Cheney's scan: only the block that was opened last may still grow.
static void update_everything(void) {
    blocks.copy_count = 0;
    for (unsigned index = 0; index < pinned_count; index++)
        update_block(pinned[index]);
    for (unsigned index = 0; index < blocks.copy_count; index++)
        update_block(blocks.copies[index]);
}

static void free_dead_blocks(void) {
    for (unsigned block = 0; block < BLOCK_COUNT; block++) {
        if (blocks.space[block] == CURRENT) {
            if (!VirtualFree(block_start(block), BLOCK_BYTES, MEM_DECOMMIT))
                abort();
            blocks.space[block] = UNUSED;
            blocks.counts.used_blocks--;
        } else if (blocks.space[block] == NEXT) {
            blocks.space[block] = CURRENT;
        }
    }
}

void heap_collect(void) {
    pinned_count = 0;
    blocks.open_block = BLOCK_COUNT;
    find_roots(pin);
    update_everything();
    free_dead_blocks();
    blocks.counts.collections++;
    blocks.counts.pinned_blocks += pinned_count;
    blocks.fresh_blocks = 0;
    blocks.fresh_limit = blocks.counts.used_blocks < 256 ? 512 : 2 * blocks.counts.used_blocks;
}
