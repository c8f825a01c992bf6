/*
 * What an exception handler is given, and the types of handlers.
 */
#ifndef WIN32MEMORY_EXCEPTION_RECORD_H
#define WIN32MEMORY_EXCEPTION_RECORD_H

#include "base_types.h"
#include "context.h"

#define EXCEPTION_NONCONTINUABLE 0x01
#define EXCEPTION_UNWINDING 0x02
#define EXCEPTION_EXIT_UNWIND 0x04
#define EXCEPTION_STACK_INVALID 0x08
#define EXCEPTION_NESTED_CALL 0x10
#define EXCEPTION_TARGET_UNWIND 0x20
#define EXCEPTION_COLLIDED_UNWIND 0x40
#define EXCEPTION_SOFTWARE_ORIGINATE 0x80
#define EXCEPTION_UNWIND 0x66
#define EXCEPTION_MAXIMUM_PARAMETERS 15

/* First element of ExceptionInformation for an access violation. */
#define EXCEPTION_READ_FAULT 0
#define EXCEPTION_WRITE_FAULT 1
#define EXCEPTION_EXECUTE_FAULT 8

/* 152 bytes. */
typedef struct _EXCEPTION_RECORD {
    DWORD ExceptionCode;  /* STATUS_* */
    DWORD ExceptionFlags; /* 0, or EXCEPTION_NONCONTINUABLE */
    struct _EXCEPTION_RECORD *ExceptionRecord;
    PVOID ExceptionAddress; /* the instruction */
    DWORD NumberParameters; /* elements used below */
    ULONG_PTR ExceptionInformation[EXCEPTION_MAXIMUM_PARAMETERS];
} EXCEPTION_RECORD, *PEXCEPTION_RECORD;

/* 16 bytes. Changes to the context take effect when execution continues. */
typedef struct _EXCEPTION_POINTERS {
    PEXCEPTION_RECORD ExceptionRecord;
    PCONTEXT ContextRecord;
} EXCEPTION_POINTERS, *PEXCEPTION_POINTERS, *LPEXCEPTION_POINTERS;
typedef EXCEPTION_RECORD *LPEXCEPTION_RECORD;

typedef LONG(NTAPI *PVECTORED_EXCEPTION_HANDLER)(struct _EXCEPTION_POINTERS *ExceptionInfo);

#endif
