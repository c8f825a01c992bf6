// Makes the Nth kernel call of the library fail with a chosen errno. The program defines the C
// library's functions for memory itself; linked -rdynamic, the library binds to these.
#ifndef FAULT_INJECTION_H
#define FAULT_INJECTION_H

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct {
    int is_armed;
    int calls_until_failure;
    int error;
    int failures;
} injection;

// From now on the call with this number (1 is the next one) fails, once.
static inline void arm_injection(int number, int error) {
    injection.calls_until_failure = number;
    injection.error = error;
    injection.failures = 0;
    injection.is_armed = 1;
}

// Answers whether a call has failed since the arming.
static inline int disarm_injection(void) {
    injection.is_armed = 0;
    return injection.failures != 0;
}

static int must_fail(void) {
    if (!injection.is_armed || --injection.calls_until_failure != 0)
        return 0;
    injection.failures++;
    errno = injection.error;
    return 1;
}

void *mmap(void *address, size_t byte_count, int protection, int flags, int file, off_t offset) {
    if (must_fail())
        return MAP_FAILED;
    return (void *)syscall(SYS_mmap, address, byte_count, protection, flags, file, offset);
}

int munmap(void *address, size_t byte_count) {
    return must_fail() ? -1 : (int)syscall(SYS_munmap, address, byte_count);
}

int mprotect(void *address, size_t byte_count, int protection) {
    return must_fail() ? -1 : (int)syscall(SYS_mprotect, address, byte_count, protection);
}

// Populating is how an address is probed: there a failure is an answer about the address.
#define POPULATE_READ 22
#define POPULATE_WRITE 23

int madvise(void *address, size_t byte_count, int advice) {
    if (advice != POPULATE_READ && advice != POPULATE_WRITE && must_fail())
        return -1;
    return (int)syscall(SYS_madvise, address, byte_count, advice);
}

int mlock(const void *address, size_t byte_count) {
    return must_fail() ? -1 : (int)syscall(SYS_mlock, address, byte_count);
}

int mlock2(const void *address, size_t byte_count, unsigned flags) {
    return must_fail() ? -1 : (int)syscall(SYS_mlock2, address, byte_count, flags);
}

int munlock(const void *address, size_t byte_count) {
    return must_fail() ? -1 : (int)syscall(SYS_munlock, address, byte_count);
}

void *mremap(void *address, size_t byte_count, size_t new_byte_count, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    void *new_address = va_arg(arguments, void *);
    va_end(arguments);
    if (must_fail())
        return MAP_FAILED;
    return (void *)syscall(SYS_mremap, address, byte_count, new_byte_count, flags, new_address);
}

#endif
