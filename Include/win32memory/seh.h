/*
 * Structured exceptions in C: __try, __except, __finally, __leave, for gcc and clang.
 *
 *     __try { body } __except (filter) { handler }
 *     __try { body } __finally { block }
 *
 * The filter is evaluated while the body still stands at the faulting instruction, and may answer
 * EXCEPTION_CONTINUE_EXECUTION to go on there. Statements nest, in a function and across calls;
 * every thread has its own. return and goto may leave a body; the __finally block is run.
 *
 * What macros cannot do:
 *   - break and continue in a body or block end that body or block, not a loop around it.
 *   - A local variable that a body changes, and that is used after the exception, must be volatile,
 *     as with setjmp.
 *   - A body is not protected from exit, from a thread's end, or from a longjmp out of it: the
 *     __finally block is not run then. A longjmp out of a filter leaks what it was evaluated with.
 *   - GetExceptionCode, GetExceptionInformation, AbnormalTermination mean the innermost statement
 *     that they are written in, and a function that has none cannot use them.
 *   - Exceptions of C++ do not pass; in C++ these words are not defined.
 *
 * Safety  a filter runs inside a signal handler if the exception was a fault: see
 *         AddVectoredExceptionHandler. A handler block runs outside of it.
 * Cost    entering and ending a body: five calls, no system call. A filter: one mapping made and
 *         unmade, in which the stack is kept; about twice the time of a vectored handler.
 * Source  Learn, try-except statement (C), try-finally statement (C).
 *
 * Define WIN32MEMORY_NO_SEH before including <windows.h> to do without these words.
 */
#ifndef WIN32MEMORY_SEH_H
#define WIN32MEMORY_SEH_H

#include "seh_frame.h"

#define WIN32MEMORY_SEH_IS_FINALLY ((LONG)0x40000000)

#define __try                                                                                      \
    for (struct win32memory_seh_frame win32memory_seh_this                                         \
         __attribute__((__cleanup__(win32memory_seh_leave))) = {.stage = WIN32MEMORY_SEH_BODY};    \
         win32memory_seh_goes_on(&win32memory_seh_this);)                                          \
        if (win32memory_seh_enter(&win32memory_seh_this) == WIN32MEMORY_SEH_BODY)

/* Pieces of a statement. */
/* clang-format off */
#define __except(...)                                                                              \
    else if (win32memory_seh_this.stage == WIN32MEMORY_SEH_FILTER)                                 \
        win32memory_seh_answer(&win32memory_seh_this, (__VA_ARGS__));                              \
    else if (win32memory_seh_this.stage != WIN32MEMORY_SEH_HANDLER) {                              \
    } else

#define __finally                                                                                  \
    else if (win32memory_seh_this.stage == WIN32MEMORY_SEH_FILTER)                                 \
        win32memory_seh_answer(&win32memory_seh_this, WIN32MEMORY_SEH_IS_FINALLY);                 \
    else
/* clang-format on */

#define __leave win32memory_seh_end_body(&win32memory_seh_this)

#define GetExceptionCode() ((DWORD)win32memory_seh_this.code)
#define GetExceptionInformation() (win32memory_seh_this.pointers)
#define AbnormalTermination()                                                                      \
    ((BOOL)(win32memory_seh_this.stage == WIN32MEMORY_SEH_UNWINDING ||                             \
            win32memory_seh_this.stage == WIN32MEMORY_SEH_LEAVING))
#define exception_code GetExceptionCode
#define exception_info GetExceptionInformation
#define abnormal_termination AbnormalTermination
#define _exception_code GetExceptionCode
#define _exception_info GetExceptionInformation
#define _abnormal_termination AbnormalTermination

#endif
