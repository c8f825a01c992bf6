// A growing array on one large reservation, as a Windows program keeps it: pages are committed as
// the array grows and decommitted as it shrinks, and its address never changes.
#include <windows.h>

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { KIB = 1024, MIB = 1024 * 1024 };

// The array takes the lower half of the reservation, the cache the start of the upper half.
static const SIZE_T reservation_bytes = (SIZE_T)16 * 1024 * MIB;
static const SIZE_T cache_bytes = 16 * MIB;
// Committing by the mebibyte makes one call serve many appends.
static const SIZE_T commit_step_bytes = 1 * MIB;

struct growing_array {
    uint64_t *elements;
    SIZE_T element_count;
    SIZE_T committed_bytes;
    SIZE_T page_bytes;
    unsigned commit_calls;
    unsigned decommit_calls;
};

// Prints what failed with the system's own words for the last error, and ends the program.
static void fail(const char *what) {
    DWORD code = GetLastError();
    char *text = NULL;
    FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_ALLOCATE_BUFFER |
                       FORMAT_MESSAGE_IGNORE_INSERTS,
                   NULL, code, 0, (LPSTR)&text, 0, NULL);
    fprintf(stderr, "%s failed: error %u: %s\n", what, (unsigned)code, text ? text : "");
    LocalFree(text);
    exit(1);
}

static SIZE_T round_up(SIZE_T byte_count, SIZE_T unit) {
    return (byte_count + unit - 1) / unit * unit;
}

static const char *state_name(DWORD state) {
    return state == MEM_COMMIT ? "committed" : state == MEM_RESERVE ? "reserved" : "free";
}

static const char *protection_name(const MEMORY_BASIC_INFORMATION *region) {
    if (region->State != MEM_COMMIT)
        return "-";
    switch (region->Protect) {
    case PAGE_READWRITE:
        return "read-write";
    case PAGE_READONLY:
        return "read-only";
    default:
        return "other";
    }
}

// Asks VirtualQuery for every region from `base` on, until `byte_count` bytes are described.
static void print_map(const char *title, const void *base, SIZE_T byte_count) {
    const unsigned char *address = base;
    const unsigned char *end = address + byte_count;
    printf("\n%s\n", title);
    printf("  %-18s %14s  %-10s %s\n", "address", "KiB", "state", "protection");
    while (address < end) {
        MEMORY_BASIC_INFORMATION region;
        if (VirtualQuery(address, &region, sizeof region) == 0)
            fail("VirtualQuery");
        SIZE_T shown = region.RegionSize;
        if (shown > (SIZE_T)(end - address))
            shown = (SIZE_T)(end - address);
        printf("  0x%016" PRIxPTR " %14" PRIu64 "  %-10s %s\n", (uintptr_t)address,
               (uint64_t)(shown / KIB), state_name(region.State), protection_name(&region));
        address += shown;
    }
}

static uint64_t element_value(SIZE_T index) {
    return (uint64_t)index * index + 1;
}

// Appends elements until there are `element_count`, committing memory just ahead of them.
static void grow_to(struct growing_array *array, SIZE_T element_count) {
    SIZE_T needed = round_up(element_count * sizeof(uint64_t), array->page_bytes);
    while (array->committed_bytes < needed) {
        unsigned char *next = (unsigned char *)array->elements + array->committed_bytes;
        if (!VirtualAlloc(next, commit_step_bytes, MEM_COMMIT, PAGE_READWRITE))
            fail("VirtualAlloc(MEM_COMMIT)");
        array->committed_bytes += commit_step_bytes;
        array->commit_calls++;
    }
    while (array->element_count < element_count) {
        array->elements[array->element_count] = element_value(array->element_count);
        array->element_count++;
    }
}

// Drops the elements from `element_count` on and gives the pages behind the last one back.
static void shrink_to(struct growing_array *array, SIZE_T element_count) {
    SIZE_T kept = round_up(element_count * sizeof(uint64_t), commit_step_bytes);
    array->element_count = element_count;
    if (kept < array->committed_bytes) {
        unsigned char *first_unused = (unsigned char *)array->elements + kept;
        if (!VirtualFree(first_unused, array->committed_bytes - kept, MEM_DECOMMIT))
            fail("VirtualFree(MEM_DECOMMIT)");
        array->committed_bytes = kept;
        array->decommit_calls++;
    }
}

