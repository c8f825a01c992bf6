// Per-thread storage of Tls* and Fls*, the end of threads, and facts about the calling thread.
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

/// Zeroed memory, or a null pointer.
void *map_zeroed(size_t byte_count);

/// Fixed storage, zero: the first block, and for each index whether it is in use (Tls*: 1; Fls*: 1 or the
/// callback), the Tls* first.
uint64_t *thread_storage_words(void) __attribute__((const));

/// Calls the callback of a fiber-local value.
void win32memory_call_fiber_callback(uint64_t callback, void *value);

/// Ends of the calling thread's stack, remembered: the lowest address it may grow to, and that behind it,
/// where VirtualQuery sees it end too. Calls no malloc; signal-safe.
void thread_stack_limits(uintptr_t *low, uintptr_t *high);

/// Calls exit(3).
void process_exit(uint32_t code) __attribute__((noreturn));
/// Whether a debugger traces the process.
int process_is_traced(void);

/// Fills the buffer with random bytes. Returns 0, or a negated errno.
int kernel_random(void *buffer, size_t byte_count);

/// The calling thread's block, laid out as NT_TIB. Filled at the first call, never allocated.
void *win32memory_thread_block(void);

#endif
