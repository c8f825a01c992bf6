// Stacks in allocations of this library. They grow by a guard page, as on Windows.
#include "CLinux.h"

#include <windows.h>

static uintptr_t block_of(uintptr_t address, MEMORY_BASIC_INFORMATION *region) {
    return VirtualQuery((void *)address, region, sizeof *region) && region->Type == MEM_PRIVATE
               ? (uintptr_t)region->AllocationBase
               : 0;
}

int thread_stack_is_one_block(uintptr_t stack_pointer, uintptr_t guard, uintptr_t above) {
    MEMORY_BASIC_INFORMATION region;
    uintptr_t block = block_of(guard, &region);
    return block && block_of(above, &region) == block && region.Protect == PAGE_READWRITE &&
           block_of(stack_pointer, &region) == block;
}

int thread_stack_arm_below(uintptr_t page) {
    MEMORY_BASIC_INFORMATION region, end;
    DWORD before;
    void *next = (void *)(page - PAGE_BYTE_COUNT);
    uintptr_t block = block_of(page, &region);
    // The lowest page of the allocation never becomes part of the stack.
    if (block_of(page - PAGE_BYTE_COUNT, &region) != block ||
        block_of(page - 2 * PAGE_BYTE_COUNT, &end) != block)
        return 0;
    if (region.State == MEM_RESERVE)
        return VirtualAlloc(next, PAGE_BYTE_COUNT, MEM_COMMIT, PAGE_READWRITE | PAGE_GUARD) != NULL;
    return region.Protect == PAGE_READWRITE &&
           VirtualProtect(next, PAGE_BYTE_COUNT, PAGE_READWRITE | PAGE_GUARD, &before);
}

int thread_stack_arm_again(void) {
    MEMORY_BASIC_INFORMATION region;
    DWORD before;
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);
    const uintptr_t least = 2 * PAGE_BYTE_COUNT;
    if (thread_area_own_stack_contains(here))
        return thread_area_room(here) >= least;
    if (!block_of(here, &region) || region.Protect != PAGE_READWRITE)
        return 1; // a stack that has no guard page of ours
    uintptr_t lowest = (uintptr_t)region.BaseAddress;
    if (here - lowest < least)
        return 0;
    return block_of(lowest - 1, &region) == 0 || (region.Protect & PAGE_GUARD) ||
           VirtualProtect((void *)lowest, PAGE_BYTE_COUNT, PAGE_READWRITE | PAGE_GUARD, &before);
}
