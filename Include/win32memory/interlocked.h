/*
 * Interlocked operations: atomic, and full barriers. The Acquire, Release and NoFence names are the
 * same functions; a stronger order than asked for is always right. Header-only: macros in front of
 * inline functions, because clang knows the underscored names itself with -fms-extensions.
 *
 * The width follows from the name and not from the pointer: (long volatile *) in front of a LONG is
 * common, and an 8-byte operation there would change its neighbour.
 */
#ifndef WIN32MEMORY_INTERLOCKED_H
#define WIN32MEMORY_INTERLOCKED_H

#include "base_types.h"

typedef char __attribute__((__may_alias__)) WIN32MEMORY_INTERLOCKED_8;
typedef short __attribute__((__may_alias__)) WIN32MEMORY_INTERLOCKED_16;
typedef int __attribute__((__may_alias__)) WIN32MEMORY_INTERLOCKED_32;
typedef long __attribute__((__may_alias__)) WIN32MEMORY_INTERLOCKED_64;
typedef PVOID __attribute__((__may_alias__)) WIN32MEMORY_INTERLOCKED_POINTER;

/*
 * target  aligned to the width.
 * exchange, exchange_add, fetch_and, fetch_or, fetch_xor and compare_exchange return the value
 * before; increment, decrement and add the value after.
 */
#define WIN32MEMORY_DEFINE_EXCHANGE(width, type)                                                   \
    WIN32MEMORY_INLINE type win32memory_exchange_##width(volatile void *target, type value) {      \
        return __atomic_exchange_n((volatile WIN32MEMORY_INTERLOCKED_##width *)target, value,      \
                                   __ATOMIC_SEQ_CST);                                              \
    }                                                                                              \
    WIN32MEMORY_INLINE type win32memory_compare_exchange_##width(volatile void *target,            \
                                                                 type value, type expected) {      \
        (void)__atomic_compare_exchange_n((volatile WIN32MEMORY_INTERLOCKED_##width *)target,      \
                                          &expected, value, 0, __ATOMIC_SEQ_CST,                   \
                                          __ATOMIC_SEQ_CST);                                       \
        return expected;                                                                           \
    }
#define WIN32MEMORY_DEFINE_READ_MODIFY_WRITE(name, builtin, width, type)                           \
    WIN32MEMORY_INLINE type win32memory_##name##_##width(volatile void *target, type value) {      \
        return builtin((volatile WIN32MEMORY_INTERLOCKED_##width *)target, value,                  \
                       __ATOMIC_SEQ_CST);                                                          \
    }
#define WIN32MEMORY_DEFINE_STEP(name, builtin, width, type)                                        \
    WIN32MEMORY_INLINE type win32memory_##name##_##width(volatile void *target) {                  \
        return builtin((volatile WIN32MEMORY_INTERLOCKED_##width *)target, 1, __ATOMIC_SEQ_CST);   \
    }
#define WIN32MEMORY_DEFINE_INTERLOCKED(width, type)                                                \
    WIN32MEMORY_DEFINE_EXCHANGE(width, type)                                                       \
    WIN32MEMORY_DEFINE_READ_MODIFY_WRITE(exchange_add, __atomic_fetch_add, width, type)            \
    WIN32MEMORY_DEFINE_READ_MODIFY_WRITE(add, __atomic_add_fetch, width, type)                     \
    WIN32MEMORY_DEFINE_READ_MODIFY_WRITE(fetch_and, __atomic_fetch_and, width, type)               \
    WIN32MEMORY_DEFINE_READ_MODIFY_WRITE(fetch_or, __atomic_fetch_or, width, type)                 \
    WIN32MEMORY_DEFINE_READ_MODIFY_WRITE(fetch_xor, __atomic_fetch_xor, width, type)               \
    WIN32MEMORY_DEFINE_STEP(increment, __atomic_add_fetch, width, type)                            \
    WIN32MEMORY_DEFINE_STEP(decrement, __atomic_sub_fetch, width, type)

WIN32MEMORY_DEFINE_INTERLOCKED(8, char)
WIN32MEMORY_DEFINE_INTERLOCKED(16, short)
WIN32MEMORY_DEFINE_INTERLOCKED(32, LONG)
WIN32MEMORY_DEFINE_INTERLOCKED(64, LONG64)
WIN32MEMORY_DEFINE_EXCHANGE(POINTER, PVOID)

/* Sets or clears bit number bit, which may lie in a later word; returns what it was. */
WIN32MEMORY_INLINE UCHAR win32memory_bit_test_and_set(volatile void *base, LONG64 bit) {
    volatile WIN32MEMORY_INTERLOCKED_32 *word = (volatile WIN32MEMORY_INTERLOCKED_32 *)base;
    LONG mask = (LONG)(1u << (bit & 31));
    return (__atomic_fetch_or(word + (bit >> 5), mask, __ATOMIC_SEQ_CST) & mask) != 0;
}
WIN32MEMORY_INLINE UCHAR win32memory_bit_test_and_reset(volatile void *base, LONG64 bit) {
    volatile WIN32MEMORY_INTERLOCKED_32 *word = (volatile WIN32MEMORY_INTERLOCKED_32 *)base;
    LONG mask = (LONG)(1u << (bit & 31));
    return (__atomic_fetch_and(word + (bit >> 5), ~mask, __ATOMIC_SEQ_CST) & mask) != 0;
}

#include "interlocked_names.h"
#include "interlocked_wide.h"

#endif
