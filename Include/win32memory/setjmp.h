/*
 * setjmp and longjmp that run the __finally blocks of the bodies that a jump leaves, as on Windows.
 * Include this instead of <setjmp.h>: jmp_buf, setjmp and longjmp mean these then. Those of the C library
 * leave bodies without a word, and their blocks do not run.
 */
#ifndef WIN32MEMORY_SETJMP_H
#define WIN32MEMORY_SETJMP_H

#include "../windows.h"

#include <setjmp.h>

/* Where setjmp was called, and how many __try bodies the thread had entered by then. */
struct win32memory_jump_mark {
    void *activation;
    unsigned long long serial;
};

typedef struct win32memory_jump_place {
    jmp_buf registers;
    struct win32memory_jump_mark mark;
} win32memory_jump_buffer[1];

WIN32MEMORY_BEGIN_DECLARATIONS

/* For the macros. */
WINBASEAPI void WINAPI win32memory_seh_mark(struct win32memory_jump_mark *mark, void *activation);
WINBASEAPI void WINAPI win32memory_seh_unwind_to(const struct win32memory_jump_mark *mark);

/*
 * setjmp - remembers this place; returns 0, and again what longjmp says.
 *
 * longjmp - goes back there. The __finally blocks of the bodies that this leaves run first, from within
 *           outwards, AbnormalTermination() TRUE; filters are not asked.
 *
 * env       the place: in a function that has not returned, on this thread.
 * value     what setjmp returns; 1 for 0.
 * Safety    from filters, handlers, vectored handlers, __finally blocks, too. A block that leaves by
 *           return, goto or an exception ends the jump. Onto another stack (a coroutine's) the jump runs
 *           no blocks.
 * Differs   like the C library's, setjmp does not keep the signal mask, and a variable that changed since
 *           needs volatile.
 * Source    Learn, longjmp: "the exception-handling semantics".
 */
WIN32MEMORY_INLINE __attribute__((__noreturn__, __unused__)) void
win32memory_longjmp(struct win32memory_jump_place *env, int value) {
    win32memory_seh_unwind_to(&env->mark);
    longjmp(env->registers, value);
}
#define WIN32MEMORY_SETJMP(env)                                                                    \
    (win32memory_seh_mark(&(env)[0].mark, __builtin_frame_address(0)), _setjmp((env)[0].registers))

WIN32MEMORY_END_DECLARATIONS

#undef setjmp
#undef longjmp
#define jmp_buf win32memory_jump_buffer
#define setjmp WIN32MEMORY_SETJMP
#define longjmp win32memory_longjmp

#endif
