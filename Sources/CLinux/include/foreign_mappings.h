// What is mapped at an address, and which pages it holds (/proc/self/pagemap). The kernel says so
// (PROCMAP_QUERY, Linux 6.11, or the text of /proc/self/maps); where it cannot be asked, without /proc or
// in a sandbox, it is found out by trying.
#ifndef WIN32MEMORY_FOREIGN_MAPPINGS_H
#define WIN32MEMORY_FOREIGN_MAPPINGS_H

#include <stdint.h>

/// One mapping of this process, whoever made it. Addresses in bytes, `end` exclusive.
struct kernel_mapping {
    uint64_t start;
    uint64_t end;
    uint64_t offset;
    uint64_t inode;
    uint64_t device;
    uint32_t protection; ///< KERNEL_PROT_*
    uint32_t is_shared;  ///< MAP_SHARED
};

/// Opens the kernel's list of mappings. Returns a descriptor, or a negated errno. Not to be kept: after
/// fork it would be the parent's, and anybody's after a program closed what it did not know.
intptr_t kernel_open_mappings(void);
/// The mapping that contains `address`, or else the next one above it. `file` is what
/// kernel_open_mappings returned, an error included. Signal-safe.
/// Returns 0, or -ENOENT if nothing is mapped there or above.
int kernel_mapping_in(intptr_t file, uintptr_t address, struct kernel_mapping *mapping);
/// The same out of an open list alone, by asking for one entry or by reading the text. Fails with a
/// negated errno if both are refused.
int kernel_mapping_listed(intptr_t file, uintptr_t address, struct kernel_mapping *mapping);
/// The same without a descriptor to spare. Fails if no thread can be made.
int kernel_mapping_by_spare_descriptor(uintptr_t address, struct kernel_mapping *mapping);
/// The same by trying. The answer begins with the page of `address`, if that is mapped, and goes on for
/// at most 16 pages; execution is known of program images alone. About 100 system calls.
int kernel_probe_mapping(uintptr_t address, struct kernel_mapping *mapping);
void kernel_close_mappings(intptr_t file);
/// The three for one address.
int kernel_mapping_at_or_after(uintptr_t address, struct kernel_mapping *mapping);

/// An address in the stack of the main thread; zero if the kernel does not say.
uintptr_t main_stack_address(void);
/// The most bytes that it may have.
uint64_t main_stack_byte_count(void);
/// How far below its end that stack may grow, with the distance that the kernel keeps below it.
uint64_t main_stack_reach(void);

/// Sets bit i of `bits` if page i from `address` on is in RAM or in swap; `page_count` is at
/// most 64. Returns 0, or a negated errno.
int kernel_present_pages(uintptr_t address, uint32_t page_count, uint64_t *bits);

#endif
