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
 * A local variable has the right value in the filter, in the handler and after the statement if it
 * was set before the statement, in a filter, in a __finally block or in the handler. Three changes may
 * be lost:
 *   - by the body, if the filter, the handler or a __finally block reads it after an exception;
 *   - by a filter that answers EXCEPTION_CONTINUE_EXECUTION, if the body reads it;
 *   - by a __finally block, if return, goto, break or continue left the body.
 * They are never lost if the variable is volatile. They are not lost either if a function was given the
 * variable's address before the statement, and a call in the body raised the exception rather than an
 * instruction of the body itself. gcc warns of other cases with -Wextra and optimization (-Wclobbered);
 * clang does not. No macro can do better: a compiler does not see that an instruction of the body may
 * lead to the handler, and barriers at the ends of the body do not affect variables without an address.
 *
 * What macros cannot do:
 *   - A continue directly in a __finally block ends the block, because the block is a loop: no other
 *     construct of C gets control back when a block ends. A break there does not compile; without
 *     optimization it compiles and ends the program.
 *   - A __finally block does not run at exit or at the end of a thread. It runs at a longjmp out of the
 *     body only if setjmp and longjmp come from win32memory/setjmp.h.
 *   - Exceptions of C++ do not pass; in C++ these words must be asked for (win32memory/seh_cxx.h).
 *
 * Safety  a filter runs inside a signal handler if the exception was a fault: see
 *         AddVectoredExceptionHandler. A handler block runs outside of it.
 * Cost    a body: two calls (with __finally three), no system call; the first body of a thread maps
 *         memory for its frames and an alternate signal stack. A filter: no system call.
 * Source  Learn, try-except statement (C), try-finally statement (C).
 *
 * Define WIN32MEMORY_NO_SEH before including <windows.h> to do without these words.
 */
#ifndef WIN32MEMORY_SEH_H
#define WIN32MEMORY_SEH_H

#include "seh_frame.h"
#include "statements.h"

/* Not defined: so a break directly in a __finally block, which would only end the block, does not compile. */
void win32memory_seh_lose_break(void)
    __attribute__((__error__("break in __finally ends the block, not a loop around it: use goto")));

/* The number is a name for the statement that its filter and its handler know, and no other. */
/*
 * No branch here is marked unlikely, because some versions of clang move cold code to a function of its
 * own, and the filter's answer must come from the function of the statement.
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
 * Only an optimizing compiler sees whether a break leads here, and refuses it. Without optimization the
 * break ends the program when it runs.
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
