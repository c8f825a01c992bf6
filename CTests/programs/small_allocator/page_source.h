// Where the allocator gets its pages: five calls, so that the same allocator can be run on
// VirtualAlloc and, by the benchmark, on something else.
#ifndef PAGE_SOURCE_H
#define PAGE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

// Addresses and byte counts are whole pages; a reservation starts at a multiple of 64 KiB.
struct page_source {
    void *(*reserve)(size_t byte_count);              // NULL when refused
    void *(*reserve_committed)(size_t byte_count);    // both in one call
    bool (*commit)(void *address, size_t byte_count); // false when refused
    void (*decommit)(void *address, size_t byte_count);
    void (*release)(void *base, size_t byte_count); // a whole reservation
};

// VirtualAlloc and VirtualFree.
extern const struct page_source virtual_page_source;

#endif
