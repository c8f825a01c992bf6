// What a port prints: a title, then a line for each thing done with what came of it. A broken
// expectation is marked, and makes the program end with status 1. Not part of what is ported.
#ifndef REPORT_H
#define REPORT_H

#include <stdarg.h>
#include <stdio.h>

static int report_broken_count;

#ifdef __MINGW_PRINTF_FORMAT
#define REPORT_PRINTF(text, first) __attribute__((format(__MINGW_PRINTF_FORMAT, text, first)))
#else
#define REPORT_PRINTF(text, first) __attribute__((format(printf, text, first)))
#endif

static inline void report_title(const char *title) {
    printf("%s\n", title);
}

static inline void report_line(const char *mark, const char *what, const char *format,
                               va_list arguments) {
    printf("  %-6s %-56s ", mark, what);
    vprintf(format, arguments);
    printf("\n");
    fflush(stdout);
}

// One line of the table; `holds` is what the program relies on.
REPORT_PRINTF(3, 4)
static inline int expect(int holds, const char *what, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    report_line(holds ? "ok" : "BROKEN", what, format, arguments);
    va_end(arguments);
    report_broken_count += !holds;
    return holds;
}

// One line about what is here and what is not: both are good.
REPORT_PRINTF(2, 3)
static inline void note(const char *what, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    report_line("-", what, format, arguments);
    va_end(arguments);
}

// The exit status of main.
static inline int report_status(void) {
    printf("  %s\n", report_broken_count ? "BROKEN" : "all as expected");
    return report_broken_count != 0;
}

#endif
