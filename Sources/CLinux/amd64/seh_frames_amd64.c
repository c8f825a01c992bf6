// x86-64: stores registers and jumps to them, which C cannot express.
#if defined(__x86_64__)
#include "CLinux.h"

#include <windows.h>

#include "win32memory/seh_frame.h"

// Checks the offsets that the assembly below uses as numbers.
#define AT(member) offsetof(struct win32memory_seh_frame, member)
_Static_assert(AT(stage) == 0 && AT(at_entry) == 8 && AT(at_return) == 80, "frame");
_Static_assert(offsetof(struct win32memory_seh_ending, stage) == 0, "ending");
_Static_assert(offsetof(struct win32memory_seh_ending, at_return) == 8, "ending");
_Static_assert(sizeof(struct win32memory_seh_registers) == 72, "registers");
_Static_assert(WIN32MEMORY_SEH_ENDED == 3 && WIN32MEMORY_SEH_LEAVING == 5, "stages");

#define FUNCTION(name)                                                                             \
    ".pushsection .text." name ",\"ax\",@progbits\n"                                               \
    ".globl " name "\n.type " name ",@function\n" name ":\n"
#define END(name) ".size " name ",.-" name "\n.popsection\n"

// Stores the caller's registers, as they will be when this function has returned, at `offset` from
// rdi.
#define REMEMBER(offset)                                                                           \
    "leaq 8(%rsp),%rax\n movq %rax," #offset "(%rdi)\n"                                            \
    "movq (%rsp),%rax\n movq %rax,8+" #offset "(%rdi)\n"                                           \
    "movq %rbx,16+" #offset "(%rdi)\n movq %rbp,24+" #offset "(%rdi)\n"                            \
    "movq %r12,32+" #offset "(%rdi)\n movq %r13,40+" #offset "(%rdi)\n"                            \
    "movq %r14,48+" #offset "(%rdi)\n movq %r15,56+" #offset "(%rdi)\n"                            \
    "stmxcsr 64+" #offset "(%rdi)\n fnstcw 68+" #offset "(%rdi)\n"

// clang-format off

__asm__(FUNCTION("win32memory_seh_enter")
        REMEMBER(8)
        "jmp win32memory_seh_push\n"
        END("win32memory_seh_enter"));

// When a body has ended normally, only its frame is removed.
__asm__(FUNCTION("win32memory_seh_leave")
        "movq (%rdi),%rdi\n"
        "cmpl $3,(%rdi)\n"
        "je win32memory_seh_end_body\n"
        REMEMBER(80)
        "jmp win32memory_seh_begin_leaving\n"
        END("win32memory_seh_leave"));

// A frame that is being left has no __finally block: continues where it is left.
__asm__(FUNCTION("win32memory_seh_answer")
        "cmpl $5,(%rdi)\n"
        "jne 1f\n"
        "addq $80,%rdi\n"
        "movq (%rdi),%rsi\n"
        "xorl %edx,%edx\n"
        "jmp machine_jump\n"
        "1:\n"
        REMEMBER(80)
        "jmp win32memory_seh_answered\n"
        END("win32memory_seh_answer"));

__asm__(FUNCTION("win32memory_seh_end_finally")
        REMEMBER(8)
        "jmp win32memory_seh_go_on\n"
        END("win32memory_seh_end_finally"));

__asm__(FUNCTION("machine_jump")
        "movq %rdx,%rax\n"
        "movq 16(%rdi),%rbx\n"
        "movq 24(%rdi),%rbp\n"
        "movq 32(%rdi),%r12\n"
        "movq 40(%rdi),%r13\n"
        "movq 48(%rdi),%r14\n"
        "movq 56(%rdi),%r15\n"
        "ldmxcsr 64(%rdi)\n"
        "fldcw 68(%rdi)\n"
        "movq %rsi,%rsp\n"
        "jmp *8(%rdi)\n"
        END("machine_jump"));

__asm__(FUNCTION("machine_run_block")
        REMEMBER(80)
        "movq %rsi,%rdi\n"
        "leaq -1024(%rsp),%rsi\n"
        "andq $-64,%rsi\n"
        "jmp machine_jump\n"
        END("machine_run_block"));

// Leaves some room above the stack pointer, where functions may store arguments.
__asm__(FUNCTION("machine_begin_evaluation")
        "pushq %rbp\n"
        "pushq %rbx\n"
        "pushq %r12\n"
        "pushq %r13\n"
        "pushq %r14\n"
        "pushq %r15\n"
        "movq %rsp,(%rdi)\n"
        "movq %rsi,%rdi\n"
        "leaq -1024(%rsp),%rsi\n"
        "andq $-64,%rsi\n"
        "jmp machine_jump\n"
        END("machine_begin_evaluation"));

__asm__(FUNCTION("machine_end_evaluation")
        "movl %esi,%eax\n"
        "movq (%rdi),%rsp\n"
        "popq %r15\n"
        "popq %r14\n"
        "popq %r13\n"
        "popq %r12\n"
        "popq %rbx\n"
        "popq %rbp\n"
        "ret\n"
        END("machine_end_evaluation"));

// clang-format on

#endif
