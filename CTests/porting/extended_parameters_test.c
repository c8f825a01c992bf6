// Parameters of VirtualAlloc2 that this library refuses. Linux only: Windows may answer otherwise.
#include "memory_checks.h"

// 10.5
static void emulated_code_is_refused(void) {
    MEM_EXTENDED_PARAMETER parameter = {0};
    parameter.Type = MemExtendedParameterAttributeFlags;
    parameter.ULong64 = MEM_EXTENDED_PARAMETER_EC_CODE;
    REFUSED(VirtualAlloc2(NULL, NULL, page_size, MEM_RESERVE, PAGE_NOACCESS, &parameter, 1),
            ERROR_INVALID_PARAMETER);
}

// observed order: unreadable parameters are found before anything is done
static void unreadable_parameters_are_refused(void) {
    BYTE *page = reserved_pages(1);
    MEM_EXTENDED_PARAMETER parameter = {0};
    REFUSED(VirtualAlloc2(NULL, NULL, page_size, MEM_RESERVE, PAGE_NOACCESS,
                          (MEM_EXTENDED_PARAMETER *)page, 1),
            ERROR_NOACCESS);
    parameter.Type = MemExtendedParameterAddressRequirements;
    parameter.Pointer = page;
    REFUSED(VirtualAlloc2(NULL, NULL, page_size, MEM_RESERVE, PAGE_NOACCESS, &parameter, 1),
            ERROR_NOACCESS);
    release(page);
}

TEST_PROGRAM(TEST(emulated_code_is_refused), TEST(unreadable_parameters_are_refused))
