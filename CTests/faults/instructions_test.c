// Exceptions of single instructions: steps, software interrupts, privileged ones, SSE (A15.4 to A15.7,
// segment registers observed).
#include "exception_log.h"

enum { TRAP_FLAG = 0x100, RETURN = 0xC3 };
static volatile int steps, guards, steps_with_flag, wanted_steps;
static BYTE *code, *watched;

static LONG CALLBACK step(EXCEPTION_POINTERS *exception) {
    if (exception->ExceptionRecord->ExceptionCode != EXCEPTION_SINGLE_STEP)
        return EXCEPTION_CONTINUE_SEARCH;
    steps++;
    steps_with_flag += (exception->ContextRecord->EFlags & TRAP_FLAG) != 0;
    if (steps < wanted_steps)
        exception->ContextRecord->EFlags |= TRAP_FLAG;
    return EXCEPTION_CONTINUE_EXECUTION;
}

static __attribute__((noinline)) void set_trap_flag(void) {
    __asm__ volatile("sub $128, %%rsp\n\tpushfq\n\torl $0x100, (%%rsp)\n\tpopfq\n\t"
                     "nop; nop; nop; nop; nop; nop; nop\n\tadd $128, %%rsp"
                     :
                     :
                     : "memory", "cc");
}

static void a_step_comes_once_for_each_request(void) {
    PVOID handle = AddVectoredExceptionHandler(1, step);
    for (wanted_steps = 1; wanted_steps <= 5; wanted_steps++) {
        check_row("%d steps", wanted_steps);
        steps = steps_with_flag = 0;
        set_trap_flag();
        CHECK_EQUAL(steps, wanted_steps);
        CHECK_EQUAL(steps_with_flag, 0);
    }
    RemoveVectoredExceptionHandler(handle);
}

static LONG CALLBACK watch(EXCEPTION_POINTERS *exception) {
    DWORD before;
    switch (exception->ExceptionRecord->ExceptionCode) {
    case EXCEPTION_GUARD_PAGE:
        guards++;
        exception->ContextRecord->EFlags |= TRAP_FLAG;
        return EXCEPTION_CONTINUE_EXECUTION;
    case EXCEPTION_SINGLE_STEP:
        steps++;
        VirtualProtect(watched, 1, PAGE_READWRITE | PAGE_GUARD, &before);
        return EXCEPTION_CONTINUE_EXECUTION;
    }
    return EXCEPTION_CONTINUE_SEARCH;
}

