/*
 * __cpuid and __cpuidex as Windows code calls them, with an array. Included by intrin.h.
 */
#ifndef WIN32MEMORY_CPUID_H
#define WIN32MEMORY_CPUID_H

#include "compiler.h"

/* The compiler's header comes first: its macro of this name takes five arguments. */
#include <cpuid.h>

/* registers receives eax, ebx, ecx, edx. */
WIN32MEMORY_INLINE void win32memory_cpuid(int registers[4], int leaf, int subleaf) {
    __asm__ volatile("cpuid"
                     : "=a"(registers[0]), "=b"(registers[1]), "=c"(registers[2]),
                       "=d"(registers[3])
                     : "a"(leaf), "c"(subleaf));
}
#define WIN32MEMORY_CPUID_2(registers, leaf) win32memory_cpuid((registers), (int)(leaf), 0)
#define WIN32MEMORY_CPUID_5(leaf, eax, ebx, ecx, edx)                                              \
    __asm__ volatile("cpuid" : "=a"(eax), "=b"(ebx), "=c"(ecx), "=d"(edx) : "0"(leaf), "2"(0))
#define WIN32MEMORY_CPUID_BY_COUNT(a, b, c, d, e, name, ...) name

#undef __cpuid
#undef __cpuidex
#define __cpuid(...)                                                                               \
    WIN32MEMORY_CPUID_BY_COUNT(__VA_ARGS__, WIN32MEMORY_CPUID_5, 4, 3, WIN32MEMORY_CPUID_2, 1, 0)  \
    (__VA_ARGS__)
#define __cpuidex(registers, leaf, subleaf)                                                        \
    win32memory_cpuid((registers), (int)(leaf), (int)(subleaf))

#endif
