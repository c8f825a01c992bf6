// Changes a word of memory atomically, as cheaply as the number of threads allows. While the
// process has one thread, a single instruction is enough: only a signal handler can interrupt, and
// only between instructions. With a second thread the bus must be locked, which costs several times
// as much. The C library knows how many threads there are; its own allocator uses that too.
//
// A thread that was made without the C library (clone(2) with shared memory) is not counted.
#ifndef WIN32MEMORY_WORDS_H
#define WIN32MEMORY_WORDS_H

// Each machine has a folder with these functions in line. On a machine without a folder,
// StampedWord.swift uses those of the standard library.
//
// bool word_exchange(void *word, uint64_t expected, uint64_t desired): puts `desired` into `*word` if it
//     holds `expected`; answers whether it did.
// void word_set(void *word, uint64_t mask): sets the bits of `mask`.
// void word_clear(void *word, uint64_t mask): clears them.
// void word_subtract(void *word, uint64_t count): subtracts `count`.
#if defined(__x86_64__)
#include "amd64/words_amd64.h"
#endif

#endif
