/*
 * What Windows knows about functions so that it can unwind their frames: code generators name
 * these types. Nothing unwinds by them here.
 */
#ifndef WIN32MEMORY_UNWIND_INFORMATION_H
#define WIN32MEMORY_UNWIND_INFORMATION_H

#include "../excpt.h"
#include "base_types.h"
#include "context.h"
#include "exception_record.h"

#define UNW_FLAG_NHANDLER 0x0
#define UNW_FLAG_EHANDLER 0x1
#define UNW_FLAG_UHANDLER 0x2
#define UNW_FLAG_CHAININFO 0x4
#define UNWIND_HISTORY_TABLE_SIZE 12

/* Addresses are offsets in bytes from the image's base. */
typedef struct _RUNTIME_FUNCTION {
    DWORD BeginAddress;
#if defined(__aarch64__)
    DWORD UnwindData;
#else
    DWORD EndAddress;
    __extension__ union {
        DWORD UnwindInfoAddress;
        DWORD UnwindData;
    };
#endif
} RUNTIME_FUNCTION, *PRUNTIME_FUNCTION;

typedef PRUNTIME_FUNCTION (*PGET_RUNTIME_FUNCTION_CALLBACK)(DWORD64 ControlPc, PVOID Context);

typedef EXCEPTION_DISPOSITION NTAPI EXCEPTION_ROUTINE(struct _EXCEPTION_RECORD *ExceptionRecord,
                                                      PVOID EstablisherFrame,
                                                      struct _CONTEXT *ContextRecord,
                                                      PVOID DispatcherContext);
typedef EXCEPTION_ROUTINE *PEXCEPTION_ROUTINE;

typedef struct _UNWIND_HISTORY_TABLE_ENTRY {
    ULONG_PTR ImageBase;
    PRUNTIME_FUNCTION FunctionEntry;
} UNWIND_HISTORY_TABLE_ENTRY, *PUNWIND_HISTORY_TABLE_ENTRY;

typedef struct _UNWIND_HISTORY_TABLE {
    DWORD Count;
    BYTE LocalHint;
    BYTE GlobalHint;
    BYTE Search;
    BYTE Once;
    ULONG_PTR LowAddress;
    ULONG_PTR HighAddress;
    UNWIND_HISTORY_TABLE_ENTRY Entry[UNWIND_HISTORY_TABLE_SIZE];
} UNWIND_HISTORY_TABLE, *PUNWIND_HISTORY_TABLE;

typedef struct _DISPATCHER_CONTEXT {
    ULONG_PTR ControlPc;
    ULONG_PTR ImageBase;
    PRUNTIME_FUNCTION FunctionEntry;
    ULONG_PTR EstablisherFrame;
#if defined(__aarch64__)
    ULONG_PTR TargetPc;
#else
    ULONG_PTR TargetIp;
#endif
    PCONTEXT ContextRecord;
    PEXCEPTION_ROUTINE LanguageHandler;
    PVOID HandlerData;
    PUNWIND_HISTORY_TABLE HistoryTable;
    DWORD ScopeIndex;
#if defined(__aarch64__)
    BOOLEAN ControlPcIsUnwound;
    PBYTE NonVolatileRegisters;
#else
    DWORD Fill0;
#endif
} DISPATCHER_CONTEXT, *PDISPATCHER_CONTEXT;

#endif
