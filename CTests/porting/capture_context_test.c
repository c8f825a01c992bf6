// Linux only, for its assembly: RtlCaptureContext (Learn; it stores the registers behind its call).
#include "memory_checks.h"

static __attribute__((noinline)) void *own_address(void) {
    return __builtin_return_address(0);
}
static void captured_registers_are_those_behind_the_call(void) {
    CONTEXT context;
    memset(&context, 0xEE, sizeof context);
    RtlCaptureContext(&context);
    char *here = own_address();
    CHECK((ULONG_PTR)here - context.Rip < 64);
    CHECK((ULONG_PTR)__builtin_frame_address(0) >= context.Rsp);
    CHECK((ULONG_PTR)__builtin_frame_address(0) - context.Rsp < 8192);
    CHECK_EQUAL(context.ContextFlags & CONTEXT_FULL, CONTEXT_FULL);
    CHECK_EQUAL(context.SegDs, 0x2B);
    CHECK_EQUAL(context.MxCsr & 0x1F80, 0x1F80);
}

// Calls `capture` with a different number in each register, and stores the stack pointer.
void with_known_registers(CONTEXT *context, VOID(WINAPI *capture)(PCONTEXT),
                          DWORD64 *stack_pointer);
__asm__(".text\nwith_known_registers:\n"
        "pushq %rbp\n pushq %rbx\n pushq %r12\n pushq %r13\n pushq %r14\n pushq %r15\n"
        "subq $8, %rsp\n"
        "movq %rsp, (%rdx)\n movq %rsi, %rax\n"
        "movl $1, %ecx\n movl $2, %edx\n movl $3, %esi\n movl $4, %ebx\n movl $5, %ebp\n"
        "movl $8, %r8d\n movl $9, %r9d\n movl $10, %r10d\n movl $11, %r11d\n"
        "movl $12, %r12d\n movl $13, %r13d\n movl $14, %r14d\n movl $15, %r15d\n"
        "stc\n call *%rax\n"
        "addq $8, %rsp\n"
        "popq %r15\n popq %r14\n popq %r13\n popq %r12\n popq %rbx\n popq %rbp\n ret\n");
static void captured_registers_have_their_values(void) {
    CONTEXT context;
    DWORD64 stack_pointer = 0;
    with_known_registers(&context, RtlCaptureContext, &stack_pointer);
    const DWORD64 found[] = {context.Rcx, context.Rdx, context.Rsi, context.Rbx, context.Rbp,
                             context.R8,  context.R9,  context.R10, context.R11, context.R12,
                             context.R13, context.R14, context.R15};
    static const BYTE expected[] = {1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 13, 14, 15};
    for (size_t i = 0; i < sizeof expected; i++)
        CHECK_EQUAL(found[i], expected[i]);
    CHECK_EQUAL(context.Rdi, (ULONG_PTR)&context);
    CHECK_EQUAL(context.Rsp, stack_pointer);
    CHECK(context.Rip - (ULONG_PTR)with_known_registers < 160);
    CHECK_EQUAL(context.EFlags & 1, 1);
}

TEST_PROGRAM(TEST(captured_registers_are_those_behind_the_call),
             TEST(captured_registers_have_their_values))
