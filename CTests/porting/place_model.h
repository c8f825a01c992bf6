// Where VirtualAlloc2 must put an allocation: a slow search among the regions of VirtualQuery.
#ifndef PLACE_MODEL_H
#define PLACE_MODEL_H

#include "memory_checks.h"

struct request {
    ULONG_PTR lowest;
    ULONG_PTR end; // exclusive
    SIZE_T byte_count;
    SIZE_T alignment;
    DWORD type; // MEM_TOP_DOWN or 0
};

static inline int is_free(ULONG_PTR base, SIZE_T byte_count) {
    ULONG_PTR end = base + byte_count;
    while (base < end) {
        MEMORY_BASIC_INFORMATION region = region_at((void *)base);
        if (region.State != MEM_FREE)
            return 0;
        base = (ULONG_PTR)region.BaseAddress + region.RegionSize;
    }
    return 1;
}

// Zero if there is no place. Looks at every aligned address between the limits.
static inline ULONG_PTR expected_place(const struct request *request) {
    SIZE_T mask = request->alignment - 1;
    SIZE_T byte_count = (request->byte_count + page_size - 1) & ~(SIZE_T)(page_size - 1);
    ULONG_PTR found = 0;
    for (ULONG_PTR base = (request->lowest + mask) & ~mask;
         base < request->end && request->end - base >= byte_count; base += request->alignment) {
        if (!is_free(base, byte_count))
            continue;
        found = base;
        if (request->type != MEM_TOP_DOWN)
            break;
    }
    return found;
}

static inline BYTE *placed(const struct request *request, DWORD type) {
    MEM_ADDRESS_REQUIREMENTS limits = {(void *)request->lowest, (void *)(request->end - 1),
                                       request->alignment};
    MEM_EXTENDED_PARAMETER parameter = {0};
    parameter.Type = MemExtendedParameterAddressRequirements;
    parameter.Pointer = &limits;
    return (BYTE *)VirtualAlloc2(NULL, NULL, request->byte_count, type | request->type,
                                 PAGE_READWRITE, &parameter, 1);
}

// Asks, and checks the answer against the model. Gives the base, or NULL where there was no room.
static inline BYTE *check_place(const char *file, int line, const struct request *request,
                                DWORD type) {
    ULONG_PTR expected = expected_place(request);
    SetLastError(UNTOUCHED_ERROR);
    BYTE *base = placed(request, type);
    check_equal(file, line, (ULONG_PTR)base, expected, "place");
    check_equal(file, line, GetLastError(), expected ? UNTOUCHED_ERROR : ERROR_NOT_ENOUGH_MEMORY,
                "last error");
    return base;
}
#define CHECK_PLACE(request, type) check_place(__FILE__, __LINE__, request, type)

#endif
