/*
 * The head of a thread's environment block: its stack and exception list. 56 bytes.
 */
#ifndef WIN32MEMORY_THREAD_INFORMATION_BLOCK_H
#define WIN32MEMORY_THREAD_INFORMATION_BLOCK_H

#include "base_types.h"

struct _TEB;

typedef struct _NT_TIB {
    struct _EXCEPTION_REGISTRATION_RECORD *ExceptionList;
    PVOID StackBase;  /* highest address, exclusive: stacks grow down from here */
    PVOID StackLimit; /* lowest address */
    PVOID SubSystemTib;
    __extension__ union {
        PVOID FiberData;
        DWORD Version;
    };
    PVOID ArbitraryUserPointer;
    struct _NT_TIB *Self;
} NT_TIB, *PNT_TIB;

WIN32MEMORY_BEGIN_DECLARATIONS

/*
 * NtCurrentTeb - the calling thread's environment block.
 *
 * Returns  an address that is this thread's alone while it lives; an NT_TIB is at it.
 * Errors   none.
 * Safety   any thread; the first call of a thread asks the kernel for its stack.
 * Cost     a load.
 * Differs  StackBase, StackLimit and Self are filled in; there is nothing behind the NT_TIB.
 * Source   Learn, NtCurrentTeb.
 */
WINBASEAPI struct _TEB *WINAPI NtCurrentTeb(void);

WIN32MEMORY_END_DECLARATIONS

#define TLS_MINIMUM_AVAILABLE 64
#define FLS_MAXIMUM_AVAILABLE 4080

#endif
