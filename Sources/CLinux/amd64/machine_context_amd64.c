// x86-64: copies registers between ucontext_t and CONTEXT.
#if defined(__x86_64__)
#define _GNU_SOURCE
#include "CLinux.h"
#include "amd64.h"

#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <windows.h>

// The part of an FXSAVE image that has registers; the kernel uses the rest.
enum { REGISTER_IMAGE = 416 };

const int amd64_general_registers[16] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP,
                                         REG_RSI, REG_RDI, REG_R8,  REG_R9,  REG_R10, REG_R11,
                                         REG_R12, REG_R13, REG_R14, REG_R15};

// In 64-bit mode these selectors have no effect. Most are zero on Linux, but not on Windows.
void amd64_show_segments(void *opaque_context) {
    CONTEXT *context = opaque_context;
    context->SegCs = 0x33;
    context->SegSs = context->SegDs = context->SegEs = context->SegGs = 0x2B;
    context->SegFs = 0x53;
}

void machine_read_context(void *opaque_context, const void *opaque_machine) {
    CONTEXT *context = opaque_context;
    const ucontext_t *machine = opaque_machine;
    const greg_t *registers = machine->uc_mcontext.gregs;
    const struct _libc_fpstate *vectors = machine->uc_mcontext.fpregs;
    memset(context, 0, sizeof *context);
    context->ContextFlags = CONTEXT_FULL | CONTEXT_SEGMENTS;
    for (int i = 0; i < 16; i++)
        (&context->Rax)[i] = (DWORD64)registers[amd64_general_registers[i]];
    context->Rip = (DWORD64)registers[REG_RIP];
    context->EFlags = (DWORD)registers[REG_EFL];
    amd64_show_segments(context);
    context->SegCs = (WORD)registers[REG_CSGSFS];
    if (vectors) {
        memcpy(&context->FltSave, vectors, REGISTER_IMAGE);
        context->MxCsr = vectors->mxcsr;
    }
}

static void apply_vectors(struct _libc_fpstate *vectors, const CONTEXT *context) {
    DWORD before = vectors->mxcsr, mask = vectors->mxcr_mask;
    memcpy(vectors, &context->FltSave, REGISTER_IMAGE);
    // Two fields hold the same register; the one that was changed is used.
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
        if (amd64_general_registers[i] == REG_RSP ? has_control : has_integers)
            registers[amd64_general_registers[i]] = (greg_t)(&context->Rax)[i];
    if (has_control) {
        registers[REG_RIP] = (greg_t)context->Rip;
        registers[REG_EFL] = context->EFlags;
    }
    if ((flags & CONTEXT_FLOATING_POINT & ~CONTEXT_AMD64) && machine->uc_mcontext.fpregs)
        apply_vectors(machine->uc_mcontext.fpregs, context);
}

// Whether the kernel has stored more than an FXSAVE image, which it notes in its own part of the
// image.
static size_t vectors_byte_count(const struct _libc_fpstate *vectors) {
    const uint32_t *software = (const uint32_t *)((const char *)vectors + 464);
    return software[0] == 0x46505853 ? software[1] : 512;
}

void machine_move_handler(uintptr_t stack, void (*handler)(int, siginfo_t *, void *), int signal,
                          const siginfo_t *information, const void *opaque_machine) {
    const ucontext_t *machine = opaque_machine;
    const size_t kernel_byte_count = offsetof(ucontext_t, uc_sigmask) + 8;
    struct {
        ucontext_t machine;
        siginfo_t information;
    } * moved;
    const struct _libc_fpstate *vectors = machine->uc_mcontext.fpregs;
    size_t byte_count = vectors ? vectors_byte_count(vectors) : 0;
    uintptr_t moved_vectors = (stack - byte_count) & ~(uintptr_t)63;
    moved = (void *)((moved_vectors - sizeof *moved) & ~(uintptr_t)63);
    memcpy(&moved->machine, machine, kernel_byte_count);
    memcpy(&moved->information, information, sizeof *information);
    if (vectors) {
        memcpy((void *)moved_vectors, vectors, byte_count);
        moved->machine.uc_mcontext.fpregs = (void *)moved_vectors;
    }
    __asm__ volatile(
        "movq %%rbx,%%rsp\n\tcall *%%rax\n\tmovq %%rbx,%%rsp\n\tmovl %4,%%eax\n\tsyscall"
        :
        : "b"(&moved->machine), "a"(handler), "D"(signal), "S"(&moved->information),
          "i"(SYS_rt_sigreturn), "d"(&moved->machine)
        : "memory");
    __builtin_unreachable();
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

int machine_repeat_trap(void *opaque_machine) {
    greg_t *registers = ((ucontext_t *)opaque_machine)->uc_mcontext.gregs;
    const unsigned char breakpoint = 0xCC;
    if (registers[REG_EFL] & TRAP_FLAG)
        return 1;
    // The number of the trap may be that of an earlier one.
    if (registers[REG_TRAPNO] != BREAKPOINT_TRAP ||
        ((const unsigned char *)registers[REG_RIP])[-1] != breakpoint)
        return 0;
    registers[REG_RIP] -= 1;
    return 1;
}

void machine_step_once(void *opaque_machine) {
    ((ucontext_t *)opaque_machine)->uc_mcontext.gregs[REG_EFL] |= TRAP_FLAG;
}

int machine_end_step(void *opaque_machine) {
    greg_t *registers = ((ucontext_t *)opaque_machine)->uc_mcontext.gregs;
    registers[REG_EFL] &= ~(greg_t)TRAP_FLAG;
    return registers[REG_TRAPNO] == STEP_TRAP;
}

uint64_t machine_interrupted_stack_pointer(const void *machine) {
    return (uint64_t)((const ucontext_t *)machine)->uc_mcontext.gregs[REG_RSP];
}

uint64_t machine_stack_pointer(const void *context) {
    return ((const CONTEXT *)context)->Rsp;
}

uint64_t machine_frame_pointer(const void *context) {
    return ((const CONTEXT *)context)->Rbp;
}

uint64_t machine_instruction_pointer(const void *context) {
    return ((const CONTEXT *)context)->Rip;
}

#endif
