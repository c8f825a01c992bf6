// Blocks above 16 KiB: a reservation each, twice as large as needed, so that a block can grow where
// it is.
#include "span.h"

#define PAGE ((SIZE_T)4096)
#define LARGE_HEADER_BYTES ((SIZE_T)64)

static LONG volatile block_count;

static struct large_block *header_of(const void *block) {
    return aligned_base(block);
}

static SIZE_T whole_pages(SIZE_T byte_count) {
    return (byte_count + PAGE - 1) & ~(PAGE - 1);
}

void *large_allocate(SIZE_T byte_count, SIZE_T alignment) {
    SIZE_T offset = alignment > LARGE_HEADER_BYTES ? alignment : LARGE_HEADER_BYTES;
    SIZE_T committed = whole_pages(offset + byte_count);
    if (byte_count >= (SIZE_T)1 << 46)
        return NULL;
    struct large_block *header = VirtualAlloc(NULL, 2 * committed, MEM_RESERVE, PAGE_READWRITE);
    if (header == NULL)
        return NULL;
    if (!VirtualAlloc(header, committed, MEM_COMMIT, PAGE_READWRITE)) {
        VirtualFree(header, 0, MEM_RELEASE);
        return NULL;
    }
    header->reserved_bytes = 2 * committed;
    header->committed_bytes = committed;
    header->offset = offset;
    InterlockedIncrement(&block_count);
    return (char *)header + offset;
}

void large_free(void *block) {
    VirtualFree(header_of(block), 0, MEM_RELEASE);
    InterlockedDecrement(&block_count);
}

SIZE_T large_usable_bytes(const void *block) {
    const struct large_block *header = header_of(block);
    return header->committed_bytes - header->offset;
}

int large_resize(void *block, SIZE_T byte_count) {
    struct large_block *header = header_of(block);
    if (byte_count > header->reserved_bytes - header->offset)
        return 0;
    SIZE_T committed = whole_pages(header->offset + byte_count);
    char *base = (char *)header;
    if (committed > header->committed_bytes) {
        if (!VirtualAlloc(base + header->committed_bytes, committed - header->committed_bytes,
                          MEM_COMMIT, PAGE_READWRITE))
            return 0;
    } else if (committed < header->committed_bytes) {
        VirtualFree(base + committed, header->committed_bytes - committed, MEM_DECOMMIT);
    }
    header->committed_bytes = committed;
    return 1;
}

void large_count(struct allocator_counts *counts) {
    counts->large_blocks = InterlockedCompareExchange(&block_count, 0, 0);
}
