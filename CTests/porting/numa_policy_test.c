// That a preferred NUMA node reaches the kernel, and goes away with the allocation.
#include "memory_checks.h"

#include <sys/syscall.h>
#include <unistd.h>

#define POLICY_PREFERRED 1
#define OF_ADDRESS 2

static int policy_at(void *address) {
    int policy = -1;
    syscall(SYS_get_mempolicy, &policy, NULL, 0, address, OF_ADDRESS);
    return policy;
}

// 3.63; mbind(2), get_mempolicy(2)
static void a_preferred_node_reaches_the_kernel_and_leaves_with_the_allocation(void) {
    BYTE *plain = committed_pages(1);
    int usual = policy_at(plain);
    BYTE *base = (BYTE *)GRANTED(VirtualAllocExNuma(GetCurrentProcess(), NULL, 0x20000,
                                                    MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE, 0));
    base[0] = base[0x1FFFF] = 1;
    // Minus one: a kernel without NUMA.
    CHECK(usual == -1 || policy_at(base) == POLICY_PREFERRED);
    CHECK(usual == -1 || policy_at(base + 0x1F000) == POLICY_PREFERRED);
    release(base);
    base = (BYTE *)VirtualAlloc(base, 0x20000, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    CHECK(base != NULL);
    CHECK_EQUAL(policy_at(base), usual);
    release(base);
    release(plain);
}

// Learn, VirtualAllocExNuma: the node is ignored when pages of an existing region are committed.
static void a_node_given_to_a_commit_is_ignored(void) {
    BYTE *base = reserved_pages(16);
    GRANTED(
        VirtualAllocExNuma(GetCurrentProcess(), base, page_size, MEM_COMMIT, PAGE_READWRITE, 0));
    CHECK(policy_at(base) != POLICY_PREFERRED);
    release(base);
}

TEST_PROGRAM(TEST(a_preferred_node_reaches_the_kernel_and_leaves_with_the_allocation),
             TEST(a_node_given_to_a_commit_is_ignored))
