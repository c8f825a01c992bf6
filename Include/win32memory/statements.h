/*
 * Words that Microsoft's compiler knows by itself: nothing, the end at once; and errno_t of its C library.
 */
#ifndef WIN32MEMORY_STATEMENTS_H
#define WIN32MEMORY_STATEMENTS_H

#include "base_types.h"

#ifndef WIN32MEMORY_ERRNO_T
#define WIN32MEMORY_ERRNO_T
typedef int errno_t;
#endif

/* __noop and __noop(anything) do nothing; what stands in the parentheses is not evaluated. */
#ifndef __noop
#if defined(__cplusplus)
extern int (*const win32memory_no_operation)(...); /* is nowhere, and need not be */
#elif defined(__STDC_VERSION__) && __STDC_VERSION__ > 201710L
extern int (*const win32memory_no_operation)(int, ...); /* is nowhere, and need not be */
#else
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wstrict-prototypes"
extern int (*const win32memory_no_operation)(); /* is nowhere, and need not be */
#pragma GCC diagnostic pop
#endif
#define __noop (void)sizeof win32memory_no_operation
#endif

/*
 * __fastfail - ends the process at once: no handler is asked, a line tells of it.
 *
 * code    why, FAST_FAIL_*; the first parameter of the exception 0xC0000409.
 * Source  Learn, __fastfail.
 */
#define FAST_FAIL_LEGACY_GS_VIOLATION 0
#define FAST_FAIL_STACK_COOKIE_CHECK_FAILURE 2
#define FAST_FAIL_CORRUPT_LIST_ENTRY 3
#define FAST_FAIL_INVALID_ARG 5
#define FAST_FAIL_FATAL_APP_EXIT 7
#define FAST_FAIL_RANGE_CHECK_FAILURE 8
WIN32MEMORY_INLINE __attribute__((__noreturn__, __unused__)) void
win32memory_fail_fast(unsigned int code) {
#if defined(__x86_64__)
    __asm__ volatile("int $0x29" : : "c"(code) : "memory");
#else
    (void)code;
    __builtin_trap();
#endif
    __builtin_unreachable();
}
#ifndef __fastfail
#define __fastfail(code) win32memory_fail_fast(code)
#endif

#endif
