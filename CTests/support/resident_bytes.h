// How much memory the process has in RAM, from /proc/self/statm. Linux only.
#ifndef RESIDENT_BYTES_H
#define RESIDENT_BYTES_H

#include "memory_checks.h"

#include <fcntl.h>
#include <unistd.h>

static inline SIZE_T resident_bytes(void) {
    char text[128] = "";
    int file = open("/proc/self/statm", O_RDONLY);
    CHECK(file >= 0 && read(file, text, sizeof text - 1) > 0);
    close(file);
    char *second_number = strchr(text, ' ');
    return second_number ? (SIZE_T)strtoull(second_number, NULL, 10) * page_size : 0;
}

#endif
