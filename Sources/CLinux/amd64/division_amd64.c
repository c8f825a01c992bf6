// x86-64: why a division faulted. The processor has one trap for a divisor of zero and for a
// quotient that does not fit. Windows has a code for each, so the instruction is decoded.
#if defined(__x86_64__)
#define _GNU_SOURCE
#include "CLinux.h"
#include "amd64.h"

#include <string.h>
#include <ucontext.h>

struct instruction {
    const unsigned char *next; // byte to decode
    int has_prefix_66;
    int has_segment; // fs or gs, whose base is not known here
    unsigned rex;
};

static const int registers_by_number[16] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP,
                                            REG_RSI, REG_RDI, REG_R8,  REG_R9,  REG_R10, REG_R11,
                                            REG_R12, REG_R13, REG_R14, REG_R15};

static void skip_prefixes(struct instruction *code) {
    for (int length = 0; length < 14; length++, code->next++) {
        unsigned char byte = *code->next;
        if (byte == 0x66)
            code->has_prefix_66 = 1;
        else if (byte == 0x64 || byte == 0x65)
            code->has_segment = 1;
        else if ((byte & 0xF0) == 0x40)
            code->rex = byte;
        else if (byte != 0x67 && byte != 0xF0 && byte != 0xF2 && byte != 0xF3 && byte != 0x2E &&
                 byte != 0x36 && byte != 0x3E && byte != 0x26)
            return;
    }
}

static int64_t displacement(const unsigned char *bytes, unsigned mode) {
    int32_t wide;
    memcpy(&wide, bytes, sizeof wide);
    return mode == 1 ? (int8_t)bytes[0] : wide;
}

// The address that ModRM, with SIB and displacement, names. No immediate follows in these
// instructions.
static uint64_t operand_address(const struct instruction *code, const greg_t *registers) {
    const unsigned char *bytes = code->next;
    unsigned mode = bytes[0] >> 6, base = bytes[0] & 7;
    uint64_t address = 0;
    bytes++;
    if (mode == 0 && base == 5)
        return (uint64_t)(bytes + 4) + (uint64_t)displacement(bytes, 2);
    if (base == 4) {
        unsigned sib = *bytes++, index = (sib >> 3 & 7) | (code->rex & 2) << 2;
        if (index != 4)
            address = (uint64_t)registers[registers_by_number[index]] << (sib >> 6);
        base = sib & 7;
        if (mode == 0 && base == 5)
            return address + (uint64_t)displacement(bytes, 2);
    }
    address += (uint64_t)registers[registers_by_number[base | (code->rex & 1) << 3]];
    return mode == 0 ? address : address + (uint64_t)displacement(bytes, mode);
}

int amd64_division_overflowed(const void *machine) {
    const greg_t *registers = ((const ucontext_t *)machine)->uc_mcontext.gregs;
    struct instruction code = {.next = (const unsigned char *)registers[REG_RIP]};
    skip_prefixes(&code);
    unsigned char opcode = *code.next++;
    if ((opcode & 0xFE) != 0xF6 || code.has_segment)
        return 0;
    unsigned size = opcode == 0xF6 ? 1 : code.rex & 8 ? 8 : code.has_prefix_66 ? 2 : 4;
    uint64_t divisor = 0;
    unsigned number = (*code.next & 7) | (code.rex & 1) << 3;
    if (*code.next >> 6 != 3) {
        uintptr_t address = operand_address(&code, registers);
        if (!kernel_can_read(address, size))
            return 0;
        memcpy(&divisor, (const void *)address, size);
    } else if (size == 1 && code.rex == 0 && number >= 4) {
        divisor = (uint64_t)registers[registers_by_number[number - 4]] >> 8 & 0xFF;
    } else {
        memcpy(&divisor, &registers[registers_by_number[number]], size);
    }
    return divisor != 0;
}

#endif
