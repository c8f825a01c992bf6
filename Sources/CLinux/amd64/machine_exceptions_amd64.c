// x86-64: translates the report of the processor into an exception record.
#if defined(__x86_64__)
#define _GNU_SOURCE
#include "CLinux.h"
#include "amd64.h"

#include <signal.h>
#include <string.h>
#include <ucontext.h>
#include <windows.h>

// Bits of a page fault's error code.
enum { WROTE = 1 << 1, FETCHED = 1 << 4 };
// The error code of a protection fault by `int n`: the number of the gate, and a bit for the
// interrupt table.
#define INTERRUPT(number) ((number) << 3 | 2)

static const unsigned char *opcode_at(greg_t address) {
    struct amd64_instruction code = {.next = (const unsigned char *)address};
    amd64_skip_prefixes(&code);
    return code.next;
}

// Whether the instruction is sysret or sysexit.
static int is_return_of_the_kernel(const unsigned char *opcode) {
    return opcode[0] == 0x0F && (opcode[1] == 0x07 || opcode[1] == 0x35);
}

// Instructions that only the kernel may execute.
static int is_privileged(const unsigned char *opcode) {
    if (opcode[0] == 0x0F)
        return opcode[1] == 0x01 || opcode[1] == 0x00 || opcode[1] == 0x06 || opcode[1] == 0x08 ||
               opcode[1] == 0x09 || (opcode[1] >= 0x20 && opcode[1] <= 0x23) ||
               (opcode[1] >= 0x30 && opcode[1] <= 0x33) || is_return_of_the_kernel(opcode);
    // hlt, cli, sti, and in and out in all their forms.
    return opcode[0] == 0xF4 || opcode[0] == 0xFA || opcode[0] == 0xFB ||
           (opcode[0] & 0xFC) == 0x6C || (opcode[0] & 0xF4) == 0xE4;
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

// Windows' software interrupts: assertion, debug service, fast fail (A15.7). Without a debugger a
// debug service does nothing: the instruction and the byte after it are skipped.
static int describe_interrupt(EXCEPTION_RECORD *record, CONTEXT *context, greg_t error) {
    DWORD service = (DWORD)context->Rax;
    switch (error) {
    case INTERRUPT(0x29):
        record->ExceptionCode = STATUS_STACK_BUFFER_OVERRUN; // fast fail
        record->ExceptionFlags = EXCEPTION_NONCONTINUABLE;
        record->NumberParameters = 1;
        record->ExceptionInformation[0] = (DWORD)context->Rcx;
        return 1;
    case INTERRUPT(0x2C):
        record->ExceptionCode = STATUS_ASSERTION_FAILURE;
        record->NumberParameters = 0;
        record->ExceptionInformation[0] = record->ExceptionInformation[1] = 0;
        return 1;
    case INTERRUPT(0x2D):
        record->ExceptionCode = EXCEPTION_BREAKPOINT;
        if (service == 1 || (service >= 3 && service <= 5)) {
            record->ExceptionCode = 0;
            context->Rip += 1;
        }
        context->Rip += 2;
        record->NumberParameters = 1;
        record->ExceptionInformation[0] = service;
        return 1;
    default:
        return 0;
    }
}

static void describe_segmentation_fault(EXCEPTION_RECORD *record, CONTEXT *context,
                                        const siginfo_t *information, const greg_t *registers) {
    describe_page_fault(record, information, registers[REG_ERR]);
    greg_t trap = registers[REG_TRAPNO];
    if (trap == PAGE_TRAP ||
        (trap == PROTECTION_TRAP && describe_interrupt(record, context, registers[REG_ERR])))
        return;
    if (trap == BOUND_TRAP ||
        (trap == PROTECTION_TRAP && is_privileged(opcode_at(registers[REG_RIP])))) {
        record->ExceptionCode =
            trap == BOUND_TRAP ? EXCEPTION_ARRAY_BOUNDS_EXCEEDED : EXCEPTION_PRIV_INSTRUCTION;
        record->NumberParameters = 0;
        record->ExceptionInformation[0] = record->ExceptionInformation[1] = 0;
        return;
    }
    // The processor reports neither the address nor the kind of access (behaviour 8.9).
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
        // A stack-segment fault: an access to a non-canonical address through rsp or rbp.
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

int machine_describe_exception(int signal, const void *opaque_information,
                               const void *opaque_machine, void *opaque_record,
                               void *opaque_context) {
    const siginfo_t *information = opaque_information;
    const ucontext_t *machine = opaque_machine;
    const greg_t *registers = machine->uc_mcontext.gregs;
    EXCEPTION_RECORD *record = opaque_record;
    CONTEXT *context = opaque_context;
    // Codes above zero come from the kernel. TRAP_PERF reports an event and not an instruction.
    if (information->si_code <= 0 || (signal == SIGTRAP && information->si_code > TRAP_HWBKPT &&
                                      information->si_code != SI_KERNEL))
        return 0;
    memset(record, 0, sizeof *record);
    machine_read_context(context, machine);
    if (signal == SIGSEGV) {
        describe_segmentation_fault(record, context, information, registers);
    } else if (signal == SIGBUS) {
        describe_bus_error(record, information, registers);
    } else if (signal == SIGFPE) {
        record->ExceptionCode =
            information->si_code == FPE_INTDIV && amd64_division_overflowed(machine)
                ? EXCEPTION_INT_OVERFLOW
                : arithmetic_code(information->si_code);
        if (registers[REG_TRAPNO] == VECTOR_TRAP) {
            record->NumberParameters = 2;
            record->ExceptionInformation[1] = context->MxCsr;
        }
    } else if (signal == SIGILL) {
        // Some processors do not have these instructions in 64-bit mode.
        record->ExceptionCode = is_return_of_the_kernel(opcode_at(registers[REG_RIP]))
                                    ? EXCEPTION_PRIV_INSTRUCTION
                                    : EXCEPTION_ILLEGAL_INSTRUCTION;
    } else if (registers[REG_TRAPNO] == BREAKPOINT_TRAP) {
        record->ExceptionCode = EXCEPTION_BREAKPOINT;
        record->NumberParameters = 1;
        context->Rip -= 1; // int3 has been executed; Windows shows the instruction itself
    } else {
        record->ExceptionCode = EXCEPTION_SINGLE_STEP;
        context->EFlags &= ~(DWORD)TRAP_FLAG; // one step for each request (A15.4)
    }
    record->ExceptionAddress = (PVOID)context->Rip;
    return 1;
}

#endif
