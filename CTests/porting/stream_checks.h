// Standard error as something else for a while.
#ifndef STREAM_CHECKS_H
#define STREAM_CHECKS_H

#include "check.h"

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

static inline const char *read_text(int file) {
    static char text[4096];
    ssize_t count = read(file, text, sizeof text - 1);
    text[count > 0 ? count : 0] = 0;
    return text;
}

#endif
