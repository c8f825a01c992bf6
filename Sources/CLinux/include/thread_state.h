// Per-thread and per-process storage of the library. All of it is zero at start and never
// allocated.
#ifndef WIN32MEMORY_THREAD_STATE_H
#define WIN32MEMORY_THREAD_STATE_H

#include <stddef.h>
#include <stdint.h>

/// The calling thread's last-error value: in its TEB, if it has one. Initial-exec TLS, which Swift cannot
/// request: it needs no allocation at first use, and no library of the dynamic linker. Do not keep the
/// address: a call may make the TEB.
uint32_t *win32memory_last_error(void);

/// The calling thread's kernel identifier, remembered after the first call. Signal-safe.
uint32_t win32memory_thread_identifier(void);

/// Call in the child of a fork, whose thread has a new identifier.
void win32memory_forget_thread_identifier(void);

/// Fixed storage of the address map, zero at start, aligned to cache lines.
extern uint64_t win32memory_map_storage[];
extern const uint64_t win32memory_map_storage_word_count;

static inline uint64_t *win32memory_map_words(void) {
    return win32memory_map_storage;
}

#endif
