// CONTEXT as handlers see and change it, and the codes of instructions
// (behaviour 8.13, 8.19, 8.20).
#include "exception_log.h"

static DWORD64 rbx_seen;

static LONG CALLBACK change_rbx(EXCEPTION_POINTERS *exception) {
    exception->ContextRecord->Rbx = 0x1234;
    return EXCEPTION_CONTINUE_SEARCH;
}
static LONG see_rbx_and_skip(EXCEPTION_POINTERS *exception) {
    rbx_seen = exception->ContextRecord->Rbx;
    exception->ContextRecord->Rip += 2;
    return EXCEPTION_CONTINUE_EXECUTION;
}

// 8.19
static void changed_registers_are_seen_by_later_handlers(void) {
    void *changing = AddVectoredExceptionHandler(1, change_rbx);
    memset(&exception_log, 0, sizeof exception_log);
    exception_log.remedy = see_rbx_and_skip;
    void *seeing = AddVectoredExceptionHandler(0, log_exception);
    DWORD64 rbx = 0;
    __asm__ volatile("ud2" : "+b"(rbx));
    CHECK_EQUAL(rbx_seen, 0x1234);
    CHECK_EQUAL(rbx, 0x1234);
    CHECK(RemoveVectoredExceptionHandler(changing) != 0);
    CHECK(RemoveVectoredExceptionHandler(seeing) != 0);
}

static LONG set_registers(EXCEPTION_POINTERS *exception) {
    CONTEXT *context = exception->ContextRecord;
    context->Rax += 1, context->Rcx += 2, context->Rdx += 3, context->Rsi += 4;
    context->Rdi += 5, context->R8 += 6, context->R9 += 7, context->R15 += 8;
    context->EFlags |= 1; // carry
    context->Xmm3.Low = 0x1111222233334444;
    context->Xmm3.High = 0x5555666677778888;
    context->Rip += 2;
    return EXCEPTION_CONTINUE_EXECUTION;
}

// 8.20
static void changed_registers_are_in_force_on_resume(void) {
    DWORD64 rax = 10, rcx = 20, rdx = 30, rsi = 40, rdi = 50;
    register DWORD64 r8 __asm__("r8") = 60;
    register DWORD64 r9 __asm__("r9") = 70;
    register DWORD64 r15 __asm__("r15") = 80;
    DWORD64 vector[2] = {0, 0};
    BYTE carry;
    begin_log(set_registers);
    r8 = 60, r9 = 70, r15 = 80;
    __asm__ volatile("clc\n\tud2\n\tsetc %[carry]\n\tmovups %%xmm3, %[vector]"
                     : "+a"(rax), "+c"(rcx), "+d"(rdx), "+S"(rsi), "+D"(rdi), "+r"(r8), "+r"(r9),
                       "+r"(r15), [carry] "=m"(carry), [vector] "=m"(vector)
                     :
                     : "xmm3", "cc");
    DWORD64 numbered[3] = {r8, r9, r15};
    end_log();
    CHECK_EQUAL(rax, 11);
    CHECK_EQUAL(rcx, 22);
    CHECK_EQUAL(rdx, 33);
    CHECK_EQUAL(rsi, 44);
    CHECK_EQUAL(rdi, 55);
    CHECK_EQUAL(numbered[0], 66);
    CHECK_EQUAL(numbered[1], 77);
    CHECK_EQUAL(numbered[2], 88);
    CHECK_EQUAL(carry, 1);
    CHECK_EQUAL(vector[0], 0x1111222233334444);
    CHECK_EQUAL(vector[1], 0x5555666677778888);
}

static LONG move_rsp(EXCEPTION_POINTERS *exception) {
    exception->ContextRecord->Rsp -= 8;
    exception->ContextRecord->Rip += 2;
    return EXCEPTION_CONTINUE_EXECUTION;
}

// 8.20
static void a_changed_rsp_is_in_force_on_resume(void) {
    DWORD64 before, after;
    begin_log(move_rsp);
    __asm__ volatile("movq %%rsp, %0\n\tud2\n\tmovq %%rsp, %1\n\tmovq %0, %%rsp"
                     : "=&r"(before), "=&r"(after)::"memory");
    end_log();
    CHECK_EQUAL(before - after, 8);
}

// 8.13, 8.8
static void codes_of_instructions(void) {
    begin_log(see_rbx_and_skip);
    __asm__ volatile("ud2");
    CHECK_EQUAL(exception_log.last.record.ExceptionCode, EXCEPTION_ILLEGAL_INSTRUCTION);
    CHECK_EQUAL(exception_log.last.record.NumberParameters, 0);
    CHECK_EQUAL((ULONG_PTR)exception_log.last.record.ExceptionAddress,
                exception_log.last.context.Rip);
    __asm__ volatile("xorl %%ecx, %%ecx\n\tmovl $1, %%eax\n\txorl %%edx, %%edx\n\tdivl %%ecx" ::
                         : "eax", "ecx", "edx");
    CHECK_EQUAL(exception_log.last.record.ExceptionCode, EXCEPTION_INT_DIVIDE_BY_ZERO);
    __asm__ volatile("hlt\n\tnop");
    CHECK_EQUAL(exception_log.last.record.ExceptionCode, EXCEPTION_PRIV_INSTRUCTION);
    __asm__ volatile("int3\n\tnop");
    CHECK_EQUAL(exception_log.last.record.ExceptionCode, EXCEPTION_BREAKPOINT);
    end_log();
    CHECK_EQUAL(exception_log.count, 4);
}

TEST_PROGRAM(TEST(changed_registers_are_seen_by_later_handlers),
             TEST(changed_registers_are_in_force_on_resume),
             TEST(a_changed_rsp_is_in_force_on_resume), TEST(codes_of_instructions))
