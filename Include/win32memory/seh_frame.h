/*
 * The frame of a __try statement, and the functions that the macros of seh.h call with it. Not for
 * programs to name: the layout may change with the library.
 */
#ifndef WIN32MEMORY_SEH_FRAME_H
#define WIN32MEMORY_SEH_FRAME_H

#include "base_types.h"
#include "exception_record.h"

/* Where a frame is in its life: what the statement does next. */
enum win32memory_seh_stage {
    WIN32MEMORY_SEH_BODY,      /* enter it, or in it */
    WIN32MEMORY_SEH_FILTER,    /* evaluate the filter and report */
    WIN32MEMORY_SEH_HANDLER,   /* run the __except block */
    WIN32MEMORY_SEH_ENDED,     /* the body ended: run the __finally block, then go on behind it */
    WIN32MEMORY_SEH_UNWINDING, /* run the __finally block, then unwind the frames further out */
    WIN32MEMORY_SEH_LEAVING,   /* run the __finally block, then go on leaving (return, goto) */
    WIN32MEMORY_SEH_DONE
};

/* Stack pointer, program counter, registers that functions keep, floating-point control. */
struct win32memory_seh_registers {
    void *stack_pointer;
    void *program_counter;
    void *kept[6];
    DWORD floating_point[2];
};

struct win32memory_seh_frame {
    volatile int stage; /* enum win32memory_seh_stage */
    int is_entered;
    int is_finally; /* known once its filter was asked for */
    DWORD code;
    struct _EXCEPTION_POINTERS *pointers;
    struct win32memory_seh_frame *outer;
    struct win32memory_seh_frame *target; /* of an unwinding */
    void *evaluation;                     /* to report the filter's answer to */
    struct win32memory_seh_registers at_entry;
    struct win32memory_seh_registers at_leaving;
};

WIN32MEMORY_BEGIN_DECLARATIONS

/* Remembers this place and returns BODY; returns again, with another stage, whenever one is due. */
WINBASEAPI int WINAPI win32memory_seh_enter(struct win32memory_seh_frame *frame)
    __attribute__((__returns_twice__));
/* Whether the statement has a stage to go through; never returns from UNWINDING and LEAVING. */
WINBASEAPI int WINAPI win32memory_seh_goes_on(struct win32memory_seh_frame *frame);
/* Reports what the filter answered. */
WINBASEAPI void WINAPI win32memory_seh_answer(struct win32memory_seh_frame *frame, LONG answer)
    __attribute__((__noreturn__));
/* Ends the body normally. */
WINBASEAPI void WINAPI win32memory_seh_end_body(struct win32memory_seh_frame *frame)
    __attribute__((__noreturn__));
/* Takes the frame away when its scope is left, after running its __finally block if it is due. */
WINBASEAPI void WINAPI win32memory_seh_leave(struct win32memory_seh_frame *frame);

WIN32MEMORY_END_DECLARATIONS

#endif
