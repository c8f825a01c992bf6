// System calls on memory: functions of the C library that return an error instead of setting errno.
#define _GNU_SOURCE
#include "CLinux.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PRIVATE_FLAGS (MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE)

// Restores errno, which callers must not see changed. The errno of a failed call becomes the
// result.
#define RESULT_OF(call)                                                                            \
    int saved_errno = errno;                                                                       \
    int result = (call) == 0 ? 0 : -errno;                                                         \
    errno = saved_errno;                                                                           \
    return result

static intptr_t map(uintptr_t address, size_t byte_count, int protection, int flags) {
    int saved_errno = errno;
    // A bare system call, because the thread sanitizer treats the C library's function as a write
    // to all of the memory.
    intptr_t result = syscall(SYS_mmap, address, byte_count, (long)protection,
                              (long)(PRIVATE_FLAGS | flags), -1L, 0L);
    if (result == -1)
        result = -errno;
    errno = saved_errno;
    return result;
}

intptr_t kernel_map_anywhere(size_t byte_count, int protection) {
    return map(0, byte_count, protection, 0);
}

intptr_t kernel_map_exactly(uintptr_t address, size_t byte_count, int protection) {
    intptr_t base = map(address, byte_count, protection, MAP_FIXED_NOREPLACE);
    // Kernels before 4.17 treat the address as a hint.
    if (base >= 0 && (uintptr_t)base != address) {
        kernel_unmap((uintptr_t)base, byte_count);
        return -EEXIST;
    }
    return base;
}

intptr_t kernel_map_over(uintptr_t address, size_t byte_count, int protection) {
    return map(address, byte_count, protection, MAP_FIXED);
}

void *map_zeroed(size_t byte_count) {
    intptr_t base = kernel_map_anywhere(byte_count, KERNEL_PROT_READ | KERNEL_PROT_WRITE);
    return base < 0 ? NULL : (void *)base;
}

int kernel_unmap(uintptr_t address, size_t byte_count) {
    RESULT_OF(munmap((void *)address, byte_count));
}

// Bare system calls, because the address sanitizer replaces the C library's functions by ones that
// do nothing.
int kernel_lock(uintptr_t address, size_t byte_count) {
    RESULT_OF(syscall(SYS_mlock, address, byte_count));
}

int kernel_unlock(uintptr_t address, size_t byte_count) {
    RESULT_OF(syscall(SYS_munlock, address, byte_count));
}

void kernel_yield(void) {
    sched_yield();
}

intptr_t kernel_read_file(const char *path, void *buffer, size_t byte_count) {
    // Bare system calls, because open and read of the C library are cancellation points.
    int saved_errno = errno;
    intptr_t result = -1;
    long file = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
    if (file >= 0) {
        result = syscall(SYS_pread64, file, buffer, byte_count, 0L);
        if (result < 0)
            result = -errno;
        syscall(SYS_close, file);
    } else {
        result = -errno;
    }
    errno = saved_errno;
    return result;
}

void kernel_complain(const char *text, size_t byte_count) {
    int saved_errno = errno;
    syscall(SYS_write, STDERR_FILENO, text, byte_count);
    errno = saved_errno;
}
