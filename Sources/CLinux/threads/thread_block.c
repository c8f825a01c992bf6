// What a thread's TEB and the PEB tell. Programs read them through NtCurrentTeb.
#define _GNU_SOURCE
#include "CLinux.h"

#include <elf.h>
#include <sys/auxv.h>
#include <windows.h>

#include <winternl.h>

// Zero until a thread first asks for its TEB. Every thread that comes meanwhile stores the same.
static PEB process_block;

// The first page of the program, without the loader, which takes a lock.
static uintptr_t program_base(void) {
    uintptr_t table = getauxval(AT_PHDR);
    size_t count = getauxval(AT_PHNUM);
    const Elf64_Phdr *headers = (const Elf64_Phdr *)table;
    uintptr_t bias = 0, first = ~(uintptr_t)0;
    int is_placed = 0;
    for (size_t i = 0; i < count; i++) {
        if (headers[i].p_type == PT_PHDR) {
            bias = table - headers[i].p_vaddr;
            is_placed = 1;
        } else if (headers[i].p_type == PT_LOAD && headers[i].p_vaddr < first) {
            first = headers[i].p_vaddr;
        }
    }
    // Without PT_PHDR the table is in the first page.
    return PAGE_START(is_placed ? bias + first : table);
}

static void fill_process_block(void) {
    if (__atomic_load_n(&process_block.ImageBaseAddress, __ATOMIC_ACQUIRE))
        return;
    uint64_t mask;
    process_block.NumberOfProcessors = process_processors(&mask);
    process_block.BeingDebugged = (BYTE)process_is_traced();
    __atomic_store_n(&process_block.ImageBaseAddress, (void *)program_base(), __ATOMIC_RELEASE);
}

void fill_thread_block(void *opaque_block) {
    TEB *block = opaque_block;
    uintptr_t low = 0, high = 0;
    int saved_errno = errno;
    fill_process_block();
    thread_stack_limits(&low, &high);
    block->NtTib.StackBase = (void *)high;
    block->NtTib.StackLimit = (void *)low;
    block->ClientId.UniqueProcess = (HANDLE)(uintptr_t)process_identifier();
    block->ClientId.UniqueThread = (HANDLE)(uintptr_t)win32memory_thread_identifier();
    block->ProcessEnvironmentBlock = &process_block;
    block->TlsExpansionSlots = (void **)opaque_block + THREAD_BLOCK_EXPANSION_WORD;
    // Stored last, because a signal handler may read it at any moment.
    __atomic_store_n(&block->NtTib.Self, &block->NtTib, __ATOMIC_RELEASE);
    errno = saved_errno;
}

int thread_block_is_filled(const void *block) {
    return __atomic_load_n(&((const TEB *)block)->NtTib.Self, __ATOMIC_ACQUIRE) != NULL;
}
