/*
 * _aligned_malloc and its kin, header-only over the C library. Included by malloc.h.
 *
 * Safe from any thread, not from a signal handler. errno tells why there is no memory (ENOMEM,
 * EINVAL).
 *
 * They are static, because tables of allocators take their addresses: C's compilers warn when an inline
 * function with external linkage calls them.
 */
#ifndef WIN32MEMORY_ALIGNED_ALLOCATION_H
#define WIN32MEMORY_ALIGNED_ALLOCATION_H

#include "compiler.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#ifndef _alloca
#define _alloca __builtin_alloca
#endif

/* The names of mingw-w64, which clang's <mm_malloc.h> uses with __MINGW32__. */
#define __mingw_aligned_malloc _aligned_malloc
#define __mingw_aligned_free _aligned_free
#define __mingw_aligned_realloc _aligned_realloc

/* The bytes that can be used at address, at least as many as were asked for. */
static __inline size_t _msize(void *address) {
    return malloc_usable_size(address);
}

/* byte_count bytes at a multiple of alignment, 0 or a power of two; NULL on failure. */
static __inline void *_aligned_malloc(size_t byte_count, size_t alignment) {
    if ((alignment & (alignment - 1)) != 0) {
        errno = EINVAL;
        return NULL;
    }
    if (alignment < sizeof(void *))
        alignment = sizeof(void *);
    return memalign(alignment, byte_count == 0 ? 1 : byte_count);
}

static __inline void _aligned_free(void *address) {
    free(address);
}

/*
 * Resizes address, from _aligned_malloc or NULL, and keeps its contents; byte_count 0 frees it. On
 * failure NULL, and address stays as it was.
 */
static __inline void *_aligned_realloc(void *address, size_t byte_count, size_t alignment) {
    void *resized;
    size_t old_byte_count;
    if (address == NULL)
        return _aligned_malloc(byte_count, alignment);
    if (byte_count == 0) {
        free(address);
        return NULL;
    }
    resized = _aligned_malloc(byte_count, alignment);
    if (resized == NULL)
        return NULL;
    old_byte_count = malloc_usable_size(address);
    memcpy(resized, address, old_byte_count < byte_count ? old_byte_count : byte_count);
    free(address);
    return resized;
}

#endif
