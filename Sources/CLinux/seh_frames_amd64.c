// x86-64: remembering registers and jumping to them, which C has no words for.
#if defined(__x86_64__)
#include "CLinux.h"

#include <windows.h>

#include "win32memory/seh_frame.h"

// Offsets that the assembly below writes out.
#define AT(member) offsetof(struct win32memory_seh_frame, member)
_Static_assert(AT(stage) == 0 && AT(is_entered) == 4, "frame");
_Static_assert(AT(at_entry) == 48 && AT(at_leaving) == 120, "frame");
_Static_assert(sizeof(struct win32memory_seh_registers) == 72, "registers");
_Static_assert(offsetof(struct seh_evaluation, copy) == 16, "evaluation");

#define FUNCTION(name)                                                                             \
    ".pushsection .text." name ",\"ax\",@progbits\n"                                               \
    ".globl " name "\n.type " name ",@function\n" name ":\n"
#define END(name) ".size " name ",.-" name "\n.popsection\n"

// The caller's registers, as they are when this function has returned, at `offset` from rdi.
#define REMEMBER(offset)                                                                           \
    "leaq 8(%rsp),%rax\n movq %rax," #offset "(%rdi)\n"                                            \
    "movq (%rsp),%rax\n movq %rax,8+" #offset "(%rdi)\n"                                           \
    "movq %rbx,16+" #offset "(%rdi)\n movq %rbp,24+" #offset "(%rdi)\n"                            \
    "movq %r12,32+" #offset "(%rdi)\n movq %r13,40+" #offset "(%rdi)\n"                            \
    "movq %r14,48+" #offset "(%rdi)\n movq %r15,56+" #offset "(%rdi)\n"                            \
    "stmxcsr 64+" #offset "(%rdi)\n fnstcw 68+" #offset "(%rdi)\n"

// clang-format off

// Only a fresh frame remembers; later the stage itself is the answer.
__asm__(FUNCTION("win32memory_seh_enter")
        "movl (%rdi),%eax\n"
        "testl %eax,%eax\n"
        "jne 1f\n"
        REMEMBER(48)
        "jmp win32memory_seh_push\n"
        "1: ret\n"
        END("win32memory_seh_enter"));

// Nothing is due unless the body is being left.
__asm__(FUNCTION("win32memory_seh_leave")
        "cmpl $0,(%rdi)\n"
        "jne 1f\n"
        "cmpl $0,4(%rdi)\n"
        "je 1f\n"
        REMEMBER(120)
        "jmp win32memory_seh_begin_leaving\n"
        "1: ret\n"
        END("win32memory_seh_leave"));

__asm__(FUNCTION("seh_jump")
        "movl %esi,%eax\n"
        "movq 16(%rdi),%rbx\n"
        "movq 24(%rdi),%rbp\n"
        "movq 32(%rdi),%r12\n"
        "movq 40(%rdi),%r13\n"
        "movq 48(%rdi),%r14\n"
        "movq 56(%rdi),%r15\n"
        "ldmxcsr 64(%rdi)\n"
        "fldcw 68(%rdi)\n"
        "movq (%rdi),%rsp\n"
        "jmp *8(%rdi)\n"
        END("seh_jump"));

__asm__(FUNCTION("seh_begin_evaluation")
        "pushq %rbp\n"
        "pushq %rbx\n"
        "pushq %r12\n"
        "pushq %r13\n"
        "pushq %r14\n"
        "pushq %r15\n"
        "movq %rdx,%r8\n"
        "movl %ecx,%r9d\n"
        "xorl %ecx,%ecx\n"
        "testq %rsi,%rsi\n"
        "je 1f\n"
        "movq %rsi,%rcx\n"
        "subq %rsp,%rcx\n"
        "1: movq %rsp,(%rdi)\n"
        "movq %rcx,8(%rdi)\n"
        "movq 16(%rdi),%rdi\n"
        "movq %rsp,%rsi\n"
        "cld\n"
        "rep movsb\n"
        "movq %r8,%rdi\n"
        "movl %r9d,%esi\n"
        "jmp seh_jump\n"
        END("seh_begin_evaluation"));

// The stack pointer first: a signal that comes meanwhile must not push over what is put back.
__asm__(FUNCTION("seh_end_evaluation")
        "movl %esi,%eax\n"
        "movq (%rdi),%rsp\n"
        "movq 8(%rdi),%rcx\n"
        "movq 16(%rdi),%rsi\n"
        "movq %rsp,%rdi\n"
        "cld\n"
        "rep movsb\n"
        "popq %r15\n"
        "popq %r14\n"
        "popq %r13\n"
        "popq %r12\n"
        "popq %rbx\n"
        "popq %rbp\n"
        "ret\n"
        END("seh_end_evaluation"));

// clang-format on

#endif
