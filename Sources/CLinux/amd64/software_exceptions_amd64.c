// x86-64: RaiseException, which needs the registers of its caller, and continuing with other
// registers.
#if defined(__x86_64__)
#define _GNU_SOURCE
#include "CLinux.h"
#include "amd64.h"
#include "callbacks.h"

#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <windows.h>

// Checks the offsets of CONTEXT that the assembly below uses as numbers.
_Static_assert(sizeof(CONTEXT) == 1232 && offsetof(CONTEXT, EFlags) == 0x44, "CONTEXT");
_Static_assert(offsetof(CONTEXT, Rax) == 0x78 && offsetof(CONTEXT, R15) == 0xF0, "CONTEXT");
_Static_assert(offsetof(CONTEXT, Rip) == 0xF8 && offsetof(CONTEXT, FltSave) == 0x100, "CONTEXT");

// The registers are stored as they will be once RaiseException has returned.
__asm__(".pushsection .text.RaiseException,\"ax\",@progbits\n"
        ".globl RaiseException\n"
        ".type RaiseException,@function\n"
        "RaiseException:\n"
        ".cfi_startproc\n"
        "pushfq\n"
        ".cfi_adjust_cfa_offset 8\n"
        "pushq %rbp\n"
        ".cfi_adjust_cfa_offset 8\n"
        ".cfi_offset %rbp,-24\n"
        "movq %rsp,%rbp\n"
        ".cfi_def_cfa_register %rbp\n"
        "subq $1232,%rsp\n"
        "andq $-64,%rsp\n"
        "movq %rax,0x78(%rsp)\n"
        "movq %rcx,0x80(%rsp)\n"
        "movq %rdx,0x88(%rsp)\n"
        "movq %rbx,0x90(%rsp)\n"
        "movq %rsi,0xA8(%rsp)\n"
        "movq %rdi,0xB0(%rsp)\n"
        "movq %r8,0xB8(%rsp)\n"
        "movq %r9,0xC0(%rsp)\n"
        "movq %r10,0xC8(%rsp)\n"
        "movq %r11,0xD0(%rsp)\n"
        "movq %r12,0xD8(%rsp)\n"
        "movq %r13,0xE0(%rsp)\n"
        "movq %r14,0xE8(%rsp)\n"
        "movq %r15,0xF0(%rsp)\n"
        "leaq 24(%rbp),%rax\n" // rsp behind the call
        "movq %rax,0x98(%rsp)\n"
        "movq (%rbp),%rax\n"
        "movq %rax,0xA0(%rsp)\n"
        "movq 16(%rbp),%rax\n"
        "movq %rax,0xF8(%rsp)\n"
        "movl 8(%rbp),%eax\n"
        "movl %eax,0x44(%rsp)\n"
        "fxsave 0x100(%rsp)\n"
        "movq %rsp,%r8\n"
        "call win32memory_raise_with_registers\n"
        "ud2\n"
        ".cfi_endproc\n"
        ".size RaiseException,.-RaiseException\n"
        ".popsection\n");

__attribute__((noreturn, used)) void win32memory_raise_with_registers(DWORD code, DWORD flags,
                                                                      DWORD argument_count,
                                                                      const ULONG_PTR *arguments,
                                                                      CONTEXT *context) {
    int saved_errno = errno;
    uint32_t saved_error = *win32memory_last_error();
    amd64_complete_context(context);
    win32memory_dispatch_raised(code, flags, argument_count, arguments, context);
    *win32memory_last_error() = saved_error;
    errno = saved_errno;
    machine_resume(context);
}

// Continues as if a signal handler returned, because only the kernel can set all registers at once.
void machine_resume(const void *opaque_context) {
    const CONTEXT *context = opaque_context;
    struct {
        struct _libc_fpstate vectors __attribute__((aligned(64)));
        ucontext_t machine;
    } frame;
    memset(&frame, 0, sizeof frame);
    // The kernel restores the signal mask and the alternate stack when a handler returns; these
    // keep both as they are.
    syscall(SYS_sigaltstack, NULL, &frame.machine.uc_stack);
    syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, &frame.machine.uc_sigmask, 8);
    const unsigned long restore_stack_segment = 2 | 4;
    frame.machine.uc_flags = restore_stack_segment;
    frame.machine.uc_mcontext.gregs[REG_CSGSFS] = (greg_t)(0x33 | (DWORD64)0x2B << 48);
    frame.machine.uc_mcontext.fpregs = &frame.vectors;
    frame.vectors.mxcsr = context->FltSave.MxCsr;
    frame.vectors.mxcr_mask = context->FltSave.MxCsr_Mask;
    machine_apply_context(&frame.machine, context);
    __asm__ volatile("movq %0,%%rsp\n\tmovl %1,%%eax\n\tsyscall"
                     :
                     : "r"(&frame.machine), "i"(SYS_rt_sigreturn)
                     : "memory");
    __builtin_unreachable();
}

#endif
