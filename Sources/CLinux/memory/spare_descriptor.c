// Reads the kernel's list of mappings in a process that has no file descriptor left. A short-lived
// kernel thread with a copy of the descriptor table closes one of its descriptors and opens the
// list instead. The descriptors of the process do not change.
#define _GNU_SOURCE
#include "CLinux.h"

#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#define STACK_BYTE_COUNT 16384
// The number of descriptors to try to close, because low ones may be closed already.
#define MOST_TRIES 64

struct request {
    uintptr_t address;
    struct kernel_mapping *mapping;
    int result;
};

// Runs while the calling thread, whose thread-local storage it shares, is suspended in clone(2).
static int answer(void *argument) {
    struct request *request = argument;
    for (long spare = 0; spare < MOST_TRIES; spare++) {
        if (syscall(SYS_close, spare) != 0)
            continue;
        intptr_t file = kernel_open_mappings();
        if (file < 0)
            continue;
        request->result = kernel_mapping_listed(file, request->address, request->mapping);
        break;
    }
    return 0;
}

int kernel_mapping_by_spare_descriptor(uintptr_t address, struct kernel_mapping *mapping) {
    // The new thread does not share the descriptors, and ends before clone returns.
    const int flags =
        CLONE_VM | CLONE_FS | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM | CLONE_VFORK;
    uint64_t blocked;
    struct request request = {address, mapping, -EIO};
    intptr_t stack = kernel_map_anywhere(STACK_BYTE_COUNT, KERNEL_PROT_READ | KERNEL_PROT_WRITE);
    if (stack < 0)
        return (int)stack;
    int saved_errno = errno;
    kernel_block_signals(&blocked);
    if (clone(answer, (void *)(stack + STACK_BYTE_COUNT), flags, &request) < 0)
        request.result = -errno;
    kernel_restore_signals(&blocked);
    errno = saved_errno;
    kernel_unmap((uintptr_t)stack, STACK_BYTE_COUNT);
    return request.result;
}
