// Resident memory as Windows counts it: the working set (link with psapi).
#include "resident.h"

#include <windows.h>

#include <psapi.h>

size_t resident_bytes(void) {
    PROCESS_MEMORY_COUNTERS counters;
    if (!GetProcessMemoryInfo(GetCurrentProcess(), &counters, sizeof counters))
        return 0;
    return counters.WorkingSetSize;
}
