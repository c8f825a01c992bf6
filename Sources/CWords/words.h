// Changing a word of memory in one step, at the price of what runs beside us. While the process has
// one thread, a single instruction is enough, because nothing but a signal handler can come between,
// and handlers come between instructions. Only with a second thread must other processors be kept
// away, which costs several times as much. The C library knows, and its own allocator goes by it.
//
// A thread made behind the C library's back (clone(2) with shared memory) is not counted.
#ifndef WIN32MEMORY_WORDS_H
#define WIN32MEMORY_WORDS_H

// Each machine has a folder, where these are in line; on one that has none, StampedWord.swift takes the
// standard library's.
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
