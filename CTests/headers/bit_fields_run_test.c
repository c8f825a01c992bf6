/*
 * Bit fields: which bits of the word each of them is. Sources: the facts named below.
 */
#include <windows.h>
#include <psapi.h>
#include "expect.h"

/* Fact 1.18. */
static void type_of_an_extended_parameter_is_the_low_byte(void) {
    MEM_EXTENDED_PARAMETER parameter;
    DWORD64 word;
    memset(&parameter, 0, sizeof(parameter));
    parameter.Type = MemExtendedParameterAttributeFlags;
    memcpy(&word, &parameter, sizeof(word));
    EXPECT(word == 5);
    parameter.Type = 0;
    parameter.Reserved = 1;
    memcpy(&word, &parameter, sizeof(word));
    EXPECT(word == 0x100);
}

/* Fact 1.20. */
static void working_set_attributes(void) {
    PSAPI_WORKING_SET_EX_BLOCK block;
    block.Flags = 0;
    block.Valid = 1;
    EXPECT(block.Flags == 1);
    block.Flags = 0;
    block.ShareCount = 7;
    EXPECT(block.Flags == (ULONG_PTR)7 << 1);
    block.Flags = 0;
    block.Win32Protection = 0x7FF;
    EXPECT(block.Flags == (ULONG_PTR)0x7FF << 4);
    block.Flags = 0;
    block.Shared = 1;
    EXPECT(block.Flags == (ULONG_PTR)1 << 15 && block.Invalid.Shared == 1);
    block.Flags = 0;
    block.Node = 0x3F;
    EXPECT(block.Flags == (ULONG_PTR)0x3F << 16);
    block.Flags = 0;
    block.Locked = 1;
    EXPECT(block.Flags == (ULONG_PTR)1 << 22);
    block.Flags = 0;
    block.LargePage = 1;
    EXPECT(block.Flags == (ULONG_PTR)1 << 23);
    block.Flags = 0;
    block.Bad = 1;
    EXPECT(block.Flags == (ULONG_PTR)1 << 31 && block.Invalid.Bad == 1);
}

/* Learn, PSAPI_WORKING_SET_BLOCK. */
static void working_set_entries(void) {
    PSAPI_WORKING_SET_BLOCK block;
    block.Flags = 0;
    block.Protection = 0x1F;
    EXPECT(block.Flags == 0x1F);
    block.Flags = 0;
    block.Shared = 1;
    EXPECT(block.Flags == 0x100);
    block.Flags = 0;
    block.VirtualPage = 1;
    EXPECT(block.Flags == 0x1000);
}

#ifndef __MINGW32__
/* Fact 1.21; mingw-w64 10 does not have the structure. */
static void region_flags(void) {
    WIN32_MEMORY_REGION_INFORMATION region;
    region.Flags = 0;
    region.Private = 1;
    EXPECT(region.Flags == 1);
    region.Flags = 0;
    region.MappedPageFile = 1;
    EXPECT(region.Flags == 8);
    region.Flags = 0;
    region.DirectMapped = 1;
    EXPECT(region.Flags == 0x20);
}
#endif

int main(void) {
    type_of_an_extended_parameter_is_the_low_byte();
    working_set_attributes();
    working_set_entries();
#ifndef __MINGW32__
    region_flags();
#endif
    return expect_status;
}
