// Reads the NUMA nodes from the kernel, and sets preferences for a node.
#define _GNU_SOURCE
#include "CLinux.h"

#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

// <linux/mempolicy.h> is not among the headers of the C library.
#define POLICY_PREFERRED 1
#define MOST_NODES 1024

intptr_t numa_node_processors(uint32_t node, void *buffer, size_t byte_count) {
    char path[] = "/sys/devices/system/node/node0000000000/cpulist";
    char digits[10];
    int count = 0;
    do {
        digits[count++] = (char)('0' + node % 10);
        node /= 10;
    } while (node != 0);
    char *end = path + sizeof "/sys/devices/system/node/node" - 1;
    while (count > 0)
        *end++ = digits[--count];
    __builtin_memcpy(end, "/cpulist", sizeof "/cpulist");
    return kernel_read_file(path, buffer, byte_count);
}

int kernel_prefer_node(uintptr_t address, size_t byte_count, uint32_t node) {
    uint64_t mask[MOST_NODES / 64] = {0};
    if (node >= MOST_NODES)
        return -EINVAL;
    mask[node / 64] = UINT64_C(1) << node % 64;
    int saved_errno = errno;
    // The kernel reads one bit less than this number.
    long result =
        syscall(SYS_mbind, address, byte_count, POLICY_PREFERRED, mask, MOST_NODES + 1, 0);
    int answer = result == 0 ? 0 : -errno;
    errno = saved_errno;
    return answer;
}

uint32_t processor_number(void) {
    int saved_errno = errno;
    int number = sched_getcpu();
    errno = saved_errno;
    return number < 0 ? 0 : (uint32_t)number;
}