static void a_page_can_be_watched_by_guard_and_step(void) {
    DWORD before;
    watched = VirtualAlloc(NULL, 4096, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    PVOID handle = AddVectoredExceptionHandler(1, watch);
    steps = guards = 0;
    VirtualProtect(watched, 1, PAGE_READWRITE | PAGE_GUARD, &before);
    for (int i = 0; i < 20; i++)
        *(volatile BYTE *)(watched + i) = (BYTE)i;
    VirtualProtect(watched, 1, PAGE_READWRITE, &before);
    CHECK_EQUAL(guards, 20);
    CHECK_EQUAL(steps, 20);
    CHECK_EQUAL(watched[19], 19);
    RemoveVectoredExceptionHandler(handle);
    release(watched);
}

static LONG go_to_the_return(EXCEPTION_POINTERS *exception) {
    exception->ContextRecord->Rip = (DWORD64)(ULONG_PTR)(code + 32);
    return EXCEPTION_CONTINUE_EXECUTION;
}

static void run(const BYTE *bytes, size_t count) {
    memset(code, 0x90, 32);
    memcpy(code, bytes, count);
    code[32] = RETURN;
    begin_log(go_to_the_return);
    __asm__ volatile("call *%0" : : "r"(code) : "rax", "rcx", "memory");
    end_log();
}

static void software_interrupts_are_windows_own(void) {
    static const struct {
        BYTE bytes[8];
        DWORD code;
        DWORD parameters;
        ULONG_PTR parameter;
        int offset;
    } rows[] = {
        {{0xCD, 0x2C}, 0xC0000420, 0, 0, 0},
        {{0xB8, 0, 1, 2, 0xB3, 0xCD, 0x2D, 0x90}, EXCEPTION_BREAKPOINT, 1, 0xB3020100, 7},
        {{0xB8, 2, 0, 0, 0, 0xCD, 0x2D, 0x90}, EXCEPTION_BREAKPOINT, 1, 2, 7},
        {{0xCD, 0x80 - 1}, EXCEPTION_ACCESS_VIOLATION, 2, 0, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        check_row("row %zu", i);
        run(rows[i].bytes, 8);
        CHECK_EQUAL(exception_log.count, 1);
        CHECK_EQUAL(exception_log.last.record.ExceptionCode, rows[i].code);
        CHECK_EQUAL(exception_log.last.record.NumberParameters, rows[i].parameters);
        CHECK_EQUAL(exception_log.last.record.ExceptionInformation[0], rows[i].parameter);
        CHECK_EQUAL(exception_log.last.context.Rip, (ULONG_PTR)code + (ULONG_PTR)rows[i].offset);
    }
}

static void services_of_the_debugger_are_passed_over_with_a_byte(void) {
    static const BYTE services[] = {1, 3, 4, 5};
    for (size_t i = 0; i < sizeof services; i++) {
        check_row("service %d", services[i]);
        run((BYTE[]){0xB8, services[i], 0, 0, 0, 0xCD, 0x2D, 0xF4}, 8); // hlt is passed over
        CHECK_EQUAL(exception_log.count, 0);
    }
}

static void instructions_of_the_kernel_are_privileged(void) {
    static const BYTE rows[][3] = {{0x0F, 0x06}, {0x0F, 0x07},       {0x48, 0x0F, 0x07},
                                   {0x0F, 0x35}, {0x48, 0x0F, 0x35}, {0xF4},
                                   {0xFA},       {0x0F, 0x32}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        check_row("row %zu", i);
        run(rows[i], 3);
        CHECK_EQUAL(exception_log.last.record.ExceptionCode, EXCEPTION_PRIV_INSTRUCTION);
        CHECK_EQUAL(exception_log.last.context.Rip, (ULONG_PTR)code);
    }
    run((BYTE[]){0x0F, 0x0B}, 2);
    CHECK_EQUAL(exception_log.last.record.ExceptionCode, EXCEPTION_ILLEGAL_INSTRUCTION);
}

static void the_segment_registers_are_shown_as_on_windows(void) {
    run((BYTE[]){0x0F, 0x0B}, 2);
    const CONTEXT *context = &exception_log.last.context;
    CHECK_EQUAL(context->SegCs, 0x33);
    CHECK_EQUAL(context->SegDs, 0x2B);
    CHECK_EQUAL(context->SegEs, 0x2B);
    CHECK_EQUAL(context->SegFs, 0x53);
    CHECK_EQUAL(context->SegGs, 0x2B);
    CHECK_EQUAL(context->SegSs, 0x2B);
}

static LONG mask_all(EXCEPTION_POINTERS *exception) {
    exception->ContextRecord->MxCsr = 0x1F80;
    return EXCEPTION_CONTINUE_EXECUTION;
}

static void exceptions_of_sse_carry_the_control_register(void) {
    unsigned control = 0x1F80 & ~0x200u;
    volatile float one = 1, zero = 0, quotient;
    begin_log(mask_all);
    __asm__ volatile("ldmxcsr %0" : : "m"(control));
    quotient = one / zero;
    end_log();
    (void)quotient;
    const EXCEPTION_RECORD *record = &exception_log.last.record;
    CHECK_EQUAL(record->ExceptionCode, EXCEPTION_FLT_DIVIDE_BY_ZERO);
    CHECK_EQUAL(record->NumberParameters, 2);
    CHECK_EQUAL(record->ExceptionInformation[0], 0);
    CHECK_EQUAL(record->ExceptionInformation[1], exception_log.last.context.MxCsr);
    CHECK_EQUAL(exception_log.last.context.MxCsr & ~0x3Fu, control);
}

static void prepare(void) {
    code = VirtualAlloc(NULL, 4096, MEM_RESERVE | MEM_COMMIT, PAGE_EXECUTE_READWRITE);
    CHECK(code != NULL);
}

TEST_PROGRAM(TEST(prepare), TEST(a_step_comes_once_for_each_request),
             TEST(a_page_can_be_watched_by_guard_and_step),
             TEST(software_interrupts_are_windows_own),
             TEST(services_of_the_debugger_are_passed_over_with_a_byte),
             TEST(instructions_of_the_kernel_are_privileged),
             TEST(the_segment_registers_are_shown_as_on_windows),
             TEST(exceptions_of_sse_carry_the_control_register))
