// Changing a word of memory in one step, at the price of what runs beside us. While the process has
// one thread, a single instruction is enough, because nothing but a signal handler can come between,
// and handlers come between instructions. Only with a second thread must other processors be kept
// away, which costs several times as much. The C library knows, and its own allocator goes by it.
//
// A thread made behind the C library's back (clone(2) with shared memory) is not counted.
#ifndef WIN32MEMORY_WORDS_H
#define WIN32MEMORY_WORDS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/single_threaded.h>

#if defined(__x86_64__)

/// Puts `desired` into `*word` if it holds `expected`; answers whether it did.
static inline bool word_exchange(void *word, uint64_t expected, uint64_t desired) {
    bool is_done;
    uint64_t *target = (uint64_t *)word;
    if (__libc_single_threaded)
        __asm__ volatile("cmpxchgq %3, %1"
                         : "=@ccz"(is_done), "+m"(*target), "+a"(expected)
                         : "r"(desired)
                         : "memory");
    else
        __asm__ volatile("lock cmpxchgq %3, %1"
                         : "=@ccz"(is_done), "+m"(*target), "+a"(expected)
                         : "r"(desired)
                         : "memory");
    return is_done;
}

/// Sets the bits of `mask`.
static inline void word_set(void *word, uint64_t mask) {
    uint64_t *target = (uint64_t *)word;
    if (__libc_single_threaded)
        __asm__ volatile("orq %1, %0" : "+m"(*target) : "r"(mask) : "memory", "cc");
    else
        __asm__ volatile("lock orq %1, %0" : "+m"(*target) : "r"(mask) : "memory", "cc");
}

/// Clears the bits of `mask`.
static inline void word_clear(void *word, uint64_t mask) {
    uint64_t *target = (uint64_t *)word;
    if (__libc_single_threaded)
        __asm__ volatile("andq %1, %0" : "+m"(*target) : "r"(~mask) : "memory", "cc");
    else
        __asm__ volatile("lock andq %1, %0" : "+m"(*target) : "r"(~mask) : "memory", "cc");
}

/// Subtracts `count`.
static inline void word_subtract(void *word, uint64_t count) {
    uint64_t *target = (uint64_t *)word;
    if (__libc_single_threaded)
        __asm__ volatile("subq %1, %0" : "+m"(*target) : "r"(count) : "memory", "cc");
    else
        __asm__ volatile("lock subq %1, %0" : "+m"(*target) : "r"(count) : "memory", "cc");
}

#endif
#endif
