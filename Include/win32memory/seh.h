/*
 * Structured exceptions in C: __try, __except, __finally, __leave, for gcc and clang.
 *
 *     __try { body } __except (filter) { handler }
 *     __try { body } __finally { block }
 *
 * The filter is evaluated while the body still stands at the faulting instruction, and may answer
 * EXCEPTION_CONTINUE_EXECUTION to go on there. Statements nest, in a function and across calls; a
 * frame belongs to the stack that it lies on, so coroutines may switch inside bodies. return, goto,
 * break and continue may leave a body or a handler; the __finally block is run.
 *
 * A local variable has the right value in the filter, the handler and behind the statement if it
 * was set before the statement, in a filter, a __finally block or the handler. What else changes one is
 *   - the body, if the filter, the handler or a __finally block reads it after an exception;
 *   - a filter that answers EXCEPTION_CONTINUE_EXECUTION, if the body reads it;
 *   - a __finally block, if return, goto, break or continue left the body.
 * volatile makes these right, always. They are right too if a function was given the variable's address
 * before the statement, and a call in the body raised the exception, not an instruction of its own.
 * gcc warns of others with -Wextra and optimization (-Wclobbered), clang does not. No macro can do
 * better: to a compiler no instruction of the body leads to the handler, and barriers at the ends
 * of the body leave in registers what has no address.
 *
 * What macros cannot do:
 *   - A continue directly in a __finally block ends the block. A loop is all in C that gets control
 *     back at the block's end, and continue is then the same as that end. A break does not compile
 *     (without optimization: it ends the program).
 *   - A __finally block is not run by exit, by a thread's end, or by a longjmp out of the body, unless
 *     setjmp and longjmp come from win32memory/setjmp.h.
 *   - Exceptions of C++ do not pass; in C++ these words must be asked for (win32memory/seh_cxx.h).
 *
 * Safety  a filter runs inside a signal handler if the exception was a fault: see
 *         AddVectoredExceptionHandler. A handler block runs outside of it.
 * Cost    entering and ending a body: two calls (__finally: three), no system call; the first in a
 *         thread maps memory for its frames and an alternate signal stack. A filter: no system call.
 * Source  Learn, try-except statement (C), try-finally statement (C).
 *
 * Define WIN32MEMORY_NO_SEH before including <windows.h> to do without these words.
 */
#ifndef WIN32MEMORY_SEH_H
#define WIN32MEMORY_SEH_H

#include "seh_frame.h"
#include "statements.h"

/* Has no body: a break directly in a __finally block, which would end the block, does not compile. */
void win32memory_seh_lose_break(void)
    __attribute__((__error__("break in __finally ends the block, not a loop around it: use goto")));

/* The number is a name for the statement that its filter and its handler know, and no other. */
/*
 * No branch here is said to be unlikely: some versions of clang make a function of its own of what they
 * take for cold, and the filter's report must come from the statement's function.
 */
