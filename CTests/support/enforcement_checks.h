// Checks that the processor lets a program do with each page just what VirtualQuery says: that
// the library's book and the kernel agree.
#ifndef ENFORCEMENT_CHECKS_H
#define ENFORCEMENT_CHECKS_H

#include "fault_probe.h"
#include "memory_checks.h"

// Guarded pages are left out: to touch one is to change it.
static inline void check_enforced(const char *file, int line, const BYTE *base, SIZE_T byte_count) {
    for (SIZE_T offset = 0; offset < byte_count; offset += page_size) {
        MEMORY_BASIC_INFORMATION region = region_at(base + offset);
        if (region.State == MEM_COMMIT && (region.Protect & PAGE_GUARD) != 0)
            continue;
        int is_committed = region.State == MEM_COMMIT;
        int reads = is_committed && (region.Protect & PAGE_NOACCESS) == 0;
        int writes =
            is_committed && (region.Protect & (PAGE_READWRITE | PAGE_EXECUTE_READWRITE)) != 0;
        if (faults_on_read(base + offset) == reads)
            check_failed(file, line, "reading at %p: expected %s of state 0x%x protection 0x%x",
                         (const void *)(base + offset), reads ? "success" : "a fault",
                         (unsigned)region.State, (unsigned)region.Protect);
        if (faults_on_write(base + offset) == writes)
            check_failed(file, line, "writing at %p: expected %s of state 0x%x protection 0x%x",
                         (const void *)(base + offset), writes ? "success" : "a fault",
                         (unsigned)region.State, (unsigned)region.Protect);
    }
}
#define CHECK_ENFORCED(base, byte_count) check_enforced(__FILE__, __LINE__, base, byte_count)

#endif
