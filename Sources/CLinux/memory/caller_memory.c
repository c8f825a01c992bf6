// Memory that callers name: whether it can be used, and loads and stores that never fault.
#define _GNU_SOURCE
#include "CLinux.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define PAGE_BYTE_COUNT ((uintptr_t)4096)
#define PAGE_START(address) ((address) & ~(PAGE_BYTE_COUNT - 1))

// What the list of mappings says; for want of anything better.
static int is_permitted(uintptr_t page, int protection) {
    struct kernel_mapping mapping;
    intptr_t file = kernel_open_mappings();
    int result = file < 0 ? -EIO : kernel_mapping_listed(file, page, &mapping);
    kernel_close_mappings(file);
    return result == 0 && mapping.start <= page && (mapping.protection & (uint32_t)protection) != 0;
}

// The kernel reads the mask before it finds that it is not told what to do with it.
static int can_read_page(uintptr_t address) {
    const int no_such_thing = -1;
    long result = syscall(SYS_rt_sigprocmask, no_such_thing, address & ~(uintptr_t)7, NULL, 8L);
    if (result < 0 && (errno == EINVAL || errno == EFAULT))
        return errno == EINVAL;
    return is_permitted(PAGE_START(address), KERNEL_PROT_READ);
}

// The kernel sets no bit of a word, in one step. No sandbox refuses this: the C library's locks need it.
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

// Asks the kernel to copy within this process. The identifier is asked for each time: a remembered one
// would lead a child that nobody told of its birth into its parent's memory.
static long copy(long number, const void *here, uintptr_t there, size_t byte_count) {
    struct iovec own = {(void *)(uintptr_t)here, byte_count};
    struct iovec callers = {(void *)there, byte_count};
    long result = syscall(number, syscall(SYS_getpid), &own, 1L, &callers, 1L, 0L);
    return result < 0 ? -errno : result;
}

// The same where a sandbox refuses that.
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
    // Now nothing is left to do about a thread that takes the memory away at this very moment.
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
