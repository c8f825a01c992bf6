// Thread-local and fixed storage, and the registration of the fork handlers.
#define _GNU_SOURCE
#include "CLinux.h"

#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

// What a thread remembers; zero: not asked for yet.
static __thread struct {
    uint32_t last_error;
    uint32_t identifier;
    uintptr_t stack_end;
} state __attribute__((tls_model("initial-exec")));

uint32_t *win32memory_last_error(void) {
    return &state.last_error;
}

uint32_t win32memory_thread_identifier(void) {
    if (state.identifier == 0)
        state.identifier = (uint32_t)syscall(SYS_gettid);
    return state.identifier;
}

void win32memory_forget_thread_identifier(void) {
    state.identifier = 0;
}

// Apart, so that the rest needs no frame.
__attribute__((noinline)) static uintptr_t look_for_stack_end(uintptr_t frame) {
    struct kernel_mapping mapping;
    if (kernel_mapping_at_or_after(frame, &mapping) != 0 || mapping.start > frame)
        return 0;
    state.stack_end = mapping.end;
    return mapping.end;
}

int win32memory_is_on_own_stack(uintptr_t address, size_t byte_count) {
    uintptr_t frame = (uintptr_t)__builtin_frame_address(0);
    if (address - frame > 65536 || byte_count > 4096) // below the frame is far above it
        return 0;
    uintptr_t stack_end = state.stack_end;
    if (stack_end == 0)
        stack_end = look_for_stack_end(frame);
    // A thread that runs on a stack of its own making is not between these ends.
    return frame < stack_end && address + byte_count <= stack_end;
}

// At least AddressMapStorage.wordCount words; Tests/MemoryManagerTests holds the number to that.
#define MAP_STORAGE_WORDS 94208
uint64_t win32memory_map_storage[MAP_STORAGE_WORDS] __attribute__((aligned(4096)));
const uint64_t win32memory_map_storage_word_count = MAP_STORAGE_WORDS;

static void after_fork_in_child(void) {
    uint32_t former_thread = win32memory_thread_identifier();
    state.identifier = 0;
    win32memory_after_fork_in_child(former_thread, win32memory_thread_identifier());
}

__attribute__((constructor)) static void register_fork_handlers(void) {
    pthread_atfork(win32memory_before_fork, win32memory_after_fork_in_parent, after_fork_in_child);
}
