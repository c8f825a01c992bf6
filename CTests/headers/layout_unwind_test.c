/*
 * Structures for unwinding frames, and of lists without locks, on x86-64. mingw-w64's own headers
 * must agree.
 */
#include <windows.h>
#include "layout.h"

#ifndef __aarch64__

/* Learn, x64 exception handling, RUNTIME_FUNCTION. */
STRUCTURE(RUNTIME_FUNCTION, 12);
MEMBER(RUNTIME_FUNCTION, BeginAddress, 0, 4);
MEMBER(RUNTIME_FUNCTION, EndAddress, 4, 4);
MEMBER(RUNTIME_FUNCTION, UnwindData, 8, 4);
#ifndef __MINGW32__ /* which has one of the two names. */
MEMBER(RUNTIME_FUNCTION, UnwindInfoAddress, 8, 4);
#endif

/* Learn, RtlLookupFunctionEntry, HistoryTable. */
STRUCTURE(UNWIND_HISTORY_TABLE_ENTRY, 16);
MEMBER(UNWIND_HISTORY_TABLE_ENTRY, ImageBase, 0, 8);
MEMBER(UNWIND_HISTORY_TABLE_ENTRY, FunctionEntry, 8, 8);
STRUCTURE(UNWIND_HISTORY_TABLE, 216);
MEMBER(UNWIND_HISTORY_TABLE, Count, 0, 4);
MEMBER(UNWIND_HISTORY_TABLE, LowAddress, 8, 8);
MEMBER(UNWIND_HISTORY_TABLE, HighAddress, 16, 8);
MEMBER(UNWIND_HISTORY_TABLE, Entry, 24, 192);

/* Learn, x64 exception handling, Language-specific handler. */
STRUCTURE(DISPATCHER_CONTEXT, 80);
MEMBER(DISPATCHER_CONTEXT, ControlPc, 0, 8);
MEMBER(DISPATCHER_CONTEXT, ImageBase, 8, 8);
MEMBER(DISPATCHER_CONTEXT, FunctionEntry, 16, 8);
MEMBER(DISPATCHER_CONTEXT, EstablisherFrame, 24, 8);
MEMBER(DISPATCHER_CONTEXT, TargetIp, 32, 8);
MEMBER(DISPATCHER_CONTEXT, ContextRecord, 40, 8);
MEMBER(DISPATCHER_CONTEXT, LanguageHandler, 48, 8);
MEMBER(DISPATCHER_CONTEXT, HandlerData, 56, 8);
MEMBER(DISPATCHER_CONTEXT, HistoryTable, 64, 8);
MEMBER(DISPATCHER_CONTEXT, ScopeIndex, 72, 4);

#endif

/* Learn, Interlocked Singly Linked Lists. */
STRUCTURE(SLIST_ENTRY, 16);
ALIGNED(SLIST_ENTRY, 16);
MEMBER(SLIST_ENTRY, Next, 0, 8);
STRUCTURE(SLIST_HEADER, 16);
ALIGNED(SLIST_HEADER, 16);
MEMBER(SLIST_HEADER, Alignment, 0, 8);
MEMBER(SLIST_HEADER, Region, 8, 8);

typedef int translation_unit_is_not_empty;
