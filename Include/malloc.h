/*
 * The C library's <malloc.h>, and the aligned allocation of Windows' C library on top of it.
 */
#if __INCLUDE_LEVEL__ == 0
/* Compiled by itself: it must come back as an included file, because of #include_next below. */
#include <malloc.h>
#elif !defined(WIN32MEMORY_MALLOC_H)
#define WIN32MEMORY_MALLOC_H

/* #include_next is an extension, which -Wpedantic reports everywhere but in a system header. */
#pragma GCC system_header
#include_next <malloc.h>

#include "win32memory/aligned_allocation.h"
#include "win32memory/stack_overflow.h"

/* _mm_malloc and _mm_free, which Microsoft's <malloc.h> has, too. */
#if defined(__x86_64__)
#include <mm_malloc.h>
#endif

#endif
