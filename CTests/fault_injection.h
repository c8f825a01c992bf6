// Makes the Nth kernel call of the library fail with a chosen errno. The program defines the C
// library's functions for memory, and `syscall`, itself; linked -rdynamic, the library binds to
// these. x86-64 only.
#ifndef FAULT_INJECTION_H
#define FAULT_INJECTION_H

#include <windows.h>

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

// Populating is how an address is probed: there a failure is an answer about the address. Waiting,
// signal masks and closing cannot fail in a way that matters.
static inline int may_fail(long number, long advice) {
    enum { populate_read = 22, populate_write = 23 };
    switch (number) {
    case SYS_madvise:
        return advice != populate_read && advice != populate_write;
    case SYS_mmap:
    case SYS_munmap:
    case SYS_mremap:
    case SYS_mprotect:
    case SYS_mlock:
    case SYS_mlock2:
    case SYS_munlock:
    case SYS_openat:
    case SYS_pread64:
    case SYS_ioctl:
        return 1;
    default:
        return 0;
    }
}

// The kernel call, or the failure in its place, in the manner of the C library.
static long call_or_fail(long number, long a, long b, long c, long d, long e, long f) {
    long result;
    if (injection.is_armed && may_fail(number, c) && --injection.calls_until_failure == 0) {
        injection.failures++;
        errno = injection.error;
        return -1;
    }
    register long fourth __asm__("r10") = d;
    register long fifth __asm__("r8") = e;
    register long sixth __asm__("r9") = f;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(fourth), "r"(fifth), "r"(sixth)
                     : "rcx", "r11", "memory");
    if (result < 0 && result > -4096) {
        errno = (int)-result;
        return -1;
    }
    return result;
}

long syscall(long number, ...) {
    long arguments[6];
    va_list list;
    va_start(list, number);
    for (int i = 0; i < 6; i++)
        arguments[i] = va_arg(list, long);
    va_end(list);
    return call_or_fail(number, arguments[0], arguments[1], arguments[2], arguments[3],
                        arguments[4], arguments[5]);
}

void *mmap(void *address, size_t byte_count, int protection, int flags, int file, off_t offset) {
    return (void *)call_or_fail(SYS_mmap, (long)address, (long)byte_count, protection, flags, file,
                                offset);
}

int munmap(void *address, size_t byte_count) {
    return (int)call_or_fail(SYS_munmap, (long)address, (long)byte_count, 0, 0, 0, 0);
}

int mprotect(void *address, size_t byte_count, int protection) {
    return (int)call_or_fail(SYS_mprotect, (long)address, (long)byte_count, protection, 0, 0, 0);
}

int madvise(void *address, size_t byte_count, int advice) {
    return (int)call_or_fail(SYS_madvise, (long)address, (long)byte_count, advice, 0, 0, 0);
}

int mlock(const void *address, size_t byte_count) {
    return (int)call_or_fail(SYS_mlock, (long)address, (long)byte_count, 0, 0, 0, 0);
}

int mlock2(const void *address, size_t byte_count, unsigned flags) {
    return (int)call_or_fail(SYS_mlock2, (long)address, (long)byte_count, flags, 0, 0, 0);
}

int munlock(const void *address, size_t byte_count) {
    return (int)call_or_fail(SYS_munlock, (long)address, (long)byte_count, 0, 0, 0, 0);
}

// The codes that a call may answer when the kernel was short of something.
static inline int is_true_code(DWORD code) {
    return code == ERROR_NOT_ENOUGH_MEMORY || code == ERROR_COMMITMENT_LIMIT ||
           code == ERROR_WORKING_SET_QUOTA;
}

#endif
