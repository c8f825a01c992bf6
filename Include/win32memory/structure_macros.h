/*
 * Macros about types, structures and plain memory. The memory ones use the compiler's own
 * functions, so they need no further header.
 */
#ifndef WIN32MEMORY_STRUCTURE_MACROS_H
#define WIN32MEMORY_STRUCTURE_MACROS_H

#include "base_types.h"

#define MINCHAR 0x80
#define MAXCHAR 0x7f
#define MINSHORT 0x8000
#define MAXSHORT 0x7fff
#define MINLONG 0x80000000u
#define MAXLONG 0x7fffffff
#define MAXBYTE 0xff
#define MAXWORD 0xffff
#define MAXDWORD 0xffffffffu

/* Offset of a member in bytes. */
#define FIELD_OFFSET(type, member) ((LONG)offsetof(type, member))
#define RTL_FIELD_SIZE(type, member) (sizeof(((type *)0)->member))
#define RTL_SIZEOF_THROUGH_FIELD(type, member)                                                     \
    (offsetof(type, member) + RTL_FIELD_SIZE(type, member))
#define CONTAINING_RECORD(address, type, member) ((type *)((PCHAR)(address)-offsetof(type, member)))
#define RTL_NUMBER_OF(array) (sizeof(array) / sizeof((array)[0]))
#ifndef ARRAYSIZE
#define ARRAYSIZE(array) RTL_NUMBER_OF(array)
#endif
#ifndef _countof
#define _countof(array) RTL_NUMBER_OF(array)
#endif

#ifdef __cplusplus
#define C_ASSERT(condition) static_assert(condition, #condition)
#define TYPE_ALIGNMENT(type) alignof(type)
#else
#define C_ASSERT(condition) _Static_assert(condition, #condition)
#define TYPE_ALIGNMENT(type) _Alignof(type)
#endif

#define UNREFERENCED_PARAMETER(parameter) ((void)(parameter))
#define DBG_UNREFERENCED_PARAMETER(parameter) ((void)(parameter))
#define DBG_UNREFERENCED_LOCAL_VARIABLE(variable) ((void)(variable))

#define RtlEqualMemory(a, b, byte_count) (!__builtin_memcmp((a), (b), (byte_count)))
#define RtlMoveMemory(to, from, byte_count) __builtin_memmove((to), (from), (byte_count))
#define RtlCopyMemory(to, from, byte_count) __builtin_memcpy((to), (from), (byte_count))
#define RtlFillMemory(to, byte_count, byte_value) __builtin_memset((to), (byte_value), (byte_count))
#define RtlZeroMemory(to, byte_count) __builtin_memset((to), 0, (byte_count))

/* Zeroes byte_count bytes at target, also when nobody reads them afterwards; returns target. */
WIN32MEMORY_INLINE PVOID RtlSecureZeroMemory(PVOID target, SIZE_T byte_count) {
    __builtin_memset(target, 0, byte_count);
    __asm__ volatile("" : : "r"(target) : "memory");
    return target;
}

#define DLL_PROCESS_DETACH 0
#define DLL_PROCESS_ATTACH 1
#define DLL_THREAD_ATTACH 2
#define DLL_THREAD_DETACH 3

#endif
