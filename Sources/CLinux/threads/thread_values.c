// The block of each thread with its values and its last error, and a call at the end of a thread.
#define _GNU_SOURCE
#include "CLinux.h"
#include "callbacks.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <windows.h>

#include <winternl.h>

// A thread without a block has its last error here, so that no failure needs a mapping.
static __thread struct {
    TEB *block;
    void **values;
    uint32_t last_error;
} own __attribute__((tls_model("initial-exec")));
static uint64_t storage[1 + TLS_INDEX_COUNT + FLS_INDEX_COUNT];
static pthread_key_t end_of_thread;

_Static_assert(offsetof(TEB, TlsSlots) == THREAD_BLOCK_DIRECT_WORD * sizeof(void *),
               "the first values are in the TEB");
_Static_assert(sizeof(TEB) <= THREAD_BLOCK_NEXT_WORD * sizeof(void *), "the list is behind it");

uint32_t *win32memory_last_error(void) {
    TEB *block = own.block;
    return block ? &block->LastErrorValue : &own.last_error;
}

uint64_t *thread_storage_words(void) {
    return storage;
}

void **thread_values(void) {
    return own.values;
}

void *thread_block(void) {
    return own.block;
}

int set_thread_values(void *block) {
    TEB *no_block = NULL;
    void **no_values = NULL;
    if (own.block != block) {
        ((TEB *)block)->LastErrorValue = own.last_error;
        // A signal handler may have come first.
        if (!__atomic_compare_exchange_n(&own.block, &no_block, block, 0, __ATOMIC_SEQ_CST,
                                         __ATOMIC_SEQ_CST))
            return 0;
    }
    __atomic_compare_exchange_n(&own.values, &no_values, block, 0, __ATOMIC_SEQ_CST,
                                __ATOMIC_SEQ_CST);
    pthread_setspecific(end_of_thread, block);
    return 1;
}

void clear_thread_values(void *block) {
    TEB *head = block;
    memset(head->TlsSlots, 0, sizeof head->TlsSlots);
    char *others = (char *)block + THREAD_BLOCK_EXPANSION_WORD * sizeof(void *);
    size_t byte_count = (size_t)((char *)block + THREAD_BLOCK_BYTE_COUNT - others);
    if (kernel_advise((uintptr_t)others, byte_count, KERNEL_MADV_DONTNEED) != 0)
        memset(others, 0, byte_count);
}

void clear_thread_block(void *block) {
    memset(block, 0, sizeof(TEB));
}

int thread_exists(uint32_t identifier) {
    int saved_errno = errno;
    int is_there = syscall(SYS_tgkill, getpid(), (pid_t)identifier, 0) == 0 || errno != ESRCH;
    errno = saved_errno;
    return is_there;
}

static void end_thread(void *block) {
    win32memory_thread_ends(block);
    // Cleared first, because a signal handler in this thread must not use values that the next call
    // clears.
    __atomic_store_n(&own.values, NULL, __ATOMIC_SEQ_CST);
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
