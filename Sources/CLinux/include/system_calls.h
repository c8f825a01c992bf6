// System calls and constants in a form that Swift can import. Results are the kernel's: zero or an
// address on success, a negated errno on failure. errno itself is left as it was found: the callers
// of this library do not expect VirtualAlloc to change it.
#ifndef WIN32MEMORY_SYSTEM_CALLS_H
#define WIN32MEMORY_SYSTEM_CALLS_H

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/single_threaded.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "machine.h"

// Linux 4.17; older headers do not have it.
#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000
#endif
// Linux 6.13; Debian 12's headers do not have them yet.
#define KERNEL_MADV_GUARD_INSTALL 102
#define KERNEL_MADV_GUARD_REMOVE 103
#define KERNEL_MADV_WILLNEED 3
#define KERNEL_MADV_DONTNEED 4
#define KERNEL_MADV_FREE 8
#define KERNEL_MADV_HUGEPAGE 14
#define KERNEL_MADV_NOHUGEPAGE 15
#define KERNEL_MADV_COLD 20
#define KERNEL_MADV_PAGEOUT 21
#define KERNEL_MADV_DONTDUMP 16
#define KERNEL_MADV_DODUMP 17
#define KERNEL_MADV_WIPEONFORK 18
// Linux 5.14.
#define KERNEL_MADV_POPULATE_READ 22
#define KERNEL_MADV_POPULATE_WRITE 23
#define KERNEL_PROT_NONE 0
#define KERNEL_PROT_READ 1
#define KERNEL_PROT_WRITE 2
#define KERNEL_PROT_EXEC 4

/// mprotect(2) and madvise(2).
static inline int kernel_protect(uintptr_t address, size_t byte_count, int protection) {
    return (int)machine_call_3(SYS_mprotect, (long)address, (long)byte_count, protection);
}

static inline int kernel_advise(uintptr_t address, size_t byte_count, int advice) {
    return (int)machine_call_3(SYS_madvise, (long)address, (long)byte_count, advice);
}

/// Anonymous private memory: where the kernel chooses; exactly at `address`, replacing nothing; or there,
/// replacing whatever is there. `protection` is KERNEL_PROT_*.
intptr_t kernel_map_anywhere(size_t byte_count, int protection);
intptr_t kernel_map_exactly(uintptr_t address, size_t byte_count, int protection);
intptr_t kernel_map_over(uintptr_t address, size_t byte_count, int protection);
int kernel_unmap(uintptr_t address, size_t byte_count);
int kernel_lock(uintptr_t address, size_t byte_count);
int kernel_unlock(uintptr_t address, size_t byte_count);

/// Zeroed memory, or a null pointer.
void *map_zeroed(size_t byte_count);

void kernel_yield(void);

/// Reads the beginning of the file at `path`, at most `byte_count` bytes. Returns the bytes read or a
/// negated errno.
intptr_t kernel_read_file(const char *path, void *buffer, size_t byte_count);

static inline void kernel_change_signal_mask(int how, const uint64_t *set, uint64_t *saved) {
    machine_call_4(SYS_rt_sigprocmask, how, (long)set, (long)saved, sizeof *set);
}

/// Blocks every signal for this thread but SIGSYS, by which a sandbox answers system calls; `saved`
/// receives the signals that were blocked before.
static inline void kernel_block_signals(uint64_t *saved) {
    const int block = 0; // SIG_BLOCK of the kernel, whose sets have eight bytes
    const int sandbox_signal = 31;
    uint64_t set = ~(UINT64_C(1) << (sandbox_signal - 1));
    kernel_change_signal_mask(block, &set, saved);
}

static inline void kernel_restore_signals(const uint64_t *saved) {
    const int set = 2; // SIG_SETMASK
    kernel_change_signal_mask(set, saved, NULL);
}

/// Whether the process has, or had lately, more than one thread that the C library knows.
static inline int process_has_threads(void) {
    return !__libc_single_threaded;
}

/// Makes the kernel keep the contents of a committed page that it was free to drop, if they are
/// still there: writes to the page without changing a byte, whatever its protection. Returns 1 if
/// the contents are kept; 0 if the kernel has dropped them, or does not say.
int kernel_keep_page(uintptr_t address, int is_writable);

/// Writes one line to standard error.
void kernel_complain(const char *text, size_t byte_count);

#endif
