// The page source of a Windows program: VirtualAlloc and VirtualFree.
#include "page_source.h"

#include <windows.h>

#include <stdio.h>
#include <stdlib.h>

// Giving pages back cannot fail for ranges that were handed out; if it does, the books are wrong.
static void require(BOOL succeeded, const char *what) {
    if (!succeeded) {
        fprintf(stderr, "%s failed: error %u\n", what, (unsigned)GetLastError());
        abort();
    }
}

static void *reserve(size_t byte_count) {
    return VirtualAlloc(NULL, byte_count, MEM_RESERVE, PAGE_READWRITE);
}

static void *reserve_committed(size_t byte_count) {
    return VirtualAlloc(NULL, byte_count, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
}

static bool commit(void *address, size_t byte_count) {
    return VirtualAlloc(address, byte_count, MEM_COMMIT, PAGE_READWRITE) != NULL;
}

static void decommit(void *address, size_t byte_count) {
    require(VirtualFree(address, byte_count, MEM_DECOMMIT), "VirtualFree(MEM_DECOMMIT)");
}

static void release(void *base, size_t byte_count) {
    (void)byte_count; // Windows knows it
    require(VirtualFree(base, 0, MEM_RELEASE), "VirtualFree(MEM_RELEASE)");
}

const struct page_source virtual_page_source = {reserve, reserve_committed, commit, decommit,
                                                release};
