// The two codes of a division that cannot be done (behaviour 8.13), with every kind of operand.
#include "exception_log.h"

static int32_t zero_in_memory[4], minus_one_in_memory[4] = {-1, -1, -1, -1};
static const void *resume_at;

static LONG resume(EXCEPTION_POINTERS *exception) {
    exception->ContextRecord->Rip = (DWORD64)(ULONG_PTR)resume_at;
    return EXCEPTION_CONTINUE_EXECUTION;
}

// Divides high:low by an operand that may use rcx, r9 and r13 (all `value`), and r12 (1).
#define CHECK_DIVISION(expected, low, high, instruction, value)                                    \
    do {                                                                                           \
        uint64_t operand = (uint64_t)(ULONG_PTR)(value);                                           \
        __asm__ volatile("leaq 1f(%%rip), %%r8\n\tmovq %%r8, %0\n\tmovq %1, %%r9\n\t"              \
                         "movq %1, %%r13\n\tmovl $1, %%r12d\n\t" instruction "\n1:"                \
                         : "=m"(resume_at)                                                         \
                         : "c"(operand), "a"((uint64_t)(low)), "d"((uint64_t)(high))               \
                         : "r8", "r9", "r12", "r13", "cc", "memory");                              \
        CHECK_EQUAL(exception_log.last.record.ExceptionCode, expected);                            \
    } while (0)

static void divisors_in_registers_tell_zero_from_overflow(void) {
    begin_log(resume);
    CHECK_DIVISION(EXCEPTION_INT_DIVIDE_BY_ZERO, 0x80000000u, -1, "idivl %%ecx", 0);
    CHECK_DIVISION(EXCEPTION_INT_OVERFLOW, 0x80000000u, -1, "idivl %%ecx", -1);
    CHECK_DIVISION(EXCEPTION_INT_DIVIDE_BY_ZERO, 1ull << 63, -1, "idivq %%r9", 0);
    CHECK_DIVISION(EXCEPTION_INT_OVERFLOW, 1ull << 63, -1, "idivq %%r9", -1);
    CHECK_DIVISION(EXCEPTION_INT_DIVIDE_BY_ZERO, 0x8000, -1, "idivw %%cx", 0x10000);
    CHECK_DIVISION(EXCEPTION_INT_OVERFLOW, 0x8000, -1, "idivw %%cx", 0xFFFF);
    CHECK_DIVISION(EXCEPTION_INT_DIVIDE_BY_ZERO, 0x8000, 0, "divb %%ch", 0xFF);
    CHECK_DIVISION(EXCEPTION_INT_OVERFLOW, 0x8000, 0, "divb %%ch", 0x100);
    end_log();
    CHECK_EQUAL(exception_log.count, 8);
}

static void divisors_in_memory_tell_zero_from_overflow(void) {
    begin_log(resume);
    CHECK_DIVISION(EXCEPTION_INT_DIVIDE_BY_ZERO, 0x80000000u, -1, "idivl (%%rcx)", zero_in_memory);
    CHECK_DIVISION(EXCEPTION_INT_OVERFLOW, 0x80000000u, -1, "idivl (%%rcx)", minus_one_in_memory);
    CHECK_DIVISION(EXCEPTION_INT_DIVIDE_BY_ZERO, 0x80000000u, -1, "idivl 4(%%r13)", zero_in_memory);
    CHECK_DIVISION(EXCEPTION_INT_OVERFLOW, 0x80000000u, -1, "idivl 4(%%r13)", minus_one_in_memory);
    CHECK_DIVISION(EXCEPTION_INT_DIVIDE_BY_ZERO, 0x80000000u, -1, "idivl 4(%%r9,%%r12,4)",
                   zero_in_memory);
    CHECK_DIVISION(EXCEPTION_INT_OVERFLOW, 0x80000000u, -1, "idivl 256(%%r9,%%r12,4)",
                   (BYTE *)minus_one_in_memory - 252);
    CHECK_DIVISION(EXCEPTION_INT_DIVIDE_BY_ZERO, 0x80000000u, -1, "idivl zero_for_division(%%rip)",
                   0);
    CHECK_DIVISION(EXCEPTION_INT_OVERFLOW, 0x80000000u, -1, "idivl minus_one_for_division(%%rip)",
                   0);
    end_log();
    CHECK_EQUAL(exception_log.count, 8);
}

extern const int32_t zero_for_division, minus_one_for_division;
const int32_t zero_for_division = 0, minus_one_for_division = -1;

TEST_PROGRAM(TEST(divisors_in_registers_tell_zero_from_overflow),
             TEST(divisors_in_memory_tell_zero_from_overflow))
