// x86-64: what the processor reported, in Windows' words, and registers to and fro.
#if defined(__x86_64__)
#define _GNU_SOURCE
#include "CLinux.h"

#include <signal.h>
#include <string.h>
#include <ucontext.h>
#include <windows.h>

// Exception numbers of the processor (gregs[REG_TRAPNO]), and bits of a page fault's error code.
enum { BREAKPOINT_TRAP = 3, BOUND_TRAP = 5, PROTECTION_TRAP = 13, PAGE_TRAP = 14 };
enum { WROTE = 1 << 1, FETCHED = 1 << 4 };
// The part of an FXSAVE image that is registers; the kernel uses the rest.
enum { REGISTER_IMAGE = 416 };

// Instructions that only the kernel may execute. The bytes can be read: they were being executed.
static int is_privileged(const unsigned char *code) {
    for (int length = 0; length < 14; length++, code++) {
        unsigned char byte = *code;
        int is_prefix = byte == 0x66 || byte == 0x67 || byte == 0xF0 || byte == 0xF2 ||
                        byte == 0xF3 || byte == 0x2E || byte == 0x36 || byte == 0x3E ||
                        byte == 0x26 || byte == 0x64 || byte == 0x65 || (byte & 0xF0) == 0x40;
        if (is_prefix)
            continue;
        if (byte == 0x0F)
            return code[1] == 0x01 || code[1] == 0x00 || code[1] == 0x06 || code[1] == 0x08 ||
                   code[1] == 0x09 || (code[1] >= 0x20 && code[1] <= 0x23) ||
                   (code[1] >= 0x30 && code[1] <= 0x33);
        // hlt, cli, sti, and in and out in all their forms.
        return byte == 0xF4 || byte == 0xFA || byte == 0xFB || (byte & 0xFC) == 0x6C ||
               (byte & 0xF4) == 0xE4;
    }
    return 0;
}

static void describe_page_fault(EXCEPTION_RECORD *record, const siginfo_t *information,
                                greg_t error) {
    record->ExceptionCode = EXCEPTION_ACCESS_VIOLATION;
    record->NumberParameters = 2;
    record->ExceptionInformation[0] = error & FETCHED ? EXCEPTION_EXECUTE_FAULT
                                      : error & WROTE ? EXCEPTION_WRITE_FAULT
                                                      : EXCEPTION_READ_FAULT;
    record->ExceptionInformation[1] = (ULONG_PTR)information->si_addr;
}

static void describe_segmentation_fault(EXCEPTION_RECORD *record, const siginfo_t *information,
                                        const greg_t *registers) {
    describe_page_fault(record, information, registers[REG_ERR]);
    greg_t trap = registers[REG_TRAPNO];
    if (trap == PAGE_TRAP)
        return;
    if (trap == BOUND_TRAP ||
        (trap == PROTECTION_TRAP && is_privileged((const unsigned char *)registers[REG_RIP]))) {
        record->ExceptionCode =
            trap == BOUND_TRAP ? EXCEPTION_ARRAY_BOUNDS_EXCEEDED : EXCEPTION_PRIV_INSTRUCTION;
        record->NumberParameters = 0;
        return;
    }
    // The processor does not tell the address, nor what was to be done there (behaviour 8.9).
    record->ExceptionInformation[0] = EXCEPTION_READ_FAULT;
    record->ExceptionInformation[1] = ~(ULONG_PTR)0;
}

static void describe_bus_error(EXCEPTION_RECORD *record, const siginfo_t *information,
                               const greg_t *registers) {
    describe_page_fault(record, information, registers[REG_ERR]);
    if (information->si_code == BUS_ADRALN) {
        record->ExceptionCode = EXCEPTION_DATATYPE_MISALIGNMENT;
        record->NumberParameters = 0;
        return;
    }
    if (registers[REG_TRAPNO] != PAGE_TRAP && information->si_code == SI_KERNEL) {
        // A stack-segment fault: a non-canonical address, reached through rsp or rbp.
        record->ExceptionInformation[0] = EXCEPTION_READ_FAULT;
        record->ExceptionInformation[1] = ~(ULONG_PTR)0;
        return;
    }
    const ULONG_PTR status_end_of_file = 0xC0000011, status_device_data_error = 0xC000009C;
    record->ExceptionCode = EXCEPTION_IN_PAGE_ERROR;
    record->NumberParameters = 3;
    record->ExceptionInformation[2] =
        information->si_code == BUS_ADRERR ? status_end_of_file : status_device_data_error;
}

static DWORD arithmetic_code(int si_code) {
    switch (si_code) {
    case FPE_INTDIV:
        return EXCEPTION_INT_DIVIDE_BY_ZERO;
    case FPE_INTOVF:
        return EXCEPTION_INT_OVERFLOW;
    case FPE_FLTDIV:
        return EXCEPTION_FLT_DIVIDE_BY_ZERO;
    case FPE_FLTOVF:
        return EXCEPTION_FLT_OVERFLOW;
    case FPE_FLTUND:
        return EXCEPTION_FLT_UNDERFLOW;
    case FPE_FLTRES:
        return EXCEPTION_FLT_INEXACT_RESULT;
    case FPE_FLTSUB:
        return EXCEPTION_FLT_STACK_CHECK;
    default:
        return EXCEPTION_FLT_INVALID_OPERATION;
    }
}

