// Finds the mapping at an address, and the pages with contents (/proc/self/pagemap). Asks the
// kernel (PROCMAP_QUERY, Linux 6.11, or the text of /proc/self/maps); without /proc, or in a
// sandbox, tries pages.
#ifndef WIN32MEMORY_FOREIGN_MAPPINGS_H
#define WIN32MEMORY_FOREIGN_MAPPINGS_H

#include <stdint.h>

/// One mapping of this process, whoever made it. Addresses in bytes, `end` exclusive.
struct kernel_mapping {
    uint64_t start;
    uint64_t end;
    uint64_t inode;
    uint64_t device;
    uint32_t protection; ///< KERNEL_PROT_*
    uint32_t is_shared;  ///< MAP_SHARED
};

/// Opens the kernel's list of mappings. Returns a descriptor, or a negated errno. Do not keep the
/// descriptor: after a fork it shows the parent's mappings, and the program may close it and reuse
/// its number.
intptr_t kernel_open_mappings(void);
/// The mapping that contains `address`, or else the next one above it. `file` is what
/// kernel_open_mappings returned, an error included. Signal-safe.
/// Returns 0, or -ENOENT if nothing is mapped there or above.
int kernel_mapping_in(intptr_t file, uintptr_t address, struct kernel_mapping *mapping);
/// Same as `kernel_mapping_in`, from an open list only: asks for one entry or reads the text. Fails
/// with a negated errno if both are refused.
int kernel_mapping_listed(intptr_t file, uintptr_t address, struct kernel_mapping *mapping);
/// Same, for a process that has no free descriptor. Fails if no thread can be created.
int kernel_mapping_by_spare_descriptor(uintptr_t address, struct kernel_mapping *mapping);
/// Same, by trying pages. The answer begins with the page of `address`, if that is mapped, and has
/// at most 16 pages. Executable pages are recognised only in program images. About 100 system
/// calls.
int kernel_probe_mapping(uintptr_t address, struct kernel_mapping *mapping);
/// Same, without the check that this process has mappings: `file` may be the list of another process.
int kernel_mapping_in_list(intptr_t file, uintptr_t address, struct kernel_mapping *mapping);
/// Opens the list at `path`. Returns a descriptor, or a negated errno.
intptr_t kernel_open_list(const char *path);
void kernel_close_mappings(intptr_t file);
/// Opens the list, searches for one address, and closes the list.
int kernel_mapping_at_or_after(uintptr_t address, struct kernel_mapping *mapping);

/// Asks the kernel to take every page of this process out of RAM, if it can be read back. Does nothing
/// without /proc.
void kernel_page_out_everything(void);

/// An address in the stack of the main thread; zero if the kernel does not say.
uintptr_t main_stack_address(void);
/// The most bytes that the main stack may have.
uint64_t main_stack_byte_count(void);
/// How far below its end the main stack may grow, including the gap that the kernel keeps below it.
uint64_t main_stack_reach(void);

/// Sets bit i of `bits` if page i from `address` on is in RAM or in swap; `page_count` is at
/// most 64. Returns 0, or a negated errno.
int kernel_present_pages(uintptr_t address, uint32_t page_count, uint64_t *bits);

/// Opens the kernel's description of the pages of this process (/proc/self/pagemap). Returns a descriptor,
/// or a negated errno. Close it with kernel_close_mappings.
intptr_t kernel_open_pages(void);

#define KERNEL_PAGE_ABSENT 0
/// In RAM, and of a file or shared memory.
#define KERNEL_PAGE_OF_FILE 1
/// In RAM, and this process's own.
#define KERNEL_PAGE_PRIVATE 2
/// In RAM; the kernel does not say which of the two.
#define KERNEL_PAGE_PRESENT 3
/// KERNEL_PAGE_*, for the page of an address. `file` is what kernel_open_pages returned, an error
/// included.
int kernel_page_presence(intptr_t file, uintptr_t address);

#endif
