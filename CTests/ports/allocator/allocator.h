// A general-purpose allocator, written for Windows: any thread may free what another has allocated,
// threads come and go, and what is not used goes back to the system.
#ifndef ALLOCATOR_H
#define ALLOCATOR_H

#include "../platform.h"

#include <stddef.h>

// Aligned to 16 bytes; NULL when there is no memory. A size of 0 counts as 1. Last errors are kept.
__declspec(dllexport) __declspec(restrict) void *win_malloc(size_t byte_count);
__declspec(dllexport) __declspec(restrict) void *win_calloc(size_t count, size_t byte_count);
__declspec(dllexport) void *win_realloc(void *block, size_t byte_count);
// A power of two up to 32 KiB.
__declspec(dllexport) __declspec(restrict) void *win_aligned_malloc(size_t byte_count,
                                                                    size_t alignment);
__declspec(dllexport) void win_free(void *block);
// What may be used of a block, at least what was asked for.
__declspec(dllexport) size_t win_msize(const void *block);

// Gives back what only threads that have ended used.
__declspec(dllexport) void win_trim(void);

struct allocator_counts {
    LONG spans_in_use, spans_retained; // of 64 KiB; retained ones are committed and free
    LONG large_blocks;
    LONG caches_made, caches_reused, threads_ended, spans_adopted;
    LONG64 remote_frees;
};
__declspec(dllexport) struct allocator_counts win_counts(void);

#endif
