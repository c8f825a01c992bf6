// What must hang on threads of the C library: values, and a call at their end.
#define _GNU_SOURCE
#include "CLinux.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static __thread void **values __attribute__((tls_model("initial-exec")));
static uint64_t storage[2 + TLS_INDEX_COUNT + FLS_INDEX_COUNT];
static pthread_key_t end_of_thread;

uint64_t *thread_storage_words(void) {
    return storage;
}

void **thread_values(void) {
    return values;
}

void set_thread_values(void **block) {
    values = block;
    pthread_setspecific(end_of_thread, block);
}

static void end_thread(void *block) {
    win32memory_thread_ends(block);
    values = NULL;
    kernel_unmap((uintptr_t)block, THREAD_VALUES_BYTE_COUNT);
}

// Early, so that the key is among those that need no allocation in a thread.
__attribute__((constructor)) static void make_key(void) {
    pthread_key_create(&end_of_thread, end_thread);
}

void win32memory_call_fiber_callback(uint64_t callback, void *value) {
    ((void (*)(void *))(uintptr_t)callback)(value);
}

static void ask_for_stack_limits(uintptr_t *low, uintptr_t *high) {
    pthread_attr_t attributes;
    void *base = NULL;
    size_t byte_count = 0;
    int saved_errno = errno;
    if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
        pthread_attr_getstack(&attributes, &base, &byte_count);
        pthread_attr_destroy(&attributes);
    }
    errno = saved_errno;
    *low = (uintptr_t)base;
    *high = (uintptr_t)base + byte_count;
}

void *map_zeroed(size_t byte_count) {
    intptr_t base = kernel_map_anywhere(byte_count, PROT_READ | PROT_WRITE);
    return base < 0 ? NULL : (void *)base;
}

void thread_stack_limits(uintptr_t *low, uintptr_t *high) {
    // The C library reads a file for the first thread's, each time.
    static __thread uintptr_t known_low __attribute__((tls_model("initial-exec")));
    static __thread uintptr_t known_high __attribute__((tls_model("initial-exec")));
    if (known_high == 0)
        ask_for_stack_limits(&known_low, &known_high);
    *low = known_low;
    *high = known_high;
}

void process_exit(uint32_t code) {
    exit((int)code);
}

void process_break(void) {
#if defined(__x86_64__)
    __asm__ volatile("int3");
#else
    raise(SIGTRAP);
#endif
}

int process_is_traced(void) {
    char text[2048];
    intptr_t count = kernel_read_file("/proc/self/status", text, sizeof text - 1, 0);
    if (count <= 0)
        return 0;
    text[count] = 0;
    const char *line = strstr(text, "TracerPid:");
    return line && strtol(line + sizeof "TracerPid:" - 1, NULL, 10) != 0;
}

int kernel_random(void *buffer, size_t byte_count) {
    int saved_errno = errno;
    int answer = 0;
    for (size_t done = 0; done < byte_count && answer == 0;) {
        // A signal cannot interrupt requests of this size.
        size_t part = byte_count - done < 256 ? byte_count - done : 256;
        long count = syscall(SYS_getrandom, (char *)buffer + done, part, 0);
        if (count > 0)
            done += (size_t)count;
        else if (errno != EINTR)
            answer = -errno;
    }
    errno = saved_errno;
    return answer;
}
