// Per-thread storage of Tls* and Fls*, and the end of threads.
#ifndef WIN32MEMORY_THREAD_VALUES_H
#define WIN32MEMORY_THREAD_VALUES_H

#include <stddef.h>
#include <stdint.h>

/// Values of a thread: 1088 of Tls*, 4080 of Fls*, and two words; whole pages.
#define TLS_INDEX_COUNT 1088
#define FLS_INDEX_COUNT 4080
#define THREAD_VALUES_BYTE_COUNT 45056

/// The calling thread's block of values, or a null pointer. Initial-exec TLS.
void **thread_values(void);
/// Makes `block` the block of the calling thread, and arranges for `win32memory_thread_ends` and
/// `win32memory_thread_ended` to be called with it at the end of the thread. Returns 0, with
/// nothing changed, if the thread has a block already.
int set_thread_values(void *block);
/// Sets all values of a block to null pointers, and gives their memory back.
void clear_thread_values(void *block);

/// Fixed storage, zero: the first block, and for each index whether it is in use (Tls*: 1; Fls*: 1 or the
/// callback), the Tls* first.
uint64_t *thread_storage_words(void) __attribute__((const));

/// Calls the callback of a fiber-local value.
void win32memory_call_fiber_callback(uint64_t callback, void *value);

#endif
