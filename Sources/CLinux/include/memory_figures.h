// The memory that the process and the machine have and use.
#ifndef WIN32MEMORY_MEMORY_FIGURES_H
#define WIN32MEMORY_MEMORY_FIGURES_H

#include <stdint.h>

/// Bytes of address space that are mapped in this process; zero if the kernel does not say.
uint64_t process_mapped_byte_count(void);

/// Bytes of address space that the process may map at most; UINT64_MAX without a limit.
uint64_t process_address_limit(void);

/// Memory of the machine in bytes. `available_ram` is available without swapping.
struct machine_memory {
    uint64_t total_ram;
    uint64_t available_ram;
    uint64_t total_swap;
};
void machine_memory_now(struct machine_memory *memory);

/// Memory of this process that is in RAM, in bytes, and page faults since its start.
struct process_memory {
    uint64_t resident;
    uint64_t peak_resident;
    uint64_t private_resident; ///< anonymous pages only
    uint64_t page_faults;
};
void process_memory_now(struct process_memory *memory);

/// Call in the child of a fork, which has a peak of its own.
void process_forget_peak(void);

/// Lets the process lock `byte_count` bytes (RLIMIT_MEMLOCK), as far as its hard limit allows. Never lowers
/// the limit.
void process_raise_lock_limit(uint64_t byte_count);

#endif
