// Where references from outside the heap may be: the registers and the stack of this thread, and
// the writable data of every loaded image. VirtualQuery knows both.
#include "blocks.h"

// Words of memory that the compiler believes to hold something else.
static void scan(const void *start, const void *end, root_function *found) {
    typedef uint64_t __attribute__((may_alias)) word;
    for (const word *at = start; at + 1 <= (const word *)end; at++)
        found(*at);
    blocks.counts.root_words += (uint64_t)((const char *)end - (const char *)start) / 8;
}

static int is_writable_image(const MEMORY_BASIC_INFORMATION *region) {
    DWORD writable =
        PAGE_READWRITE | PAGE_WRITECOPY | PAGE_EXECUTE_READWRITE | PAGE_EXECUTE_WRITECOPY;
    return region->State == MEM_COMMIT && region->Type == MEM_IMAGE &&
           (region->Protect & writable) && !(region->Protect & (PAGE_GUARD | PAGE_NOACCESS));
}

static void scan_images(root_function *found) {
    SYSTEM_INFO system;
    GetSystemInfo(&system);
    MEMORY_BASIC_INFORMATION region;
    char *address = system.lpMinimumApplicationAddress;
    blocks.counts.root_regions = 0;
    while (VirtualQuery(address, &region, sizeof(region)) == sizeof(region)) {
        char *next = (char *)region.BaseAddress + region.RegionSize;
        if (is_writable_image(&region)) {
            scan(region.BaseAddress, next, found);
            blocks.counts.root_regions++;
        }
        if (next <= address)
            break;
        address = next;
    }
}

// The frame of this function holds what the caller's registers held; above it is the rest.
__declspec(noinline) static void scan_stack(root_function *found) {
    __builtin_unwind_init();
    uint64_t here[1] = {0};
    MEMORY_BASIC_INFORMATION region;
    VirtualQuery(here, &region, sizeof(region));
    scan(here, (char *)region.BaseAddress + region.RegionSize, found);
}

void find_roots(root_function *found) {
    scan_stack(found);
    scan_images(found);
}
