// Fixed storage of the exception layer: handlers, filter, error mode, history of addresses.
#ifndef WIN32MEMORY_EXCEPTION_STATE_H
#define WIN32MEMORY_EXCEPTION_STATE_H

#include <stdint.h>

/// Words of the storage, all zero at start. ExceptionStorage.swift divides them.
#define EXCEPTION_STORAGE_WORDS 4128
extern uint64_t win32memory_exception_storage[EXCEPTION_STORAGE_WORDS];

static inline uint64_t *win32memory_exception_words(void) {
    return win32memory_exception_storage;
}

#endif
