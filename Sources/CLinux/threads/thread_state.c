// Thread-local and fixed storage, and the registration of the fork handlers.
#define _GNU_SOURCE
#include "CLinux.h"
#include "callbacks.h"

#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

// The thread's identifier; zero until it is first needed.
static __thread uint32_t identifier __attribute__((tls_model("initial-exec")));

uint32_t win32memory_thread_identifier(void) {
    if (identifier == 0)
        identifier = (uint32_t)syscall(SYS_gettid);
    return identifier;
}

void win32memory_forget_thread_identifier(void) {
    identifier = 0;
}

char win32memory_handed_over;

// At least AddressMapStorage.wordCount words, which Tests/MemoryManagerTests checks.
#define MAP_STORAGE_WORDS 94720
uint64_t win32memory_map_storage[MAP_STORAGE_WORDS] __attribute__((aligned(4096)));
const uint64_t win32memory_map_storage_word_count = MAP_STORAGE_WORDS;

static void after_fork_in_child(void) {
    uint32_t former_thread = win32memory_thread_identifier();
    identifier = 0;
    win32memory_after_fork_in_child(former_thread, win32memory_thread_identifier());
}

__attribute__((constructor)) static void register_fork_handlers(void) {
    pthread_atfork(win32memory_before_fork, win32memory_after_fork_in_parent, after_fork_in_child);
}
