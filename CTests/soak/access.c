#include "access.h"

#include <sys/uio.h>
#include <unistd.h>

__thread struct raised raised;

// Each begins with the access, and the handler knows by the instruction's place that it is one.
__asm__(".pushsection .text\n"
        ".globl access_load, access_store, access_exchange, access_call\n"
        "access_begin:\n"
        "access_load:\n"
        "    mov (%rdi), %rax\n"
        "    mov %rax, (%rsi)\n"
        "    mov $1, %eax\n"
        "    ret\n"
        "access_store:\n"
        "    mov %rsi, (%rdi)\n"
        "    mov $1, %eax\n"
        "    ret\n"
        "access_exchange:\n"
        "    mov (%rsi), %rax\n"
        "    xchg %rax, (%rdi)\n"
        "    mov %rax, (%rsi)\n"
        "    mov $1, %eax\n"
        "    ret\n"
        "access_end:\n"
        "access_call:\n"
        "    mov $8, %eax\n" // zeros are an addition to the byte at rax, which is refused
        "    call *%rdi\n"
        "access_called:\n"
        "    mov $1, %eax\n"
        "    ret\n"
        "access_refused:\n"
        "    xor %eax, %eax\n"
        "    ret\n"
        ".popsection\n");
extern const char access_begin[] __asm__("access_begin"), access_end[] __asm__("access_end");
extern const char access_called[] __asm__("access_called");
extern const char access_refused[] __asm__("access_refused");
int access_load(ULONG_PTR, uint64_t *);
int access_store(ULONG_PTR, uint64_t);
int access_exchange(ULONG_PTR, uint64_t *);
int access_call(ULONG_PTR);

// An instruction that cannot be fetched has the return address of the call on the stack. What was
// fetched and is zeros went through.
static LONG CALLBACK on_exception(EXCEPTION_POINTERS *exception) {
    const EXCEPTION_RECORD *record = exception->ExceptionRecord;
    CONTEXT *context = exception->ContextRecord;
    int is_data = context->Rip >= (ULONG_PTR)access_begin && context->Rip < (ULONG_PTR)access_end;
    int is_fetch = !is_data && *(ULONG_PTR *)context->Rsp == (ULONG_PTR)access_called;
    if (!is_data && !is_fetch)
        return EXCEPTION_CONTINUE_SEARCH;
    raised.kind = record->ExceptionInformation[0];
    raised.address = record->ExceptionInformation[1];
    if (record->ExceptionCode == (DWORD)STATUS_GUARD_PAGE_VIOLATION) {
        raised.guards++;
        return EXCEPTION_CONTINUE_EXECUTION;
    }
    if (record->ExceptionCode == (DWORD)STATUS_ACCESS_VIOLATION)
        raised.violations++;
    else
        raised.others++;
    int executed_zeros = is_fetch && record->ExceptionInformation[1] == 8;
    if (executed_zeros)
        raised.violations--;
    context->Rip = (ULONG_PTR)(executed_zeros ? access_called : access_refused);
    context->Rsp += is_fetch ? 8 : 0;
    return EXCEPTION_CONTINUE_EXECUTION;
}

void catch_accesses(void) {
    AddVectoredExceptionHandler(1, on_exception);
}

int try_load(ULONG_PTR address, uint64_t *word) {
    return access_load(address, word);
}

int try_store(ULONG_PTR address, uint64_t word) {
    return access_store(address, word);
}

int try_exchange(ULONG_PTR address, uint64_t *word) {
    return access_exchange(address, word);
}

int try_call(ULONG_PTR address) {
    return access_call(address);
}

int copy_load(ULONG_PTR address, uint64_t *word) {
    struct iovec here = {word, sizeof *word}, there = {(void *)address, sizeof *word};
    return process_vm_readv(getpid(), &here, 1, &there, 1, 0) == sizeof *word;
}

int copy_store(ULONG_PTR address, uint64_t word) {
    struct iovec here = {&word, sizeof word}, there = {(void *)address, sizeof word};
    return process_vm_writev(getpid(), &here, 1, &there, 1, 0) == sizeof word;
}
