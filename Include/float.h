/*
 * The C library's <float.h>, and what Windows' C library has beside it: the floating-point environment and
 * the kinds of numbers.
 */
#if __INCLUDE_LEVEL__ == 0
/* Compiled by itself: it must come back as an included file, because of #include_next below. */
#include <float.h>
#elif !defined(WIN32MEMORY_FLOAT_H)
#define WIN32MEMORY_FLOAT_H

/* #include_next is an extension, which -Wpedantic reports everywhere but in a system header. */
#pragma GCC system_header
#include_next <float.h>

#include "win32memory/floating_point_numbers.h"
#if defined(__x86_64__)
#include "win32memory/floating_point_control.h"
#endif

#endif
