// x86-64: why a division faulted. The processor has one trap for a divisor of zero and for a
// quotient that does not fit. Windows has a code for each, so the instruction is decoded.
#if defined(__x86_64__)
#define _GNU_SOURCE
#include "CLinux.h"
#include "amd64.h"

#include <string.h>
#include <ucontext.h>

void amd64_skip_prefixes(struct amd64_instruction *code) {
    const int most = 14; // an instruction has 15 bytes at most
    for (int length = 0; length < most; length++, code->next++) {
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
static uint64_t operand_address(const struct amd64_instruction *code, const greg_t *registers) {
    const unsigned char *bytes = code->next;
    unsigned mode = bytes[0] >> 6, base = bytes[0] & 7;
    uint64_t address = 0;
    bytes++;
    if (mode == 0 && base == 5)
        return (uint64_t)(bytes + 4) + (uint64_t)displacement(bytes, 2);
    if (base == 4) {
        unsigned sib = *bytes++, index = (sib >> 3 & 7) | (code->rex & 2) << 2;
        if (index != 4)
            address = (uint64_t)registers[amd64_general_registers[index]] << (sib >> 6);
        base = sib & 7;
        if (mode == 0 && base == 5)
            return address + (uint64_t)displacement(bytes, 2);
    }
    address += (uint64_t)registers[amd64_general_registers[base | (code->rex & 1) << 3]];
    return mode == 0 ? address : address + (uint64_t)displacement(bytes, mode);
}

int amd64_division_overflowed(const void *machine) {
    const greg_t *registers = ((const ucontext_t *)machine)->uc_mcontext.gregs;
    struct amd64_instruction code = {.next = (const unsigned char *)registers[REG_RIP]};
    amd64_skip_prefixes(&code);
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
        divisor = (uint64_t)registers[amd64_general_registers[number - 4]] >> 8 & 0xFF;
    } else {
        memcpy(&divisor, &registers[amd64_general_registers[number]], size);
    }
    return divisor != 0;
}

#endif
