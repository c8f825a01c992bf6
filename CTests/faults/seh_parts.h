// What the parts of the conformance programs for __try share. Each part leaves a path of letters: b in
// a body, f in a filter, h in a handler, a or n in a __finally block (abnormal or not), ! where no
// path leads.
#ifndef SEH_PARTS_H
#define SEH_PARTS_H

#include "seh_trace.h"

#define SEPARATE static __attribute__((noinline, unused))
#define CODE 0xE0000001u
#define END_OF_BLOCK note(AbnormalTermination() ? 'a' : 'n')

// Also makes ready for the next part.
#define CHECK_PATH(expected)                                                                       \
    do {                                                                                           \
        CHECK_TRACE(expected);                                                                     \
        begin_trace();                                                                             \
    } while (0)

// True, which the compiler does not know.
static volatile int yes __attribute__((unused)) = 1;

static BYTE *volatile bad_address __attribute__((unused)) = (BYTE *)16;

SEPARATE void raise(void) {
    RaiseException(CODE, 0, 0, NULL);
}
SEPARATE void fault(void) {
    write_byte(bad_address, 1);
}
// A body with a block, in a function of its own.
SEPARATE void with_block(void (*work)(void)) {
    __try {
        work();
    } __finally {
        END_OF_BLOCK;
    }
}

#endif
