// Behaviour 5 (S16 to S19): a collector or a sanitizer looks at the whole address space once: what
// is free, whose memory is what, where the program's own data and this thread's stack are.
#ifdef __linux__
#error "the Linux branch (/proc/self/maps) is taken"
#elif defined(_WIN32)
#include <windows.h>
#endif

#include <stdint.h>
#include <stdlib.h>
#include "../report.h"

static int initialized_data = 7;
static int zero_data[5000];

struct walk {
    unsigned regions, free_regions, stuck, gaps, odd_free;
    unsigned long long private_bytes, mapped_bytes, image_bytes, reserved_bytes;
};

// From address 0 upward, each step by the RegionSize of the answer, until there is no answer.
static struct walk walk_everything(void) {
    struct walk walk = {0};
    uintptr_t address = 0;
    MEMORY_BASIC_INFORMATION region;
    while (VirtualQuery((void *)address, &region, sizeof(region)) == sizeof(region)) {
        walk.regions++;
        walk.gaps += (uintptr_t)region.BaseAddress != address;
        if (region.State == MEM_FREE) {
            walk.free_regions++;
            walk.odd_free += region.Protect != PAGE_NOACCESS || region.AllocationBase != NULL;
        } else if (region.State == MEM_RESERVE) {
            walk.reserved_bytes += region.RegionSize;
        } else if (region.Type == MEM_IMAGE) {
            walk.image_bytes += region.RegionSize;
        } else if (region.Type == MEM_MAPPED) {
            walk.mapped_bytes += region.RegionSize;
        } else {
            walk.private_bytes += region.RegionSize;
        }
        uintptr_t next = (uintptr_t)region.BaseAddress + region.RegionSize;
        if (next <= address) {
            walk.stuck = next != 0; // the top of the address space is an end, too
            break;
        }
        address = next;
    }
    return walk;
}

static void show_data(const char *what, const void *address) {
    MEMORY_BASIC_INFORMATION region = {0};
    VirtualQuery(address, &region, sizeof(region));
    int writable =
        (region.Protect & (PAGE_READWRITE | PAGE_WRITECOPY | PAGE_EXECUTE_READWRITE)) != 0;
    expect(region.State == MEM_COMMIT && region.Type == MEM_IMAGE && writable &&
               region.AllocationBase == (void *)GetModuleHandleA(NULL),
           what, "type 0x%x, protection 0x%02x", (unsigned)region.Type, (unsigned)region.Protect);
}

static void show_module_of(const char *what, const void *address) {
    MEMORY_BASIC_INFORMATION region = {0};
    HMODULE module = NULL;
    VirtualQuery(address, &region, sizeof(region));
    GetModuleHandleExA(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS |
                           GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
                       (LPCSTR)address, &module);
    expect(region.Type == MEM_IMAGE && module != NULL && region.AllocationBase == (void *)module,
           what, "AllocationBase is its HMODULE: %s",
           region.AllocationBase == (void *)module ? "yes" : "no");
}

static void show_stack(void) {
    volatile char local = 1;
    MEMORY_BASIC_INFORMATION region = {0};
    SIZE_T answered = VirtualQuery((const void *)&local, &region, sizeof(region));
    uintptr_t here = (uintptr_t)&local;
    expect(answered && region.State == MEM_COMMIT && region.Protect == PAGE_READWRITE &&
               (uintptr_t)region.AllocationBase <= here &&
               here < (uintptr_t)region.BaseAddress + region.RegionSize,
           "this thread's stack is committed memory", "%zu KiB from here to its end",
           (size_t)((uintptr_t)region.BaseAddress + region.RegionSize - here) / 1024);
}

int main(void) {
    report_title("address space walk: every byte has an answer");
    zero_data[0] = initialized_data;
    char *reserved = VirtualAlloc(NULL, (SIZE_T)1 << 30, MEM_RESERVE, PAGE_NOACCESS);
    struct walk before = walk_everything();
    VirtualFree(reserved, 0, MEM_RELEASE);
    struct walk walk = walk_everything();
    expect(walk.regions > 20 && walk.stuck == 0, "the walk makes progress and ends",
           "%u regions, %u of them free", walk.regions, walk.free_regions);
    expect(walk.gaps == 0, "each answer begins where it was asked for", "%u do not", walk.gaps);
    expect(walk.odd_free == 0, "free memory has no access and no base", "%u have", walk.odd_free);
    expect(walk.image_bytes > 4096 && walk.private_bytes > 4096, "committed memory by type",
           "image %llu KiB, private %llu, mapped %llu", walk.image_bytes / 1024,
           walk.private_bytes / 1024, walk.mapped_bytes / 1024);
    expect(reserved && before.reserved_bytes >= walk.reserved_bytes + ((SIZE_T)1 << 30),
           "a reserved GiB shows while it is there", "%llu KiB reserved without it",
           walk.reserved_bytes / 1024);
    show_data("initialized data are the program's image", &initialized_data);
    show_data("so are zero data, to the last page", &zero_data[4999]);
    show_module_of("code belongs to a module", (const void *)(uintptr_t)&show_stack);
    show_module_of(
        "a system function to another",
        (const void *)(uintptr_t)GetProcAddress(GetModuleHandleA("kernelbase"), "VirtualAlloc"));
    show_stack();
    void *block = malloc(100);
    MEMORY_BASIC_INFORMATION heap = {0};
    VirtualQuery(block, &heap, sizeof(heap));
    expect(heap.State == MEM_COMMIT && heap.Type == MEM_PRIVATE, "malloc's memory is private",
           "protection 0x%02x", (unsigned)heap.Protect);
    free(block);
    return report_status();
}
