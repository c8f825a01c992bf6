/*
 * The compiler intrinsics of Windows code, over the compiler's own header: bit scans, interlocked
 * operations, rotations, byte order, wide products, cpuid.
 */
#ifndef WIN32MEMORY_INTRIN_H
#define WIN32MEMORY_INTRIN_H

#include "win32memory/base_types.h"
#include "win32memory/interlocked.h"
#include "win32memory/processor_hints.h"
#include "win32memory/thread_information_block.h"

#if defined(__x86_64__)
#include <x86intrin.h>
#include "win32memory/cpuid.h"
#elif defined(__ARM_ACLE)
#include <arm_acle.h>
#endif

#define __nop() __asm__ volatile("nop")

/* Rotations of 32 bits, also where the compiler's header has them for its 64-bit long. */
WIN32MEMORY_INLINE unsigned int win32memory_rotate_left_32(unsigned int value, int count) {
    return value << (count & 31) | value >> (-count & 31);
}
WIN32MEMORY_INLINE unsigned long win32memory_rotate_left_64(unsigned long value, int count) {
    return value << (count & 63) | value >> (-count & 63);
}
#undef _rotl
#undef _rotr
#undef _lrotl
#undef _lrotr
#undef _rotl64
#undef _rotr64
#define _rotl(value, count) win32memory_rotate_left_32((value), (count))
#define _rotr(value, count) win32memory_rotate_left_32((value), -(count))
#define _lrotl(value, count) win32memory_rotate_left_32((DWORD)(value), (count))
#define _lrotr(value, count) win32memory_rotate_left_32((DWORD)(value), -(count))
#define _rotl64(value, count) win32memory_rotate_left_64((value), (count))
#define _rotr64(value, count) win32memory_rotate_left_64((value), -(count))

#define _byteswap_ushort(value) __builtin_bswap16((USHORT)(value))
#define _byteswap_ulong(value) __builtin_bswap32((DWORD)(value))
#define _byteswap_uint64(value) __builtin_bswap64((DWORD64)(value))

#define __popcnt16(value) ((USHORT)__builtin_popcount((USHORT)(value)))
#define __popcnt(value) ((unsigned int)__builtin_popcount((DWORD)(value)))
#define __popcnt64(value) ((DWORD64)__builtin_popcountl((DWORD64)(value)))

/*
 * Reads of the segment of the TEB: offset in bytes, less than 1838h. No segment register points to the
 * TEB; these ask NtCurrentTeb for it, and need memory for it as that does.
 */
WIN32MEMORY_INLINE DWORD64 __readgsqword(DWORD offset) {
    DWORD64 value;
    __builtin_memcpy(&value, (const char *)NtCurrentTeb() + offset, sizeof(value));
    return value;
}
WIN32MEMORY_INLINE DWORD __readgsdword(DWORD offset) {
    DWORD value;
    __builtin_memcpy(&value, (const char *)NtCurrentTeb() + offset, sizeof(value));
    return value;
}

__extension__ typedef unsigned __int128 WIN32MEMORY_UINT128;

/* The upper 64 bits of a product of 128. */
WIN32MEMORY_INLINE DWORD64 __umulh(DWORD64 a, DWORD64 b) {
    return (DWORD64)((WIN32MEMORY_UINT128)a * b >> 64);
}
/* The lower 64 bits; the upper ones go to *high, any 64-bit type. */
#define _umul128(a, b, high) (*(high) = __umulh((a), (b)), (DWORD64)(a) * (DWORD64)(b))

#endif
