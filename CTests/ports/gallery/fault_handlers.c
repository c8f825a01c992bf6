// Behaviour 7 (S25, S26): memory committed on the first read by a vectored handler; pages
// unprotected on the first write by the top-level filter alone; a device register emulated by
// changing the registers of the instruction that read it.
#ifdef __gnu_linux__
#error "the Linux branch (sigaction) is taken"
#elif defined(_WIN32)
#include <windows.h>
#endif

#include <string.h>
#include "../report.h"

#define PAGE ((SIZE_T)4096)
#define ARRAY_BYTES ((SIZE_T)1 << 30)

static char *array;
static volatile LONG commits, violations_of_other_kind;

// The whole array reads as zero; a page exists from the first time that it is looked at.
static LONG WINAPI commit_on_read(EXCEPTION_POINTERS *exception) {
    const EXCEPTION_RECORD *record = exception->ExceptionRecord;
    SIZE_T offset = record->ExceptionInformation[1] - (ULONG_PTR)array;
    if (record->ExceptionCode != EXCEPTION_ACCESS_VIOLATION || offset >= ARRAY_BYTES)
        return EXCEPTION_CONTINUE_SEARCH;
    if (record->ExceptionInformation[0] != 0 || record->NumberParameters != 2)
        InterlockedIncrement(&violations_of_other_kind);
    if (!VirtualAlloc(array + offset, 1, MEM_COMMIT, PAGE_READONLY))
        return EXCEPTION_CONTINUE_SEARCH;
    InterlockedIncrement(&commits);
    return EXCEPTION_CONTINUE_EXECUTION;
}

static void show_commit_on_read(void) {
    array = VirtualAlloc(NULL, ARRAY_BYTES, MEM_RESERVE, PAGE_NOACCESS);
    PVOID handler = AddVectoredExceptionHandler(1, commit_on_read);
    long long sum = 0;
    SetLastError(4711);
    for (int pass = 0; pass < 2; pass++)
        for (SIZE_T offset = 123; offset < ARRAY_BYTES; offset += ARRAY_BYTES / 100)
            sum += ((volatile char *)array)[offset];
    DWORD error = GetLastError();
    expect(sum == 0 && commits == 100, "100 pages of 1 GiB committed by reading",
           "%d commits in two passes", (int)commits);
    expect(violations_of_other_kind == 0, "each was a read violation with two parameters",
           "%d were not", (int)violations_of_other_kind);
    expect(error == 4711, "the last error is untouched by all that", "%u", (unsigned)error);
    int removed = RemoveVectoredExceptionHandler(handler) != 0;
    expect(removed && !RemoveVectoredExceptionHandler(handler), "the handler is removed once",
           "then unknown");
    VirtualFree(array, 0, MEM_RELEASE);
}

static char *card_table;
static volatile LONG unprotected;

static LONG WINAPI unprotect_on_write(EXCEPTION_POINTERS *exception) {
    const EXCEPTION_RECORD *record = exception->ExceptionRecord;
    char *address = (char *)record->ExceptionInformation[1];
    DWORD old;
    if (record->ExceptionCode != EXCEPTION_ACCESS_VIOLATION ||
        record->ExceptionInformation[0] != 1 || address < card_table ||
        address >= card_table + 16 * PAGE)
        return EXCEPTION_CONTINUE_SEARCH;
    if (!VirtualProtect(address, 1, PAGE_READWRITE, &old) || old != PAGE_READONLY)
        return EXCEPTION_CONTINUE_SEARCH;
    InterlockedIncrement(&unprotected);
    return EXCEPTION_CONTINUE_EXECUTION;
}

static void show_filter(void) {
    card_table = VirtualAlloc(NULL, 16 * PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_READONLY);
    LPTOP_LEVEL_EXCEPTION_FILTER before = SetUnhandledExceptionFilter(unprotect_on_write);
    note("top-level filter before ours", "%s", before ? "the C library's" : "none");
    memset(card_table + PAGE / 2, 0x33, 8 * PAGE);
    expect(unprotected == 9 && card_table[8 * PAGE] == 0x33,
           "the filter alone unprotects what is written", "%d of 16 pages", (int)unprotected);
    LPTOP_LEVEL_EXCEPTION_FILTER ours = SetUnhandledExceptionFilter(before);
    expect(ours == unprotect_on_write, "setting it back answers ours", "%s",
           ours == unprotect_on_write ? "the same function" : "another");
    VirtualFree(card_table, 0, MEM_RELEASE);
}

#if defined(__x86_64__)
static unsigned char *device, *code;

// The registers of the device count up; there is no memory behind them.
static LONG WINAPI emulate_device(EXCEPTION_POINTERS *exception) {
    static DWORD64 counter = 1000;
    CONTEXT *context = exception->ContextRecord;
    if (context->Rip != (DWORD64)code || context->Rcx < (DWORD64)device ||
        context->Rcx >= (DWORD64)device + PAGE)
        return EXCEPTION_CONTINUE_SEARCH;
    context->Rax = counter++;
    context->Rip += 2; // over the load
    return EXCEPTION_CONTINUE_EXECUTION;
}

static void show_device(void) {
    // mov eax, [rcx]; ret. Generated code expects its arguments as on Windows, hence ms_abi.
    static const unsigned char load[] = {0x8B, 0x01, 0xC3};
    typedef DWORD(__attribute__((ms_abi)) * load_function)(const void *);
    DWORD old;
    device = VirtualAlloc(NULL, PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_NOACCESS);
    code = VirtualAlloc(NULL, PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    memcpy(code, load, sizeof(load));
    VirtualProtect(code, PAGE, PAGE_EXECUTE_READ, &old);
    FlushInstructionCache(GetCurrentProcess(), code, sizeof(load));
    load_function read_register;
    memcpy(&read_register, &code, sizeof(code));
    PVOID handler = AddVectoredExceptionHandler(0, emulate_device);
    DWORD first = read_register(device), second = read_register(device + 8);
    expect(first == 1000 && second == 1001, "a load from a device gets its value from the handler",
           "%u, %u", (unsigned)first, (unsigned)second);
    RemoveVectoredExceptionHandler(handler);
    VirtualFree(code, 0, MEM_RELEASE);
    VirtualFree(device, 0, MEM_RELEASE);
}
#endif

int main(void) {
    report_title("fault handlers: memory that is made, opened and emulated by exceptions");
    show_commit_on_read();
    show_filter();
#if defined(__x86_64__)
    show_device();
#else
    note("a device emulated through CONTEXT", "only written for x86-64");
#endif
    return report_status();
}
