// x86-64: words.h in single instructions, with and without the lock prefix.
#ifndef WIN32MEMORY_WORDS_AMD64_H
#define WIN32MEMORY_WORDS_AMD64_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/single_threaded.h>

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

static inline void word_set(void *word, uint64_t mask) {
    uint64_t *target = (uint64_t *)word;
    if (__libc_single_threaded)
        __asm__ volatile("orq %1, %0" : "+m"(*target) : "r"(mask) : "memory", "cc");
    else
        __asm__ volatile("lock orq %1, %0" : "+m"(*target) : "r"(mask) : "memory", "cc");
}

static inline void word_clear(void *word, uint64_t mask) {
    uint64_t *target = (uint64_t *)word;
    if (__libc_single_threaded)
        __asm__ volatile("andq %1, %0" : "+m"(*target) : "r"(~mask) : "memory", "cc");
    else
        __asm__ volatile("lock andq %1, %0" : "+m"(*target) : "r"(~mask) : "memory", "cc");
}

static inline void word_subtract(void *word, uint64_t count) {
    uint64_t *target = (uint64_t *)word;
    if (__libc_single_threaded)
        __asm__ volatile("subq %1, %0" : "+m"(*target) : "r"(count) : "memory", "cc");
    else
        __asm__ volatile("lock subq %1, %0" : "+m"(*target) : "r"(count) : "memory", "cc");
}

#endif
