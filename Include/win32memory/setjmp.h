/*
 * setjmp and longjmp that run the __finally blocks of the bodies that a jump leaves, as on Windows.
 * Include this instead of <setjmp.h>: it redefines jmp_buf, setjmp and longjmp. The longjmp of the C
 * library leaves bodies without running their blocks.
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

/* Called by the macros below. */
WINBASEAPI void WINAPI win32memory_seh_mark(struct win32memory_jump_mark *mark, void *activation);
WINBASEAPI void WINAPI win32memory_seh_unwind_to(const struct win32memory_jump_mark *mark);

/*
 * setjmp - stores this place and returns 0; returns again when longjmp jumps here.
 *
 * longjmp - jumps to a place. First it runs the __finally blocks of the bodies that the jump leaves,
 *           innermost first, with AbnormalTermination() TRUE. It evaluates no filters.
 *
 * env       the place: in a function of this thread that has not returned.
 * value     what setjmp returns; 0 becomes 1.
 * Safety    may also be called from filters, handlers, vectored handlers and __finally blocks. A block
 *           that leaves by return, goto or an exception ends the jump. A jump to another stack (a
 *           coroutine's) runs no blocks.
 * Differs   as in the C library, setjmp does not store the signal mask, and a variable that changes
 *           between setjmp and longjmp must be volatile.
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
