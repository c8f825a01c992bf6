// The line about an unhandled exception: the module and offset of the instruction, and its callers. Compiled
// with frame pointers.
#include "child_process.h"
#include "exception_log.h"

#include <dlfcn.h>
#include <winternl.h>

// Each function here begins at a multiple of this number, and is shorter than it.
#define LONGEST 0x80
#define SEPARATE __attribute__((noinline, noclone, aligned(LONGEST)))

static LONG CALLBACK pass_on(EXCEPTION_POINTERS *exception) {
    (void)exception;
    return EXCEPTION_CONTINUE_SEARCH;
}

static BYTE *volatile bad_address = (BYTE *)16;

SEPARATE static void fault(void) {
    *bad_address = 1;
    __asm__ volatile("");
}
SEPARATE static void inner(void) {
    fault();
    __asm__ volatile("");
}
SEPARATE static void outer(void) {
    inner();
    __asm__ volatile("");
}
SEPARATE static void fault_in_three_functions(void) {
    AddVectoredExceptionHandler(1, pass_on);
    outer();
}

static uintptr_t own_base(void) {
    Dl_info module;
    CHECK(dladdr((const void *)&check_state, &module) != 0);
    return (uintptr_t)module.dli_fbase;
}

// The offset that the line gives for place number `index`; 0 if the place is not in this program.
static uintptr_t place_said(int index) {
    const char *at = strstr(child.errors, "instruction at 0x");
    static const char name[] = "crash_line_test+0x";
    for (int i = 0; at && i <= index; i++)
        at = strstr(at + 1, name);
    return at ? strtoul(at + sizeof name - 1, NULL, 16) : 0;
}
static int is_within(uintptr_t offset, void (*function)(void)) {
    return offset + own_base() - (uintptr_t)function < LONGEST;
}

static void the_line_names_the_module_and_offset_of_the_instruction(void) {
    run_child(fault_in_three_functions);
    CHECK_DIED_OF(SIGSEGV);
    const char *instruction = strstr(child.errors, "instruction at 0x");
    CHECK(instruction != NULL);
    if (!instruction)
        return;
    uintptr_t address = strtoul(instruction + strlen("instruction at "), NULL, 16);
    CHECK_EQUAL(address - own_base(), place_said(0));
    CHECK(is_within(place_said(0), fault));
}

static void the_line_names_the_callers_innermost_first(void) {
    run_child(fault_in_three_functions);
    CHECK_SAID(", called from crash_line_test+0x");
    CHECK(is_within(place_said(1), inner));
    CHECK(is_within(place_said(2), outer));
    CHECK(is_within(place_said(3), fault_in_three_functions));
    CHECK_EQUAL(lines_said(), 1);
}

SEPARATE static void raise_in_a_function(void) {
    AddVectoredExceptionHandler(1, pass_on);
    RaiseException(0xE0000001, 0, 0, NULL);
    __asm__ volatile("");
}
static void the_line_about_a_raised_exception_names_the_callers_too(void) {
    run_child(raise_in_a_function);
    CHECK_SAID("0xE0000001, instruction at 0x");
    CHECK(is_within(place_said(0), raise_in_a_function));
    CHECK_SAID(", called from ");
}

SEPARATE static void fault_at_depth(int depth) {
    if (depth > 0)
        fault_at_depth(depth - 1);
    else
        fault();
    __asm__ volatile("");
}
static void fault_40_calls_deep(void) {
    AddVectoredExceptionHandler(1, pass_on);
    fault_at_depth(40);
}
static void at_most_16_callers_are_named(void) {
    run_child(fault_40_calls_deep);
    CHECK(place_said(16) != 0);
    CHECK_EQUAL(place_said(17), 0);
}

SEPARATE static void fault_with_a_bad_frame_pointer(void) {
    AddVectoredExceptionHandler(1, pass_on);
    __asm__ volatile("movq $0x11, %%rbp\n movq %%rax, (%%rbp)" : : "a"(0) : "memory");
}
static void an_invalid_frame_pointer_ends_the_list_of_callers(void) {
    run_child(fault_with_a_bad_frame_pointer);
    CHECK_DIED_OF(SIGSEGV);
    CHECK_EQUAL(lines_said(), 1);
    CHECK(is_within(place_said(0), fault_with_a_bad_frame_pointer));
    CHECK(strstr(child.errors, "called from") == NULL);
}

static void execute_memory_of_no_module(void) {
    AddVectoredExceptionHandler(1, pass_on);
    execute_at(committed_pages(1));
}
static void an_instruction_outside_all_modules_is_named_by_its_address_alone(void) {
    run_child(execute_memory_of_no_module);
    CHECK_SAID(": execution of 0x");
    const char *instruction = strstr(child.errors, "instruction at 0x");
    CHECK(instruction != NULL);
    if (instruction)
        CHECK_EQUAL(strcspn(instruction, "("), strlen(instruction));
}

// The row selects the call that frees or allocates the block; then the block is written to.
static int row;
static void write_to_a_block(void) {
    HANDLE process = GetCurrentProcess();
    PVOID block = NULL;
    SIZE_T size = row == 1 ? 0x1000 : 0;
    AddVectoredExceptionHandler(1, pass_on);
    switch (row) {
    case 0:
    case 1:
        block = VirtualAlloc(NULL, 0x10000, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
        NtFreeVirtualMemory(process, &block, &size, row ? MEM_DECOMMIT : MEM_RELEASE);
        break;
    case 2:
        block = VirtualAllocExNuma(process, NULL, 0x10000, MEM_RESERVE, PAGE_READWRITE, 0);
        break;
    case 3:
        block = VirtualAlloc2(process, NULL, 0x10000, MEM_RESERVE, PAGE_READWRITE, NULL, 0);
        break;
    case 4:
        size = 0x10000;
        NtAllocateVirtualMemory(process, &block, 0, &size, MEM_RESERVE, PAGE_READWRITE);
        break;
    }
    write_byte(block, 1);
}
static void guarded_by_other_calls(void) {
    HANDLE process = GetCurrentProcess();
    const DWORD type = MEM_RESERVE | MEM_COMMIT, protection = PAGE_READWRITE | PAGE_GUARD;
    write_byte(row ? VirtualAlloc2(process, NULL, 1, type, protection, NULL, 0)
                   : VirtualAllocExNuma(process, NULL, 1, type, protection, 0),
               1);
}
static void the_line_describes_the_block_whichever_function_freed_or_allocated_it(void) {
    static const char *const said[] = {"released block 0x", "(decommitted)",
                                       "(reserved, never committed)", "(reserved, never committed)",
                                       "(reserved, never committed)"};
    for (row = 0; row < 5; row++) {
        check_row("%d", row);
        run_child(write_to_a_block);
        CHECK_DIED_OF(SIGSEGV);
        CHECK_SAID(said[row]);
    }
    for (row = 0; row < 2; row++) {
        check_row("guarded, %d", row);
        run_child(guarded_by_other_calls);
        CHECK_DIED_OF(SIGSEGV);
        CHECK_SAID("(guard page): write to 0x");
    }
}

TEST_PROGRAM(TEST(the_line_names_the_module_and_offset_of_the_instruction),
             TEST(the_line_names_the_callers_innermost_first),
             TEST(the_line_about_a_raised_exception_names_the_callers_too),
             TEST(at_most_16_callers_are_named),
             TEST(an_invalid_frame_pointer_ends_the_list_of_callers),
             TEST(an_instruction_outside_all_modules_is_named_by_its_address_alone),
             TEST(the_line_describes_the_block_whichever_function_freed_or_allocated_it))
