// Values of threads, and a call at the end of a thread.
#define _GNU_SOURCE
#include "CLinux.h"
#include "callbacks.h"

#include <pthread.h>
#include <string.h>

static __thread void **values __attribute__((tls_model("initial-exec")));
static uint64_t storage[1 + TLS_INDEX_COUNT + FLS_INDEX_COUNT];
static pthread_key_t end_of_thread;

uint64_t *thread_storage_words(void) {
    return storage;
}

void **thread_values(void) {
    return values;
}

int set_thread_values(void *block) {
    void **none = NULL;
    if (!__atomic_compare_exchange_n(&values, &none, block, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
        return 0;
    pthread_setspecific(end_of_thread, block);
    return 1;
}

void clear_thread_values(void *block) {
    const size_t byte_count = (TLS_INDEX_COUNT + FLS_INDEX_COUNT) * sizeof(void *);
    size_t whole_pages = PAGE_START(byte_count);
    if (kernel_advise((uintptr_t)block, whole_pages, KERNEL_MADV_DONTNEED) != 0)
        memset(block, 0, whole_pages);
    memset((char *)block + whole_pages, 0, byte_count - whole_pages);
}

static void end_thread(void *block) {
    win32memory_thread_ends(block);
    // Cleared first, because after the next call the block may belong to another thread, and a
    // signal handler in this one must not use it.
    __atomic_store_n(&values, NULL, __ATOMIC_SEQ_CST);
    win32memory_thread_ended(block);
}

// Made early, so that the key is one of those for which the C library needs no allocation in a
// thread.
__attribute__((constructor)) static void make_key(void) {
    pthread_key_create(&end_of_thread, end_thread);
}

void win32memory_call_fiber_callback(uint64_t callback, void *value) {
    ((void (*)(void *))(uintptr_t)callback)(value);
}
