// The FromApp names and VirtualAllocExNuma: what they refuse, and that they are VirtualAlloc else.
#include "memory_checks.h"

static const DWORD executable[] = {PAGE_EXECUTE, PAGE_EXECUTE_READ, PAGE_EXECUTE_READWRITE,
                                   PAGE_EXECUTE_WRITECOPY};

// 3.64
static void from_app_names_refuse_executable_memory(void) {
    for (SIZE_T i = 0; i < 4; i++) {
        check_row("protection 0x%x", (unsigned)executable[i]);
        REFUSED(VirtualAllocFromApp(NULL, page_size, MEM_RESERVE | MEM_COMMIT, executable[i]),
                ERROR_INVALID_PARAMETER);
        REFUSED(VirtualAlloc2FromApp(NULL, NULL, page_size, MEM_RESERVE | MEM_COMMIT, executable[i],
                                     NULL, 0),
                ERROR_INVALID_PARAMETER);
    }
}

// 3.64
static void an_executable_protection_is_refused_before_anything_else(void) {
    REFUSED(VirtualAlloc2FromApp((HANDLE)0x7FFFFFFC, NULL, page_size, MEM_RESERVE,
                                 PAGE_EXECUTE_READ, NULL, 0),
            ERROR_INVALID_PARAMETER);
}

// 3.64
static void from_app_names_allocate_as_the_others_do(void) {
    BYTE *base = (BYTE *)GRANTED(
        VirtualAllocFromApp(NULL, 0x2800, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE));
    CHECK_COMMITTED(base, PAGE_READWRITE, 3 * page_size);
    release(base);
    base = (BYTE *)GRANTED(
        VirtualAlloc2FromApp(NULL, NULL, page_size, MEM_RESERVE, PAGE_NOACCESS, NULL, 0));
    CHECK_RESERVED(base, page_size);
    release(base);
    REFUSED(VirtualAllocFromApp(NULL, 0, MEM_RESERVE, PAGE_NOACCESS), ERROR_INVALID_PARAMETER);
}

// 5.5; Learn, VirtualProtectFromApp
static void virtual_protect_from_app_is_virtual_protect(void) {
    ULONG before = 0;
    BYTE *base = committed_pages(2);
    GRANTED(VirtualProtectFromApp(base + 1, page_size, PAGE_READONLY, &before));
    CHECK_EQUAL(before, PAGE_READWRITE);
    CHECK_COMMITTED(base, PAGE_READONLY, 2 * page_size);
    REFUSED_UNCHANGED(base, 2 * page_size,
                      VirtualProtectFromApp(base, page_size, PAGE_READWRITE, NULL), ERROR_NOACCESS);
    release(base);
}

// 3.63
static void every_node_that_exists_can_be_preferred(void) {
    static const DWORD nodes[] = {0, NUMA_NO_PREFERRED_NODE};
    for (SIZE_T i = 0; i < 2; i++) {
        check_row("node 0x%x", (unsigned)nodes[i]);
        BYTE *base = (BYTE *)GRANTED(VirtualAllocExNuma(GetCurrentProcess(), NULL, 0x12345,
                                                        MEM_RESERVE, PAGE_READWRITE, nodes[i]));
        CHECK_EQUAL((SIZE_T)base & 0xFFFF, 0);
        CHECK_RESERVED(base, 0x13000);
        GRANTED(VirtualAllocExNuma(GetCurrentProcess(), base + page_size, page_size, MEM_COMMIT,
                                   PAGE_READWRITE, nodes[i]));
        CHECK_COMMITTED(base + page_size, PAGE_READWRITE, page_size);
        memset(base + page_size, 5, page_size);
        release(base);
        CHECK_FREE(base);
    }
}

// 3.63
static void a_node_that_does_not_exist_is_refused(void) {
    REFUSED(
        VirtualAllocExNuma(GetCurrentProcess(), NULL, page_size, MEM_RESERVE, PAGE_READWRITE, 5000),
        ERROR_INVALID_PARAMETER);
}

// 3.5, 13.3
static void virtual_alloc_ex_numa_needs_a_process(void) {
    REFUSED(VirtualAllocExNuma(NULL, NULL, page_size, MEM_RESERVE, PAGE_READWRITE, 0),
            ERROR_INVALID_HANDLE);
}

TEST_PROGRAM(TEST(from_app_names_refuse_executable_memory),
             TEST(an_executable_protection_is_refused_before_anything_else),
             TEST(from_app_names_allocate_as_the_others_do),
             TEST(virtual_protect_from_app_is_virtual_protect),
             TEST(every_node_that_exists_can_be_preferred),
             TEST(a_node_that_does_not_exist_is_refused),
             TEST(virtual_alloc_ex_numa_needs_a_process))
