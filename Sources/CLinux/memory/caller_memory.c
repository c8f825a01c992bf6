// Checks, loads and stores of memory that callers name, which never fault.
#define _GNU_SOURCE
#include "CLinux.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

// Whether the kernel's list of mappings permits the access. Used if the kernel refuses the other
// ways.
static int is_permitted(uintptr_t page, int protection) {
    struct kernel_mapping mapping;
    intptr_t file = kernel_open_mappings();
    int result = file < 0 ? -EIO : kernel_mapping_listed(file, page, &mapping);
    kernel_close_mappings(file);
    return result == 0 && mapping.start <= page && (mapping.protection & (uint32_t)protection) != 0;
}

// rt_sigprocmask with an invalid operation reads the signal mask at the address before it refuses:
// EINVAL means that it could read it, EFAULT that it could not.
static int can_read_page(uintptr_t address) {
    const int no_such_thing = -1;
    long result = syscall(SYS_rt_sigprocmask, no_such_thing, address & ~(uintptr_t)7, NULL, 8L);
    if (result < 0 && (errno == EINVAL || errno == EFAULT))
        return errno == EINVAL;
    return is_permitted(PAGE_START(address), KERNEL_PROT_READ);
}

// The kernel atomically sets no bit of the word, which needs write access and changes nothing.
// Sandboxes allow the call, because the locks of the C library need futexes.
static int can_write_page(uintptr_t address) {
    static uint32_t nobody_waits;
    const unsigned set_no_bit = FUTEX_OP_OR << 28;
    long result = syscall(SYS_futex, &nobody_waits, FUTEX_WAKE_OP_PRIVATE, 0, 0L,
                          address & ~(uintptr_t)3, set_no_bit);
    if (result >= 0 || errno == EFAULT)
        return result >= 0;
    return is_permitted(PAGE_START(address), KERNEL_PROT_WRITE);
}

static int can_access(uintptr_t address, size_t byte_count, int advice, int (*can)(uintptr_t)) {
    if (byte_count == 0)
        return 1;
    uintptr_t last = address + byte_count - 1;
    if (last < address)
        return 0;
    uintptr_t first_page = PAGE_START(address);
    int result = kernel_advise(first_page, PAGE_START(last) - first_page + PAGE_BYTE_COUNT, advice);
    if (result == 0 || result == -EFAULT)
        return result == 0;
    // An older kernel, pages of a device, a sandbox, or memory that is not there: try every page.
    int saved_errno = errno;
    int answer = 1;
    for (uintptr_t page = first_page; answer && page - first_page <= last - first_page;
         page += PAGE_BYTE_COUNT)
        answer = can(page < address ? address : page);
    errno = saved_errno;
    return answer;
}

int kernel_can_write(uintptr_t address, size_t byte_count) {
    return can_access(address, byte_count, KERNEL_MADV_POPULATE_WRITE, can_write_page);
}

int kernel_can_read(uintptr_t address, size_t byte_count) {
    return can_access(address, byte_count, KERNEL_MADV_POPULATE_READ, can_read_page);
}

// The kernel copies within this process. The process identifier is read each time: with a
// remembered one, a child of a bare clone would access the memory of its parent.
static long copy(long number, const void *here, uintptr_t there, size_t byte_count) {
    struct iovec own = {(void *)(uintptr_t)here, byte_count};
    struct iovec callers = {(void *)there, byte_count};
    long result = syscall(number, syscall(SYS_getpid), &own, 1L, &callers, 1L, 0L);
    return result < 0 ? -errno : result;
}

// Same as `copy`, if a sandbox refuses that.
static long copy_through_pipe(const void *from, void *to, size_t byte_count) {
    int ends[2];
    if (syscall(SYS_pipe2, ends, O_CLOEXEC) != 0)
        return -errno;
    long result = syscall(SYS_write, ends[1], from, byte_count);
    if (result == (long)byte_count)
        result = syscall(SYS_read, ends[0], to, byte_count);
    result = result < 0 ? -errno : result;
    syscall(SYS_close, ends[0]);
    syscall(SYS_close, ends[1]);
    return result;
}

int kernel_store(uintptr_t address, const void *value, size_t byte_count) {
    uintptr_t last = address + byte_count - 1;
    if (PAGE_START(address) != PAGE_START(last) && !kernel_can_write(address, byte_count))
        return 0;
    int saved_errno = errno;
    long result = copy(SYS_process_vm_writev, value, address, byte_count);
    if (result < 0 && result != -EFAULT)
        result = copy_through_pipe(value, (void *)address, byte_count);
    errno = saved_errno;
    if (result >= 0 || result == -EFAULT)
        return result == (long)byte_count;
    // The last way is a plain copy after a check. It faults if another thread makes the memory
    // inaccessible in between.
    if (!kernel_can_write(address, byte_count))
        return 0;
    __builtin_memcpy((void *)address, value, byte_count);
    return 1;
}

int kernel_load(void *value, uintptr_t address, size_t byte_count) {
    int saved_errno = errno;
    long result = copy(SYS_process_vm_readv, value, address, byte_count);
    if (result < 0 && result != -EFAULT)
        result = copy_through_pipe((const void *)address, value, byte_count);
    errno = saved_errno;
    if (result >= 0 || result == -EFAULT)
        return result == (long)byte_count;
    if (!kernel_can_read(address, byte_count))
        return 0;
    __builtin_memcpy(value, (const void *)address, byte_count);
    return 1;
}
