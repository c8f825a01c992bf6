// The page source's calls with the allocator's accounts kept.
#include "blocks.h"

static void count_reserved(struct allocator *allocator, size_t byte_count) {
    allocator->statistics.reserved_bytes += byte_count;
    allocator->statistics.reserve_calls++;
}

static void count_committed(struct allocator *allocator, size_t byte_count) {
    struct allocator_statistics *statistics = &allocator->statistics;
    statistics->committed_bytes += byte_count;
    if (statistics->committed_bytes > statistics->peak_committed_bytes)
        statistics->peak_committed_bytes = statistics->committed_bytes;
}

void *reserve_pages(struct allocator *allocator, size_t byte_count) {
    void *base = allocator->source->reserve(byte_count);
    if (base)
        count_reserved(allocator, byte_count);
    return base;
}

void *reserve_committed_pages(struct allocator *allocator, size_t byte_count) {
    void *base = allocator->source->reserve_committed(byte_count);
    if (base) {
        count_reserved(allocator, byte_count);
        count_committed(allocator, byte_count);
    }
    return base;
}

bool commit_pages(struct allocator *allocator, void *address, size_t byte_count) {
    if (!allocator->source->commit(address, byte_count))
        return false;
    allocator->statistics.commit_calls++;
    count_committed(allocator, byte_count);
    return true;
}

void decommit_pages(struct allocator *allocator, void *address, size_t byte_count) {
    allocator->source->decommit(address, byte_count);
    allocator->statistics.decommit_calls++;
    allocator->statistics.committed_bytes -= byte_count;
}

void release_pages(struct allocator *allocator, void *base, size_t byte_count,
                   size_t committed_byte_count) {
    allocator->source->release(base, byte_count);
    allocator->statistics.release_calls++;
    allocator->statistics.reserved_bytes -= byte_count;
    allocator->statistics.committed_bytes -= committed_byte_count;
}
