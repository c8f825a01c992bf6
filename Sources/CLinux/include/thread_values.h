// The block of a thread: its TEB, and the values of Tls* and Fls*. Also the end of threads.
#ifndef WIN32MEMORY_THREAD_VALUES_H
#define WIN32MEMORY_THREAD_VALUES_H

#include <stddef.h>
#include <stdint.h>

/// A block in words of 8 bytes: the TEB, which holds the first Tls* values; two words for the list of
/// blocks; from the third page on the other Tls* values (TlsExpansionSlots), then those of Fls*.
#define TLS_INDEX_COUNT 1088
#define TLS_DIRECT_COUNT 64
#define FLS_INDEX_COUNT 4080
#define THREAD_BLOCK_DIRECT_WORD 656
#define THREAD_BLOCK_NEXT_WORD 784
#define THREAD_BLOCK_OWNER_WORD 785
#define THREAD_BLOCK_EXPANSION_WORD 1024
#define THREAD_BLOCK_BYTE_COUNT 49152

/// The calling thread's block while its values are in use, or a null pointer. Initial-exec TLS.
void **thread_values(void);
/// The same, also when the thread has ended its use of the values. It stays the thread's own until the
/// kernel has ended the thread, because the C library frees memory after all other code of a thread.
void *thread_block(void);
/// Makes `block` the block of the calling thread, and arranges for `win32memory_thread_ends` and
/// `win32memory_thread_ended` to be called with it at the end of the thread. Returns 0, with
/// nothing changed, if the thread has another block already.
int set_thread_values(void *block);
/// Sets all values of a block to null pointers, and gives their memory back.
void clear_thread_values(void *block);
/// Sets the TEB of a block that no thread has to zero.
void clear_thread_block(void *block);
/// Fills in what the TEB of the calling thread tells about it and the process. Calls no malloc.
void fill_thread_block(void *block);
/// Whether `fill_thread_block` was called for this block.
int thread_block_is_filled(const void *block);
/// Whether a thread of this process has the kernel's identifier.
int thread_exists(uint32_t identifier);

/// Fixed storage, zero: the first block, and for each index whether it is in use (Tls*: 1; Fls*: 1 or the
/// callback), the Tls* first.
uint64_t *thread_storage_words(void) __attribute__((const));

/// Calls the callback of a fiber-local value.
void win32memory_call_fiber_callback(uint64_t callback, void *value);

#endif
