/*
 * The 16-byte compare-and-exchange. In assembly, because the compiler would call libatomic for it.
 */
#ifndef WIN32MEMORY_INTERLOCKED_WIDE_H
#define WIN32MEMORY_INTERLOCKED_WIDE_H

#include "base_types.h"

/*
 * target     two LONG64, low half first, 16-byte aligned.
 * comparand  two LONG64: compared with the target, and receives what the target held.
 * Returns    1 if target was equal and is now high:low, else 0.
 */
WIN32MEMORY_INLINE UCHAR win32memory_compare_exchange_128(volatile void *target, LONG64 high,
                                                          LONG64 low, void *comparand) {
    LONG64 seen[2];
    UCHAR exchanged;
    __builtin_memcpy(seen, comparand, sizeof(seen));
#if defined(__x86_64__)
    __asm__ volatile("lock cmpxchg16b (%[target])\n\tsete %[exchanged]"
                     : "+a"(seen[0]), "+d"(seen[1]), [exchanged] "=q"(exchanged)
                     : [target] "r"(target), "b"(low), "c"(high)
                     : "cc", "memory");
#else
    LONG64 expected_low = seen[0], expected_high = seen[1], stored_low, stored_high;
    int failed;
    /* Unequal stores back what was read: that proves that both halves were read at once. */
    __asm__ volatile(
        "0: ldaxp %[seen_low], %[seen_high], [%[target]]\n\t"
        "cmp %[seen_low], %[expected_low]\n\t"
        "ccmp %[seen_high], %[expected_high], #0, eq\n\t"
        "csel %[stored_low], %[low], %[seen_low], eq\n\t"
        "csel %[stored_high], %[high], %[seen_high], eq\n\t"
        "cset %w[exchanged], eq\n\t"
        "stlxp %w[failed], %[stored_low], %[stored_high], [%[target]]\n\t"
        "cbnz %w[failed], 0b"
        : [seen_low] "=&r"(seen[0]), [seen_high] "=&r"(seen[1]), [stored_low] "=&r"(stored_low),
          [stored_high] "=&r"(stored_high), [exchanged] "=&r"(exchanged), [failed] "=&r"(failed)
        : [target] "r"(target), [expected_low] "r"(expected_low),
          [expected_high] "r"(expected_high), [low] "r"(low), [high] "r"(high)
        : "cc", "memory");
#endif
    __builtin_memcpy(comparand, seen, sizeof(seen));
    return exchanged;
}
#define _InterlockedCompareExchange128 win32memory_compare_exchange_128
#define InterlockedCompareExchange128 win32memory_compare_exchange_128

#endif
