// The other side of the rows: what an expert would write by hand on Linux. The build takes
// bare_linux.c, or bare_absent.c where there are no such calls (the same programs under Wine).
// Byte counts are whole pages. A call that fails ends the program, except bare_try_commit.
#ifndef BARE_H
#define BARE_H

#include <stdbool.h>
#include <stddef.h>

bool bare_is_present(void);
// Whether the kernel answers what is mapped at an address without a file being parsed (6.11 on).
bool bare_can_query(void);

// Keeps the calling thread on one processor, so that threads of a short row run side by side and not
// one after the other on the processor that woke them. Numbers beyond the last begin again.
void bare_stay_on_processor(unsigned number);

// Mappings that the process has; at vm.max_map_count the kernel makes no more.
size_t bare_mapping_count(void);

// Adds an ordinary mapping next to the place of the kernel's next mapping, so that bare calls meet the same
// conditions as in a program without this library. Next to a mapping of ours, with which the kernel cannot
// merge it, a new mapping would take a quarter less time.
void bare_add_neighbour(void);

void *bare_reserve(size_t byte_count);
// Reserves and makes accessible in one call.
void *bare_allocate(size_t byte_count);
void *bare_allocate_executable(size_t byte_count);
void bare_commit(void *address, size_t byte_count);
bool bare_try_commit(void *address, size_t byte_count);
// Two ways to give memory back so that later accesses fault.
void bare_decommit_by_mapping(void *address, size_t byte_count);
void bare_decommit_by_advice(void *address, size_t byte_count);
void bare_release(void *base, size_t byte_count);
void bare_make_read_only(void *address, size_t byte_count);
void bare_make_executable(void *address, size_t byte_count);
void bare_make_writable(void *address, size_t byte_count);
void bare_reset(void *address, size_t byte_count);
// The length of the mapping that holds `address`, or follows it, from `address` on.
size_t bare_query(const void *address);

#endif
