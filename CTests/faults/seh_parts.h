// Shared by the conformance programs for __try. Each test notes a path of letters: b in a body, f in a
// filter, h in a handler, a or n in a __finally block (abnormal termination or not), ! at places that
// must not be reached.
#ifndef SEH_PARTS_H
#define SEH_PARTS_H

#include "seh_trace.h"

#define SEPARATE static __attribute__((noinline, unused))
#define CODE 0xE0000001u
#define END_OF_BLOCK note(AbnormalTermination() ? 'a' : 'n')

// Also begins the next path.
#define CHECK_PATH(expected)                                                                       \
    do {                                                                                           \
        CHECK_TRACE(expected);                                                                     \
        begin_trace();                                                                             \
    } while (0)

// Always true, but the compiler does not know it.
static volatile int yes __attribute__((unused)) = 1;

static BYTE *volatile bad_address __attribute__((unused)) = (BYTE *)16;

SEPARATE void raise(void) {
    RaiseException(CODE, 0, 0, NULL);
}
SEPARATE void fault(void) {
    write_byte(bad_address, 1);
}
// Calls `work` in a body with a __finally block.
SEPARATE void with_block(void (*work)(void)) {
    __try {
        work();
    } __finally {
        END_OF_BLOCK;
    }
}

#endif
