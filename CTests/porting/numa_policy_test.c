// That a preferred NUMA node reaches the kernel, and goes away with the allocation.
#include "place_model.h"

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

// 10.10, 3.59: a node besides limits, or the highest place
static void a_node_changes_nothing_about_the_place(void) {
    struct request request = {0x5C0000000000, 0x5C0001000000, 0x20000, 0x10000, MEM_TOP_DOWN};
    ULONG_PTR expected = expected_place(&request);
    MEM_ADDRESS_REQUIREMENTS limits = {(void *)request.lowest, (void *)(request.end - 1), 0};
    MEM_EXTENDED_PARAMETER parameters[2];
    memset(parameters, 0, sizeof parameters);
    parameters[0].Type = MemExtendedParameterAddressRequirements;
    parameters[0].Pointer = &limits;
    parameters[1].Type = MemExtendedParameterNumaNode;
    BYTE *plain = committed_pages(1);
    int usual = policy_at(plain);
    BYTE *base = (BYTE *)GRANTED(VirtualAlloc2(NULL, NULL, request.byte_count,
                                               MEM_RESERVE | MEM_COMMIT | MEM_TOP_DOWN,
                                               PAGE_READWRITE, parameters, 2));
    CHECK_EQUAL((ULONG_PTR)base, expected);
    CHECK(usual == -1 || policy_at(base) == POLICY_PREFERRED);
    release(base);
    BYTE *highest = (BYTE *)GRANTED(
        VirtualAlloc(NULL, request.byte_count, MEM_RESERVE | MEM_TOP_DOWN, PAGE_READWRITE));
    release(highest);
    base = (BYTE *)GRANTED(VirtualAllocExNuma(GetCurrentProcess(), NULL, request.byte_count,
                                              MEM_COMMIT | MEM_TOP_DOWN, PAGE_READWRITE, 0));
    CHECK_EQUAL((ULONG_PTR)base, (ULONG_PTR)highest);
    release(base);
    release(plain);
}

TEST_PROGRAM(TEST(a_preferred_node_reaches_the_kernel_and_leaves_with_the_allocation),
             TEST(a_node_given_to_a_commit_is_ignored),
             TEST(a_node_changes_nothing_about_the_place))
