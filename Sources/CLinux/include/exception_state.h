// Fixed storage of the exception layer: handlers, filter, error mode.
#ifndef WIN32MEMORY_EXCEPTION_STATE_H
#define WIN32MEMORY_EXCEPTION_STATE_H

#include <stdint.h>

/// Words of the storage, all zero at start: eight, and three for each handler. ExceptionStorage.swift and
/// HandlerList.swift divide them.
#define EXCEPTION_STORAGE_WORDS (8 + 3 * 1000)
extern uint64_t win32memory_exception_storage[EXCEPTION_STORAGE_WORDS];

static inline uint64_t *win32memory_exception_words(void) {
    return win32memory_exception_storage;
}

#endif
