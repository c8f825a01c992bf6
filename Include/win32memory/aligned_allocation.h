/*
 * _aligned_malloc and its kin, header-only over the C library. Included by malloc.h.
 *
 * Safe from any thread, not from a signal handler. errno tells why there is no memory (ENOMEM,
 * EINVAL).
 *
 * They are static, because tables of allocators take their addresses. gcc refuses a static function in an
 * inline function with external linkage, but not if a macro of a system header names it.
 */
#ifndef WIN32MEMORY_ALIGNED_ALLOCATION_H
#define WIN32MEMORY_ALIGNED_ALLOCATION_H

#pragma GCC system_header

#include "compiler.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#ifndef _alloca
#define _alloca __builtin_alloca
#endif

#if defined(__clang__) && !defined(__cplusplus)
#define WIN32MEMORY_IN_INLINE(name) (__extension__ name) /* for clang's -Wpedantic */
#else
#define WIN32MEMORY_IN_INLINE(name) name
#endif
#define _msize WIN32MEMORY_IN_INLINE(win32memory_msize)
#define _aligned_malloc WIN32MEMORY_IN_INLINE(win32memory_aligned_malloc)
#define _aligned_free WIN32MEMORY_IN_INLINE(win32memory_aligned_free)
#define _aligned_realloc WIN32MEMORY_IN_INLINE(win32memory_aligned_realloc)
/* The names of mingw-w64, which clang's <mm_malloc.h> uses with __MINGW32__. */
#define __mingw_aligned_malloc _aligned_malloc
#define __mingw_aligned_free _aligned_free
#define __mingw_aligned_realloc _aligned_realloc

/* The bytes that can be used at address, at least as many as were asked for. */
static __inline size_t win32memory_msize(void *address) {
    return malloc_usable_size(address);
}

/* byte_count bytes at a multiple of alignment, 0 or a power of two; NULL on failure. */
static __inline void *win32memory_aligned_malloc(size_t byte_count, size_t alignment) {
    if ((alignment & (alignment - 1)) != 0) {
        errno = EINVAL;
        return NULL;
    }
    if (alignment < sizeof(void *))
        alignment = sizeof(void *);
    return memalign(alignment, byte_count == 0 ? 1 : byte_count);
}

static __inline void win32memory_aligned_free(void *address) {
    free(address);
}

/*
 * Resizes address, from _aligned_malloc or NULL, and keeps its contents; byte_count 0 frees it. On
 * failure NULL, and address stays as it was.
 */
static __inline void *win32memory_aligned_realloc(void *address, size_t byte_count,
                                                  size_t alignment) {
    void *resized;
    size_t old_byte_count;
    if (address == NULL)
        return win32memory_aligned_malloc(byte_count, alignment);
    if (byte_count == 0) {
        free(address);
        return NULL;
    }
    resized = win32memory_aligned_malloc(byte_count, alignment);
    if (resized == NULL)
        return NULL;
    old_byte_count = malloc_usable_size(address);
    memcpy(resized, address, old_byte_count < byte_count ? old_byte_count : byte_count);
    free(address);
    return resized;
}

#endif
