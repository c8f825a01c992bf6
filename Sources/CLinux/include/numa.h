// NUMA nodes, from /sys and through mbind(2).
#ifndef WIN32MEMORY_NUMA_H
#define WIN32MEMORY_NUMA_H

#include <stddef.h>
#include <stdint.h>

/// Reads the list of processors of a node, such as "0-3,8". Returns the bytes read or a negated
/// errno.
intptr_t numa_node_processors(uint32_t node, void *buffer, size_t byte_count);

/// Makes the kernel prefer a node for new pages of a range.
int kernel_prefer_node(uintptr_t address, size_t byte_count, uint32_t node);

/// The processor that the calling thread runs on at this moment.
uint32_t processor_number(void);

#endif
