/*
 * The head of a thread's environment block: its stack and exception list. 56 bytes.
 */
#ifndef WIN32MEMORY_THREAD_INFORMATION_BLOCK_H
#define WIN32MEMORY_THREAD_INFORMATION_BLOCK_H

#include "base_types.h"

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

#define TLS_MINIMUM_AVAILABLE 64
#define FLS_MAXIMUM_AVAILABLE 4080

#endif