/* clang-format off */
#ifdef __cplusplus
#undef __try /* of the C++ library, which has used it by now */
#define WIN32MEMORY_SEH_NUMBER constexpr DWORD win32memory_seh_number = __COUNTER__;
#else
#define WIN32MEMORY_SEH_NUMBER __extension__ sizeof(enum { win32memory_seh_number = __COUNTER__ }) &&
#endif
#define __try                                                                                      \
    if (WIN32MEMORY_SEH_NUMBER __extension__({                                                     \
            __label__ win32memory_seh_landing, win32memory_seh_end;                                \
            struct win32memory_seh_frame win32memory_seh_this;                                     \
            if (win32memory_seh_enter(&win32memory_seh_this, &&win32memory_seh_landing,            \
                                      __builtin_frame_address(0), win32memory_seh_number) ==       \
                WIN32MEMORY_SEH_BODY) {                                                            \
                struct win32memory_seh_frame *win32memory_seh_guard                                \
                    __attribute__((__cleanup__(win32memory_seh_leave))) = &win32memory_seh_this;

/*
 * Pieces of a statement. What stands under `stage > LEAVING` is never reached. Where there is an
 * alloca, compilers find variables by the frame pointer alone, and a filter can run with the stack
 * pointer below the faulting function. Where there is a computed goto, clang lets the variables of
 * the body keep their place, which a filter's own would otherwise get.
 */
#define WIN32MEMORY_SEH_END_OF_BODY                                                                \
                win32memory_seh_end: __attribute__((__unused__));                                  \
                (void)win32memory_seh_guard;                                                       \
                win32memory_seh_this.stage = WIN32MEMORY_SEH_ENDED;                                \
            } else {                                                                               \
            win32memory_seh_landing:;                                                              \
                if (win32memory_seh_this.stage > WIN32MEMORY_SEH_LEAVING) {                        \
                    win32memory_seh_hand_over((struct win32memory_seh_frame *)__builtin_alloca(    \
                        (SIZE_T)win32memory_seh_this.stage));                                      \
                    goto *&&win32memory_seh_landing;                                               \
                }

/*
 * Only an optimizer sees that no break leads here, or that one does. Where none is at work the break ends
 * the program.
 */
#define WIN32MEMORY_SEH_LOSE_BREAK                                                                 \
    (__builtin_constant_p(win32memory_seh_ended.is_over)                                           \
         ? win32memory_seh_lose_break()                                                            \
         : win32memory_fail_fast(FAST_FAIL_INVALID_ARG))

/*
 * The compilers must see where control may go, or they lose what a filter or block stored in a
 * local variable. Labels of other statements have no name here; clang refuses a computed goto that
 * leaves the scope of a variable with a cleanup, except where it does not look: in the bound of an
 * array. No cleanup is due: the frames that are jumped over were taken away.
 */
#define WIN32MEMORY_SEH_GO_TO(label)                                                               \
    (void)(char(*)[__extension__({ goto *(label); 1; })])0

#define __except(...)                                                                              \
                WIN32MEMORY_SEH_END_OF_BODY                                                        \
                if (win32memory_seh_this.stage != WIN32MEMORY_SEH_HANDLER)                         \
                    WIN32MEMORY_SEH_GO_TO(win32memory_seh_answer(                                  \
                        &win32memory_seh_this,                                                     \
                        win32memory_seh_this.stage == WIN32MEMORY_SEH_FILTER ? (__VA_ARGS__) : 0));\
            }                                                                                      \
            win32memory_seh_this.stage != WIN32MEMORY_SEH_HANDLER;                                 \
        })) {                                                                                      \
    } else

#define __finally                                                                                  \
                WIN32MEMORY_SEH_END_OF_BODY                                                        \
                if (win32memory_seh_this.stage == WIN32MEMORY_SEH_FILTER)                          \
                    WIN32MEMORY_SEH_GO_TO(win32memory_seh_answer(&win32memory_seh_this,            \
                                                                 WIN32MEMORY_SEH_IS_FINALLY));     \
                win32memory_seh_hand_over(&win32memory_seh_this);                                  \
            }                                                                                      \
            0;                                                                                     \
        })) {                                                                                      \
    } else                                                                                         \
        for (struct win32memory_seh_ending win32memory_seh_ended,                                  \
             *win32memory_seh_is_begun __attribute__((__unused__)) =                               \
                 win32memory_seh_begin_finally(&win32memory_seh_ended, __builtin_frame_address(0));\
             !win32memory_seh_ended.is_over; win32memory_seh_ended.is_over = 1,                    \
             win32memory_seh_ended.is_in_block ? WIN32MEMORY_SEH_LOSE_BREAK : (void)0)             \
            for (; win32memory_seh_ended.is_in_block;                                              \
                 win32memory_seh_ended.is_in_block = __extension__({                               \
                     if (win32memory_seh_ended.stage != WIN32MEMORY_SEH_ENDED)                     \
                         WIN32MEMORY_SEH_GO_TO(win32memory_seh_end_finally(&win32memory_seh_ended));\
                     0;                                                                            \
                 }))
/* clang-format on */

#define __leave goto win32memory_seh_end

#define GetExceptionCode() win32memory_seh_code(__builtin_frame_address(0), win32memory_seh_number)
#define GetExceptionInformation()                                                                  \
    win32memory_seh_information(__builtin_frame_address(0), win32memory_seh_number)
#define AbnormalTermination() ((BOOL)win32memory_seh_ended.is_abnormal)
#define exception_code GetExceptionCode
#define exception_info GetExceptionInformation
#define abnormal_termination AbnormalTermination
#define _exception_code GetExceptionCode
#define _exception_info GetExceptionInformation
#define _abnormal_termination AbnormalTermination

#endif
