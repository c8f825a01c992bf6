// Resident memory from /proc/self/statm, whose second number is in pages (proc(5)).
#include "resident.h"

#include <stdio.h>
#include <unistd.h>

size_t resident_bytes(void) {
    unsigned long total_pages = 0, resident_pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file)
        return 0;
    int read = fscanf(file, "%lu %lu", &total_pages, &resident_pages);
    fclose(file);
    return read == 2 ? resident_pages * (size_t)sysconf(_SC_PAGESIZE) : 0;
}
