/* Advice 2: the standard formats fit our types without a warning; %I64u does not exist here. */
#include <windows.h>
#include <stdio.h>

void print_each(const SYSTEM_INFO *system, const MEMORYSTATUSEX *memory, LARGE_INTEGER ticks);
void print_each(const SYSTEM_INFO *system, const MEMORYSTATUSEX *memory, LARGE_INTEGER ticks) {
    ULONG unsigned_long = 1;
    LONG signed_long = -1;
    SIZE_T size = 1;
    printf("%u %x\n", system->dwPageSize, system->dwAllocationGranularity);
    printf("%llu %llu\n", memory->ullTotalPhys, memory->ullAvailVirtual);
    printf("%lld\n", ticks.QuadPart);
    printf("%u %d %zu %p\n", unsigned_long, signed_long, size, system->lpMaximumApplicationAddress);
}
