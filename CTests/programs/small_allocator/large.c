// Requests above the largest size class: a reservation each, committed whole by the same call.
#include "blocks.h"

static size_t round_up_to_pages(size_t byte_count) {
    const size_t page_bytes = 4096;
    return (byte_count + page_bytes - 1) / page_bytes * page_bytes;
}

void *large_allocate(struct allocator *allocator, size_t byte_count) {
    if (byte_count > SIZE_MAX / 2)
        return NULL;
    size_t reserved = round_up_to_pages(byte_count + BLOCK_HEADER_BYTES);
    struct block *block = reserve_committed_pages(allocator, reserved);
    if (!block)
        return NULL;
    block->owner = allocator;
    block->chunk = NULL;
    block->large_bytes = reserved;
    allocator->statistics.live_bytes += reserved;
    return (char *)block + BLOCK_HEADER_BYTES;
}

void large_free(struct allocator *allocator, struct block *block) {
    size_t reserved = block->large_bytes;
    allocator->statistics.live_bytes -= reserved;
    release_pages(allocator, block, reserved, reserved);
}
