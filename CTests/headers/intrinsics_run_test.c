/*
 * Intrinsics and plain-memory macros. Source of each rule: Learn, x64 intrinsics list and the page
 * of each function; of the 64-bit long ones: porting.md, section 5, advice 1.
 */
#include <windows.h>
#include <intrin.h>
#include "expect.h"

static void bit_scans_give_the_number_of_the_bit(void) {
    DWORD index = 99;
    EXPECT(_BitScanForward(&index, 0x50) == 1 && index == 4);
    EXPECT(_BitScanReverse(&index, 0x50) == 1 && index == 6);
    EXPECT(_BitScanForward64(&index, 0x5000000000) == 1 && index == 36);
    EXPECT(_BitScanReverse64(&index, 0x5000000000) == 1 && index == 38);
}

static void a_bit_scan_of_zero_finds_nothing(void) {
    DWORD index = 99;
    EXPECT(_BitScanForward(&index, 0) == 0);
    EXPECT(_BitScanReverse64(&index, 0) == 0);
}

static void a_bit_scan_fills_an_index_of_either_width(void) {
    unsigned long wide = ~0ul;
    DWORD pair[2] = {7, 7};
    EXPECT(_BitScanForward(&wide, 8) == 1 && wide == 3);
    EXPECT(_BitScanForward(&pair[0], 8) == 1 && pair[0] == 3 && pair[1] == 7);
}

static void rotations_are_of_their_width(void) {
    EXPECT(_rotl(0x80000001u, 4) == 0x18u);
    EXPECT(_rotr(0x80000001u, 4) == 0x18000000u);
    EXPECT(_rotl64(0x8000000000000001, 4) == 0x18);
    EXPECT(_rotr64(0x8000000000000001, 0) == 0x8000000000000001);
    EXPECT(_lrotl(0x80000001u, 4) == 0x18u);
}

static void byte_order_and_counts(void) {
    EXPECT(_byteswap_ushort(0x1234) == 0x3412);
    EXPECT(_byteswap_ulong(0x12345678) == 0x78563412);
    EXPECT(_byteswap_uint64(0x0102030405060708) == 0x0807060504030201);
    EXPECT(__popcnt(0xF0F0) == 8);
    EXPECT(__popcnt64(0xF000000000000001) == 5);
}

static void wide_products(void) {
    DWORD64 high = 0;
#ifndef __MINGW32__ /* mingw-w64 10 does not have it. */
    EXPECT(__umulh(0xFFFFFFFFFFFFFFFF, 2) == 1);
#endif
    EXPECT(_umul128(0xFFFFFFFFFFFFFFFF, 2, &high) == 0xFFFFFFFFFFFFFFFE && high == 1);
}

#ifdef __x86_64__
static void cpuid_fills_an_array(void) {
    int registers[4] = {0, 0, 0, 0};
    char vendor[13];
    __cpuid(registers, 0);
    EXPECT(registers[0] > 0);
    memcpy(vendor, &registers[1], 4);
    memcpy(vendor + 4, &registers[3], 4);
    memcpy(vendor + 8, &registers[2], 4);
    vendor[12] = 0;
    EXPECT(isprint((unsigned char)vendor[0]) && strlen(vendor) == 12);
    registers[0] = 0;
    __cpuidex(registers, 0, 0);
    EXPECT(registers[0] > 0);
}
#endif

static void memory_macros(void) {
    char source[8] = "windows", target[8] = "";
    CopyMemory(target, source, sizeof(source));
    EXPECT(strcmp(target, "windows") == 0);
    MoveMemory(target + 1, target, 3);
    EXPECT(strcmp(target, "wwinows") == 0);
    FillMemory(target, 2, 'x');
    EXPECT(strcmp(target, "xxinows") == 0);
    EXPECT(RtlEqualMemory(target + 2, "inows", 6));
    SecureZeroMemory(target, 2);
    EXPECT(target[0] == 0 && target[1] == 0 && target[2] == 'i');
    ZeroMemory(target, sizeof(target));
    EXPECT(target[2] == 0);
}

static void barriers_and_hints_are_statements(void) {
    YieldProcessor();
    MemoryBarrier();
    _ReadWriteBarrier();
#ifndef __MINGW32__ /* mingw-w64 10 does not have it. */
    __nop();
#endif
}

static void containing_record_undoes_field_offset(void) {
    MEMORY_BASIC_INFORMATION information;
    SIZE_T *member = &information.RegionSize;
    EXPECT(CONTAINING_RECORD(member, MEMORY_BASIC_INFORMATION, RegionSize) == &information);
}

int main(void) {
    bit_scans_give_the_number_of_the_bit();
    a_bit_scan_of_zero_finds_nothing();
    a_bit_scan_fills_an_index_of_either_width();
    rotations_are_of_their_width();
    byte_order_and_counts();
    wide_products();
#ifdef __x86_64__
    cpuid_fills_an_array();
#endif
    memory_macros();
    barriers_and_hints_are_statements();
    containing_record_undoes_field_offset();
    return expect_status;
}
