// The memory of this process and of others, copied without faults.
#ifndef WIN32MEMORY_PROCESS_ACCESS_H
#define WIN32MEMORY_PROCESS_ACCESS_H

#include <stddef.h>
#include <stdint.h>

/// Names this process. Other values are process identifiers.
#define KERNEL_OWN_PROCESS 0

/// Copies `byte_count` bytes from (or to) `there` in `process`; `here` is in this process. Both may be
/// unmapped or protected at any moment. The copy ends at the first byte, here or there, that cannot be
/// accessed. Returns the bytes copied, or a negated errno: -EPERM if the kernel does not allow the access,
/// -ESRCH if the process has ended.
intptr_t kernel_copy_from_process(uint32_t process, uintptr_t here, uintptr_t there,
                                  size_t byte_count);
intptr_t kernel_copy_to_process(uint32_t process, uintptr_t here, uintptr_t there,
                                size_t byte_count);

/// Returns 1 if every page of the range can be read in another process, 0 if not, or a negated errno as
/// above.
int kernel_can_read_process(uint32_t process, uintptr_t address, size_t byte_count);

/// Same as kernel_copy_to_process, for pages of another process that cannot be written but executed, as
/// debuggers do it.
intptr_t kernel_patch_process(uint32_t process, uintptr_t here, uintptr_t there, size_t byte_count);

/// Opens the list of mappings of another process, for kernel_mapping_in_list. Returns a descriptor, or a
/// negated errno.
intptr_t kernel_open_mappings_of(uint32_t process);

/// Asks the kernel to bring pages into RAM before they are used. They may be unmapped.
void kernel_prefetch(uint32_t process, uintptr_t address, size_t byte_count);

/// The lower half of the time when a process began. Two processes that have had the same identifier
/// differ in it. Returns 0 if the kernel does not say.
uint32_t kernel_process_start(uint32_t process);

/// Whether `process` identifies a process, and this one may send it signals. Returns 0 or a negated
/// errno: -ESRCH if there is no such process (a thread is none), -EPERM if it belongs to another user.
int kernel_find_process(uint32_t process);

#endif