// In the order of CONTEXT.
static const int general_registers[16] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP,
                                          REG_RSI, REG_RDI, REG_R8,  REG_R9,  REG_R10, REG_R11,
                                          REG_R12, REG_R13, REG_R14, REG_R15};

static void read_context(CONTEXT *context, const ucontext_t *machine) {
    const greg_t *registers = machine->uc_mcontext.gregs;
    const struct _libc_fpstate *vectors = machine->uc_mcontext.fpregs;
    memset(context, 0, sizeof *context);
    context->ContextFlags = CONTEXT_FULL | CONTEXT_SEGMENTS;
    for (int i = 0; i < 16; i++)
        (&context->Rax)[i] = (DWORD64)registers[general_registers[i]];
    context->Rip = (DWORD64)registers[REG_RIP];
    context->EFlags = (DWORD)registers[REG_EFL];
    context->SegCs = (WORD)registers[REG_CSGSFS];
    context->SegGs = (WORD)(registers[REG_CSGSFS] >> 16);
    context->SegFs = (WORD)(registers[REG_CSGSFS] >> 32);
    context->SegSs = (WORD)(registers[REG_CSGSFS] >> 48);
    if (vectors) {
        memcpy(&context->FltSave, vectors, REGISTER_IMAGE);
        context->MxCsr = vectors->mxcsr;
    }
}

static void apply_vectors(struct _libc_fpstate *vectors, const CONTEXT *context) {
    DWORD before = vectors->mxcsr, mask = vectors->mxcr_mask;
    memcpy(vectors, &context->FltSave, REGISTER_IMAGE);
    // Two fields hold the one register; the one that was changed counts.
    DWORD wanted = context->MxCsr != before ? context->MxCsr : vectors->mxcsr;
    vectors->mxcr_mask = mask;
    vectors->mxcsr = wanted & (mask ? mask : 0xFFBF);
}

void machine_apply_context(void *opaque_machine, const void *opaque_context) {
    ucontext_t *machine = opaque_machine;
    const CONTEXT *context = opaque_context;
    greg_t *registers = machine->uc_mcontext.gregs;
    DWORD flags = context->ContextFlags;
    int has_control = (flags & CONTEXT_CONTROL & ~CONTEXT_AMD64) != 0;
    int has_integers = (flags & CONTEXT_INTEGER & ~CONTEXT_AMD64) != 0;
    for (int i = 0; i < 16; i++)
        if (general_registers[i] == REG_RSP ? has_control : has_integers)
            registers[general_registers[i]] = (greg_t)(&context->Rax)[i];
    if (has_control) {
        registers[REG_RIP] = (greg_t)context->Rip;
        registers[REG_EFL] = context->EFlags;
    }
    if ((flags & CONTEXT_FLOATING_POINT & ~CONTEXT_AMD64) && machine->uc_mcontext.fpregs)
        apply_vectors(machine->uc_mcontext.fpregs, context);
}

int machine_describe_exception(int signal, const void *opaque_information,
                               const void *opaque_machine, void *opaque_record,
                               void *opaque_context) {
    const siginfo_t *information = opaque_information;
    const ucontext_t *machine = opaque_machine;
    const greg_t *registers = machine->uc_mcontext.gregs;
    EXCEPTION_RECORD *record = opaque_record;
    CONTEXT *context = opaque_context;
    // Codes above zero come from the kernel; TRAP_PERF is about events, not about instructions.
    if (information->si_code <= 0 || (signal == SIGTRAP && information->si_code > TRAP_HWBKPT &&
                                      information->si_code != SI_KERNEL))
        return 0;
    memset(record, 0, sizeof *record);
    read_context(context, machine);
    if (signal == SIGSEGV) {
        describe_segmentation_fault(record, information, registers);
    } else if (signal == SIGBUS) {
        describe_bus_error(record, information, registers);
    } else if (signal == SIGFPE) {
        record->ExceptionCode =
            information->si_code == FPE_INTDIV && machine_division_overflowed(machine)
                ? EXCEPTION_INT_OVERFLOW
                : arithmetic_code(information->si_code);
    } else if (signal == SIGILL) {
        record->ExceptionCode = EXCEPTION_ILLEGAL_INSTRUCTION;
    } else if (registers[REG_TRAPNO] == BREAKPOINT_TRAP) {
        record->ExceptionCode = EXCEPTION_BREAKPOINT;
        record->NumberParameters = 1;
        context->Rip -= 1; // int3 has been executed; Windows shows the instruction itself
    } else {
        record->ExceptionCode = EXCEPTION_SINGLE_STEP;
    }
    record->ExceptionAddress = (PVOID)context->Rip;
    return 1;
}

int machine_prepare_repetition(int signal, void *opaque_machine) {
    greg_t *registers = ((ucontext_t *)opaque_machine)->uc_mcontext.gregs;
    if (signal != SIGTRAP)
        return 1;
    if (registers[REG_TRAPNO] != BREAKPOINT_TRAP)
        return 0;
    registers[REG_RIP] -= 1;
    return 1;
}

uint64_t machine_interrupted_stack_pointer(const void *machine) {
    return (uint64_t)((const ucontext_t *)machine)->uc_mcontext.gregs[REG_RSP];
}

uint64_t machine_stack_pointer(const void *context) {
    return ((const CONTEXT *)context)->Rsp;
}

uint64_t machine_instruction_pointer(const void *context) {
    return ((const CONTEXT *)context)->Rip;
}

#endif
