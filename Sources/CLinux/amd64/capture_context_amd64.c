// x86-64: RtlCaptureContext, which needs the registers of its caller.
#if defined(__x86_64__)
#include "CLinux.h"
#include "amd64.h"

#include <string.h>
#include <windows.h>

#include "win32memory/stack_trace.h"

// Stores the registers as they will be when RtlCaptureContext has returned. It changes no register
// that the caller relies on.
__asm__(".pushsection .text.RtlCaptureContext,\"ax\",@progbits\n"
        ".globl RtlCaptureContext\n"
        ".type RtlCaptureContext,@function\n"
        "RtlCaptureContext:\n"
        "movq %rax,0x78(%rdi)\n"
        "movq %rcx,0x80(%rdi)\n"
        "movq %rdx,0x88(%rdi)\n"
        "movq %rbx,0x90(%rdi)\n"
        "movq %rbp,0xA0(%rdi)\n"
        "movq %rsi,0xA8(%rdi)\n"
        "movq %rdi,0xB0(%rdi)\n"
        "movq %r8,0xB8(%rdi)\n"
        "movq %r9,0xC0(%rdi)\n"
        "movq %r10,0xC8(%rdi)\n"
        "movq %r11,0xD0(%rdi)\n"
        "movq %r12,0xD8(%rdi)\n"
        "movq %r13,0xE0(%rdi)\n"
        "movq %r14,0xE8(%rdi)\n"
        "movq %r15,0xF0(%rdi)\n"
        "leaq 8(%rsp),%rax\n"
        "movq %rax,0x98(%rdi)\n"
        "movq (%rsp),%rax\n"
        "movq %rax,0xF8(%rdi)\n"
        "pushfq\n"
        "popq %rax\n"
        "movl %eax,0x44(%rdi)\n"
        "fxsave 0x100(%rdi)\n"
        "jmp amd64_complete_context\n"
        ".size RtlCaptureContext,.-RtlCaptureContext\n"
        ".popsection\n");

void amd64_complete_context(void *opaque_context) {
    CONTEXT *context = opaque_context;
    memset(context, 0, offsetof(CONTEXT, EFlags));
    memset(&context->Dr0, 0, offsetof(CONTEXT, Rax) - offsetof(CONTEXT, Dr0));
    memset(&context->FltSave.Reserved4, 0, sizeof context->FltSave.Reserved4);
    memset(context->VectorRegister, 0, sizeof *context - offsetof(CONTEXT, VectorRegister));
    context->ContextFlags = CONTEXT_FULL | CONTEXT_SEGMENTS;
    context->MxCsr = context->FltSave.MxCsr;
    amd64_show_segments(context);
}

#endif
