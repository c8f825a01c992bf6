// A W^X just-in-time compiler, written for Windows: it compiles random expressions, runs them
// against an interpreter, patches code, and meets the exceptions that such a compiler lives with.
#include "code_space.h"
#include "compiler.h"
#include "../report.h"

#define UNIT_COUNT 20
#define FUNCTIONS_PER_UNIT 100
#define FUNCTION_COUNT (UNIT_COUNT * FUNCTIONS_PER_UNIT)

static struct tree trees[FUNCTION_COUNT];
static struct node *roots[FUNCTION_COUNT];
static compiled_function functions[FUNCTION_COUNT];
static unsigned char *sealed_return; // a `ret` that may be executed

static int64_t call_text(const char *text, int64_t x, int64_t y) {
    static struct tree tree;
    unsigned char *constant, *cursor = code_space_open_unit();
    struct node *root = parse(text, &tree);
    if (root == NULL)
        return -1;
    unsigned char *code = compile(root, &cursor, &constant);
    return code_space_seal_unit(cursor) ? function_at(code)(x, y) : -1;
}

static void show_arithmetic(void) {
    int64_t value = call_text("3*x + y/(x-1) - -7 % 4", 6, 100);
    expect(value == 41, "3*x + y/(x-1) - -7 % 4 for 6 and 100", "%lld", (long long)value);
    value = call_text("(((x)))*(0-1000000007)*y", 1 << 30, 1 << 30);
    expect(value == (int64_t)(0 - (1000000007ull << 60)), "arithmetic wraps", "%lld",
           (long long)value);
    static struct tree tree;
    expect(parse("3 + ", &tree) == NULL && parse("(x", &tree) == NULL &&
               parse("2 y", &tree) == NULL,
           "what is no expression is refused", "3 texts");
}

static void compile_everything(void) {
    static char text[8192];
    uint64_t seed = 20;
    size_t byte_count = 0;
    int sealed = 0;
    for (int unit = 0; unit < UNIT_COUNT; unit++) {
        unsigned char *constant, *start = code_space_open_unit(), *cursor = start;
        for (int index = unit * FUNCTIONS_PER_UNIT; index < (unit + 1) * FUNCTIONS_PER_UNIT;) {
            *write_random_expression(text, 6, &seed) = '\0';
            roots[index] = parse(text, &trees[index]);
            if (roots[index] != NULL)
                functions[index] = function_at(compile(roots[index], &cursor, &constant)), index++;
        }
        byte_count += (size_t)(cursor - start);
        sealed += code_space_seal_unit(cursor);
    }
    expect(sealed == UNIT_COUNT, "2,000 random functions compiled, in 20 units",
           "%zu bytes of code", byte_count);
    expect(code_space_growth_count() > UNIT_COUNT, "the code space grew by guard pages",
           "%u exceptions", code_space_growth_count());
}

static void compare_with_interpreter(void) {
    static const int64_t samples[] = {0, 1, -1, 2, 7, -13, 1000, 1ll << 40, INT64_MIN, INT64_MAX};
    int compared = 0, wrong = 0, traps = 0;
    unsigned before = division_trap_count();
    for (int index = 0; index < FUNCTION_COUNT; index++)
        for (int pair = 0; pair < 20; pair++) {
            int64_t x = samples[pair % 10], y = samples[(pair * 3 + index) % 10];
            int trapped = 0;
            int64_t expected = interpret(roots[index], x, y, &trapped);
            wrong += functions[index](x, y) != expected;
            traps += trapped;
            compared++;
        }
    unsigned ended = division_trap_count() - before;
    expect(wrong == 0, "each computes what the interpreter does", "%d calls, %d wrong", compared,
           wrong);
    expect(traps > 0 && ended == (unsigned)traps,
           "divisions by zero end a function by an exception", "%u of %d expected", ended, traps);
}

static void show_patching(void) {
    static struct tree tree;
    unsigned char *constant, *cursor = code_space_open_unit();
    compiled_function function = function_at(compile(parse("x * 1000", &tree), &cursor, &constant));
    code_space_seal_unit(cursor);
    int wrong = function(3, 0) != 3000;
    for (int64_t factor = 0; factor < 1000; factor++) {
        wrong += !code_space_patch(constant, &factor, sizeof(factor));
        wrong += function(3, 0) != 3 * factor;
    }
    expect(wrong == 0, "sealed code is patched 1,000 times, then run", "%d wrong", wrong);
}

static unsigned char *touched;
static volatile LONG refused_writes, refused_calls;

// What a violation of W^X looks like; the program goes on so that it can be counted.
static LONG WINAPI note_violation(EXCEPTION_POINTERS *exception) {
    const EXCEPTION_RECORD *record = exception->ExceptionRecord;
    DWORD old;
    if (record->ExceptionCode != EXCEPTION_ACCESS_VIOLATION ||
        record->ExceptionInformation[1] != (ULONG_PTR)touched)
        return EXCEPTION_CONTINUE_SEARCH;
    if (record->ExceptionInformation[0] == 1) {
        InterlockedIncrement(&refused_writes);
        return VirtualProtect(touched, 1, PAGE_READWRITE, &old) ? EXCEPTION_CONTINUE_EXECUTION
                                                                : EXCEPTION_CONTINUE_SEARCH;
    }
    if (record->ExceptionInformation[0] != 8)
        return EXCEPTION_CONTINUE_SEARCH;
    InterlockedIncrement(&refused_calls);
    exception->ContextRecord->Rax = 99;
    exception->ContextRecord->Rip = (DWORD64)sealed_return;
    return EXCEPTION_CONTINUE_EXECUTION;
}

static void show_enforcement(void) {
    static struct tree tree;
    unsigned char *constant, *start = code_space_open_unit(), *cursor = start;
    touched = compile(parse("x + y", &tree), &cursor, &constant);
    PVOID handler = AddVectoredExceptionHandler(1, note_violation);
    int64_t unsealed = function_at(touched)(1, 2);
    expect(unsealed == 99 && refused_calls == 1, "an open unit cannot be executed",
           "%d violation of kind 8", (int)refused_calls);
    code_space_seal_unit(cursor);
    *(volatile unsigned char *)touched = *touched;
    expect(refused_writes == 1, "a sealed unit cannot be written", "%d violation of kind 1",
           (int)refused_writes);
    RemoveVectoredExceptionHandler(handler);
    MEMORY_BASIC_INFORMATION run;
    DWORD old;
    VirtualProtect(touched, 1, PAGE_EXECUTE_READ, &old);
    VirtualQuery(touched, &run, sizeof(run));
    int64_t sum = function_at(touched)(1, 2);
    expect(sum == 3 && run.Protect == PAGE_EXECUTE_READ, "sealed again, it runs", "1 + 2 = %lld",
           (long long)sum);
}

int main(void) {
    report_title("jit: expressions to machine code, writable or executable but never both");
    if (!expect(code_space_create(), "64 MiB reserved for code, nothing committed", "one guard"))
        return report_status();
    unsigned char *cursor = code_space_open_unit();
    sealed_return = cursor;
    *cursor++ = 0xC3;
    expect(code_space_seal_unit(cursor) && install_division_handler(sealed_return),
           "a return instruction for code that is given up", "sealed");
    show_arithmetic();
    compile_everything();
    compare_with_interpreter();
    show_patching();
    show_enforcement();
    remove_division_handler();
    code_space_destroy();
    return report_status();
}
