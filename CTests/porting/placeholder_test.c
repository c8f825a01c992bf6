// What VirtualAlloc2 answers for what this library does not have yet. Linux only: Windows has it.
#include "memory_checks.h"

// Issue: placeholder flags get ERROR_NOT_SUPPORTED for now.
static void placeholders_are_not_there_yet(void) {
    static const DWORD types[] = {MEM_RESERVE | MEM_RESERVE_PLACEHOLDER,
                                  MEM_RESERVE | MEM_REPLACE_PLACEHOLDER,
                                  MEM_RESERVE | MEM_COMMIT | MEM_REPLACE_PLACEHOLDER};
    BYTE *base = reserved_pages(2);
    for (SIZE_T i = 0; i < sizeof types / sizeof types[0]; i++) {
        check_row("type 0x%x", (unsigned)types[i]);
        REFUSED(VirtualAlloc2(NULL, NULL, page_size, types[i], PAGE_NOACCESS, NULL, 0),
                ERROR_NOT_SUPPORTED);
        REFUSED_UNCHANGED(base, 2 * page_size,
                          VirtualAlloc2(NULL, base, page_size, types[i], PAGE_NOACCESS, NULL, 0),
                          ERROR_NOT_SUPPORTED);
    }
    release(base);
}

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

TEST_PROGRAM(TEST(placeholders_are_not_there_yet), TEST(emulated_code_is_refused),
             TEST(unreadable_parameters_are_refused))
