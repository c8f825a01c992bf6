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
    WIN32MEMORY_SEH_BODY,      /* in the body */
    WIN32MEMORY_SEH_FILTER,    /* evaluate the filter and report */
    WIN32MEMORY_SEH_HANDLER,   /* run the __except block */
    WIN32MEMORY_SEH_ENDED,     /* the body ended: run the __finally block, then go on behind it */
    WIN32MEMORY_SEH_UNWINDING, /* run the __finally block, then unwind the frames further out */
    WIN32MEMORY_SEH_LEAVING    /* run the __finally block, then go on leaving (return, goto) */
};

/* What a statement with a __finally block reports instead of a filter's answer. */
#define WIN32MEMORY_SEH_IS_FINALLY ((LONG)0x40000000)

/* Stack pointer, program counter, registers that functions keep, floating-point control. */
struct win32memory_seh_registers {
    void *stack_pointer;
    void *program_counter;
    void *kept[6];
    DWORD floating_point[2];
};

struct win32memory_seh_frame {
    volatile int stage; /* enum win32memory_seh_stage */
    int is_finally;     /* known once its filter was asked for */
    struct win32memory_seh_registers at_entry;
    struct win32memory_seh_registers at_return; /* of the last function that it waits for */
    void *landing;                              /* the label behind the body */
    void *activation;                           /* of the function that the statement stands in */
    unsigned long long serial;
    struct win32memory_seh_frame *latest; /* whose at_return has the activation's latest values */
    struct win32memory_seh_frame *target; /* of an unwinding */
    void *evaluation;                     /* to report the filter's answer to */
    struct _EXCEPTION_POINTERS *pointers;
    DWORD code;
    DWORD number;
};

/* A __finally block that is being run, and what follows it. */
struct win32memory_seh_ending {
    volatile int stage;
    int is_abnormal;
    struct win32memory_seh_registers at_return;
    struct win32memory_seh_registers at_leaving;
    void *activation;
    unsigned long long serial;
    struct win32memory_seh_frame *target;
    int is_in_block; /* 0 when the block has reached its end */
    int is_over;
};

WIN32MEMORY_BEGIN_DECLARATIONS

/* Remembers this place and returns BODY; returns again, with another stage, whenever one is due. */
WINBASEAPI int WINAPI win32memory_seh_enter(struct win32memory_seh_frame *frame, void *landing,
                                            void *activation, DWORD number)
    __attribute__((__returns_twice__));
/* Takes the frame away when the body's scope is left, after its __finally block if one is due. */
WINBASEAPI void WINAPI win32memory_seh_leave(struct win32memory_seh_frame **frame)
    __attribute__((__returns_twice__));
/* Reports the filter's answer; returns the label to jump to. */
WINBASEAPI void *WINAPI win32memory_seh_answer(struct win32memory_seh_frame *frame, LONG answer);
/* Hands the frame over to the __finally block. */
WINBASEAPI void WINAPI win32memory_seh_hand_over(struct win32memory_seh_frame *frame);
WINBASEAPI struct win32memory_seh_ending *WINAPI
win32memory_seh_begin_finally(struct win32memory_seh_ending *ending, void *activation);
/* Continues what the block interrupted; returns the label to jump to. */
WINBASEAPI void *WINAPI win32memory_seh_end_finally(struct win32memory_seh_ending *ending);
/* What the filter or handler block of statement `number` is about. */
WINBASEAPI DWORD WINAPI win32memory_seh_code(void *activation, DWORD number);
WINBASEAPI struct _EXCEPTION_POINTERS *WINAPI win32memory_seh_information(void *activation,
                                                                          DWORD number);

WIN32MEMORY_END_DECLARATIONS

#endif
