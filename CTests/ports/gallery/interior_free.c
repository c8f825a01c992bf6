// Behaviour 2 (S3): an allocator that aligns blocks by hand hands out interior pointers, and frees
// by trying the pointer first, then asking VirtualQuery for the base. Another falls back to a
// decommit of what it cannot release.
#if defined(__linux__) || defined(__gnu_linux__)
#error "the Linux branch (munmap frees any part) is taken"
#elif defined(_WIN32)
#include <windows.h>
#endif

#include <stdint.h>
#include "../report.h"

#define ALIGNMENT ((SIZE_T)4 << 20)

// Reserves too much and answers an aligned pointer into it; the base is not kept anywhere.
static char *allocate_aligned(SIZE_T byte_count) {
    char *base = VirtualAlloc(NULL, byte_count + ALIGNMENT, MEM_RESERVE, PAGE_NOACCESS);
    if (base == NULL)
        return NULL;
    char *aligned = (char *)(((uintptr_t)base + ALIGNMENT) & ~(uintptr_t)(ALIGNMENT - 1));
    return VirtualAlloc(aligned, byte_count, MEM_COMMIT, PAGE_READWRITE);
}

// Answers how the block was freed: 1 by its pointer, 2 by the base of its allocation, 0 not at all.
static int free_block(char *block, DWORD *first_error) {
    if (VirtualFree(block, 0, MEM_RELEASE))
        return 1;
    *first_error = GetLastError();
    MEMORY_BASIC_INFORMATION allocation;
    if (*first_error == ERROR_INVALID_ADDRESS &&
        VirtualQuery(block, &allocation, sizeof(allocation)) == sizeof(allocation) &&
        VirtualFree(allocation.AllocationBase, 0, MEM_RELEASE))
        return 2;
    return 0;
}

// Takes a part out of use: releases it if it is a whole allocation, else decommits it.
static const char *unmap(char *start, SIZE_T byte_count) {
    if (VirtualFree(start, 0, MEM_RELEASE))
        return "released";
    return VirtualFree(start, byte_count, MEM_DECOMMIT) ? "decommitted" : "failed";
}

static void show_refusals(char *block, SIZE_T byte_count) {
    block[0] = 42;
    int released = VirtualFree(block, byte_count, MEM_RELEASE);
    expect(!released && GetLastError() == ERROR_INVALID_PARAMETER,
           "a release with a size is refused", "error %u", (unsigned)GetLastError());
    released = VirtualFree(block + 4096, 0, MEM_RELEASE);
    expect(!released && GetLastError() == ERROR_INVALID_ADDRESS,
           "a release inside the block is refused", "error %u", (unsigned)GetLastError());
    expect(block[0] == 42, "and the block is as it was", "byte %d", block[0]);
}

int main(void) {
    report_title("interior free: release by AllocationBase what was aligned by hand");
    int by_base = 0, misplaced = 0, wrong_error = 0;
    for (int round = 0; round < 100; round++) {
        SIZE_T byte_count = (SIZE_T)4096 * (SIZE_T)(round + 1);
        char *block = allocate_aligned(byte_count);
        if (block == NULL)
            break;
        misplaced += ((uintptr_t)block & (ALIGNMENT - 1)) != 0;
        block[byte_count - 1] = 1;
        DWORD error = 0;
        by_base += free_block(block, &error) == 2;
        wrong_error += error != ERROR_INVALID_ADDRESS;
        MEMORY_BASIC_INFORMATION after;
        VirtualQuery(block, &after, sizeof(after));
        misplaced += after.State != MEM_FREE;
    }
    expect(by_base == 100 && wrong_error == 0, "blocks released through VirtualQuery",
           "%d of 100, after error 487", by_base);
    expect(misplaced == 0, "aligned to 4 MiB, and free afterwards", "%d were not", misplaced);

    char *block = allocate_aligned(16 * 4096);
    if (!expect(block != NULL, "one more block", "64 KiB"))
        return report_status();
    show_refusals(block, 16 * 4096);
    const char *how = unmap(block + 4096, 4 * 4096);
    MEMORY_BASIC_INFORMATION part;
    VirtualQuery(block + 4096, &part, sizeof(part));
    expect(how[0] == 'd' && part.State == MEM_RESERVE && part.RegionSize == 4 * 4096,
           "a part that cannot be released is decommitted", "%s, %zu bytes", how,
           (size_t)part.RegionSize);
    DWORD error = 0;
    int freed = free_block(block + 8 * 4096, &error);
    expect(freed == 2, "the rest goes as a whole", "error %u first", (unsigned)error);
    char *whole = VirtualAlloc(NULL, 4096, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    how = whole ? unmap(whole, 4096) : "no block";
    expect(how[0] == 'r', "what is a whole allocation is released", "%s", how);
    return report_status();
}
