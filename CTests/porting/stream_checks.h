// Standard error as something else for a while.
#ifndef STREAM_CHECKS_H
#define STREAM_CHECKS_H

#include "check.h"

#include <poll.h>

#define FOREIGN ((HANDLE)0x12345678)

static inline HANDLE error_handle(void) {
    return GetStdHandle(STD_ERROR_HANDLE);
}

// Makes `file` standard error, and gives a copy of what it was.
static inline int redirect(int file) {
    int before = dup(STDERR_FILENO);
    dup2(file, STDERR_FILENO);
    close(file);
    return before;
}

static inline void redirect_back(int before) {
    dup2(before, STDERR_FILENO);
    close(before);
}

// All that has been written to the other end of `file`. A terminal gives it in pieces, and a little later.
static inline const char *read_text(int file) {
    static char text[4096];
    size_t length = 0;
    ssize_t count = 1;
    struct pollfd end = {.fd = file, .events = POLLIN};
    while (count > 0 && poll(&end, 1, 100) > 0) {
        count = read(file, text + length, sizeof text - 1 - length);
        length += count > 0 ? (size_t)count : 0;
    }
    text[length] = 0;
    return text;
}

#endif
