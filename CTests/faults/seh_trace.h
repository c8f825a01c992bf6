// What the tests of __try share: a trace of letters, and a fault that is frames away.
#ifndef SEH_TRACE_H
#define SEH_TRACE_H

#include "exception_log.h"

static char trace[64];

static inline int note(char letter) {
    size_t length = strlen(trace);
    if (length + 1 < sizeof trace) {
        trace[length] = letter;
        trace[length + 1] = 0;
    }
    return 1;
}
#define CHECK_TRACE(expected) check_true(__FILE__, __LINE__, strcmp(trace, expected) == 0, trace)

static inline void begin_trace(void) {
    trace[0] = 0;
}

// Through the registers of a function call, so that the fault is frames away from the __try.
static __attribute__((noinline, unused)) void write_through_calls(BYTE *address, BYTE value,
                                                                  int depth) {
    volatile BYTE frame[200];
    frame[depth % 200] = value;
    if (depth > 0)
        write_through_calls(address, value, depth - 1);
    else
        write_byte(address, frame[0]);
    CHECK_EQUAL(frame[depth % 200], value);
}

#endif