// Makes the whole pages among the first `element_count` elements read-only: they are finished.
static void protect_finished_part(const struct growing_array *array, SIZE_T element_count) {
    SIZE_T finished = element_count * sizeof(uint64_t) / array->page_bytes * array->page_bytes;
    DWORD old_protection = 0;
    if (!VirtualProtect(array->elements, finished, PAGE_READONLY, &old_protection))
        fail("VirtualProtect(PAGE_READONLY)");
    printf(
        "\nThe first %u KiB are finished and now read-only (were 0x%02x, read-write is 0x%02x).\n",
        (unsigned)(finished / KIB), (unsigned)old_protection, (unsigned)PAGE_READWRITE);
}

static void check_elements(const struct growing_array *array) {
    for (SIZE_T index = 0; index < array->element_count; index++) {
        if (array->elements[index] != element_value(index)) {
            fprintf(stderr, "element %" PRIu64 " is wrong\n", (uint64_t)index);
            exit(1);
        }
    }
    printf("All %" PRIu64 " elements hold their values; the array is still at 0x%016" PRIxPTR ".\n",
           (uint64_t)array->element_count, (uintptr_t)array->elements);
}

static void fill_cache(uint64_t *cache) {
    for (SIZE_T index = 0; index < cache_bytes / sizeof(uint64_t); index++)
        cache[index] = ~element_value(index);
}

// A cache can be computed again, so while it is not needed the system may drop it: no page is
// written to the page file, none changes state. Whether anything was lost is asked afterwards.
static void reset_and_reclaim_cache(uint64_t *cache) {
    if (!VirtualAlloc(cache, cache_bytes, MEM_RESET, PAGE_READWRITE))
        fail("VirtualAlloc(MEM_RESET)");
    printf("\nThe cache was reset: the system may drop its contents when memory is short.\n");
    if (VirtualAlloc(cache, cache_bytes, MEM_RESET_UNDO, PAGE_READWRITE)) {
        printf("The reset was undone: the system had not dropped anything.\n");
    } else {
        printf("The reset could not be undone (error %u): the cache is computed again.\n",
               (unsigned)GetLastError());
        fill_cache(cache);
    }
    for (SIZE_T index = 0; index < cache_bytes / sizeof(uint64_t); index++) {
        if (cache[index] != ~element_value(index)) {
            fprintf(stderr, "the cache lost entry %" PRIu64 "\n", (uint64_t)index);
            exit(1);
        }
    }
    printf("Every cache entry is right.\n");
}

// The array's pages come back zeroed when memory that was decommitted is committed again.
static void check_fresh_pages_are_zero(struct growing_array *array) {
    unsigned char *fresh = (unsigned char *)array->elements + array->committed_bytes;
    if (!VirtualAlloc(fresh, commit_step_bytes, MEM_COMMIT, PAGE_READWRITE))
        fail("VirtualAlloc(MEM_COMMIT)");
    array->committed_bytes += commit_step_bytes;
    array->commit_calls++;
    for (SIZE_T offset = 0; offset < commit_step_bytes; offset++) {
        if (fresh[offset] != 0) {
            fprintf(stderr, "a page committed again is not zero\n");
            exit(1);
        }
    }
    printf("\nA mebibyte that was decommitted is committed again and reads as zeros.\n");
}

int main(void) {
    SYSTEM_INFO system;
    GetSystemInfo(&system);
    printf("Page size %u, allocation granularity %u.\n", (unsigned)system.dwPageSize,
           (unsigned)system.dwAllocationGranularity);

    unsigned char *base = VirtualAlloc(NULL, reservation_bytes, MEM_RESERVE, PAGE_NOACCESS);
    if (!base)
        fail("VirtualAlloc(MEM_RESERVE)");
    struct growing_array array = {.elements = (uint64_t *)base, .page_bytes = system.dwPageSize};
    print_map("Reserved, nothing committed", base, reservation_bytes);

    grow_to(&array, 4000000);
    uint64_t *cache =
        VirtualAlloc(base + reservation_bytes / 2, cache_bytes, MEM_COMMIT, PAGE_READWRITE);
    if (!cache)
        fail("VirtualAlloc(MEM_COMMIT)");
    fill_cache(cache);
    print_map("Grown to 4,000,000 elements, with a cache in the upper half", base,
              reservation_bytes);
    check_elements(&array);

    reset_and_reclaim_cache(cache);
    protect_finished_part(&array, 1000000);
    shrink_to(&array, 1500000);
    print_map("Shrunk to 1,500,000 elements, the first 1,000,000 read-only", base,
              reservation_bytes);
    check_fresh_pages_are_zero(&array);
    grow_to(&array, 2000000);
    check_elements(&array);

    if (!VirtualFree(base, 0, MEM_RELEASE))
        fail("VirtualFree(MEM_RELEASE)");
    print_map("Released", base, reservation_bytes);
    printf("\n%u commit calls, %u decommit calls, one reservation, one release.\n",
           array.commit_calls, array.decommit_calls);
    return 0;
}
