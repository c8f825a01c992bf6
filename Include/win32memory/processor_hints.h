/*
 * Barriers, spin hints, the breakpoint and bit searches, from the compiler's own instructions.
 */
#ifndef WIN32MEMORY_PROCESSOR_HINTS_H
#define WIN32MEMORY_PROCESSOR_HINTS_H

#include "base_types.h"

/* No load or store moves across it, by processor or compiler. */
#define MemoryBarrier() __atomic_thread_fence(__ATOMIC_SEQ_CST)

/* The compiler moves no load or store across it. */
#define _ReadWriteBarrier() __asm__ volatile("" : : : "memory")
#define _ReadBarrier() __asm__ volatile("" : : : "memory")
#define _WriteBarrier() __asm__ volatile("" : : : "memory")

/* Tells the processor that this is a spin loop; stops in a debugger. */
#if defined(__x86_64__)
#define YieldProcessor() __asm__ volatile("pause" : : : "memory")
#define __debugbreak() __asm__ volatile("int3")
#else
#define YieldProcessor() __asm__ volatile("yield" : : : "memory")
#define __debugbreak() __asm__ volatile("brk #0xf000")
#endif

/*
 * _BitScanForward, _BitScanReverse - number of the lowest or highest set bit.
 *
 * index    receives the number, from 0; unchanged when mask is 0. A DWORD or an unsigned long: its
 *          size in bytes comes with it, since code written for Windows declares either.
 * mask     the bits.
 * Returns  1, or 0 when no bit is set.
 */
WIN32MEMORY_INLINE UCHAR win32memory_store_bit_number(void *index, SIZE_T index_byte_count,
                                                      DWORD number) {
    if (index_byte_count == sizeof(DWORD64)) {
        DWORD64 wide_number = number;
        __builtin_memcpy(index, &wide_number, sizeof(wide_number));
    } else {
        __builtin_memcpy(index, &number, sizeof(number));
    }
    return 1;
}
WIN32MEMORY_INLINE UCHAR win32memory_scan_forward(void *index, SIZE_T index_byte_count,
                                                  DWORD64 mask) {
    if (mask == 0)
        return 0;
    return win32memory_store_bit_number(index, index_byte_count, (DWORD)__builtin_ctzl(mask));
}
WIN32MEMORY_INLINE UCHAR win32memory_scan_reverse(void *index, SIZE_T index_byte_count,
                                                  DWORD64 mask) {
    if (mask == 0)
        return 0;
    return win32memory_store_bit_number(index, index_byte_count, 63u - (DWORD)__builtin_clzl(mask));
}
#define _BitScanForward(index, mask)                                                               \
    win32memory_scan_forward((index), sizeof(*(index)), (DWORD)(mask))
#define _BitScanReverse(index, mask)                                                               \
    win32memory_scan_reverse((index), sizeof(*(index)), (DWORD)(mask))
#define _BitScanForward64(index, mask)                                                             \
    win32memory_scan_forward((index), sizeof(*(index)), (DWORD64)(mask))
#define _BitScanReverse64(index, mask)                                                             \
    win32memory_scan_reverse((index), sizeof(*(index)), (DWORD64)(mask))
#define BitScanForward _BitScanForward
#define BitScanReverse _BitScanReverse
#define BitScanForward64 _BitScanForward64
#define BitScanReverse64 _BitScanReverse64

#endif
