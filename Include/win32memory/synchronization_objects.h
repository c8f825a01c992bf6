/*
 * The objects that locks and lists live in. A program may put them in static storage: zero, or the
 * *_INIT value, is the unlocked, empty state.
 */
#ifndef WIN32MEMORY_SYNCHRONIZATION_OBJECTS_H
#define WIN32MEMORY_SYNCHRONIZATION_OBJECTS_H

#include "base_types.h"

typedef struct _LIST_ENTRY {
    struct _LIST_ENTRY *Flink; /* next */
    struct _LIST_ENTRY *Blink; /* previous */
} LIST_ENTRY, *PLIST_ENTRY;

typedef struct _SINGLE_LIST_ENTRY {
    struct _SINGLE_LIST_ENTRY *Next;
} SINGLE_LIST_ENTRY, *PSINGLE_LIST_ENTRY;

typedef struct _RTL_SRWLOCK {
    PVOID Ptr;
} RTL_SRWLOCK, *PRTL_SRWLOCK, SRWLOCK, *PSRWLOCK;

typedef struct _RTL_CONDITION_VARIABLE {
    PVOID Ptr;
} RTL_CONDITION_VARIABLE, *PRTL_CONDITION_VARIABLE, CONDITION_VARIABLE, *PCONDITION_VARIABLE;

typedef union _RTL_RUN_ONCE {
    PVOID Ptr;
} RTL_RUN_ONCE, *PRTL_RUN_ONCE, INIT_ONCE, *PINIT_ONCE, *LPINIT_ONCE;

/* Never filled in here; its address is only passed around. */
typedef struct _RTL_CRITICAL_SECTION_DEBUG {
    WORD Type;
    WORD CreatorBackTraceIndex;
    struct _RTL_CRITICAL_SECTION *CriticalSection;
    LIST_ENTRY ProcessLocksList;
    DWORD EntryCount;
    DWORD ContentionCount;
    DWORD Flags;
    WORD CreatorBackTraceIndexHigh;
    WORD SpareWORD;
} RTL_CRITICAL_SECTION_DEBUG, *PRTL_CRITICAL_SECTION_DEBUG, CRITICAL_SECTION_DEBUG,
    *PCRITICAL_SECTION_DEBUG;

/* 40 bytes. */
typedef struct _RTL_CRITICAL_SECTION {
    PRTL_CRITICAL_SECTION_DEBUG DebugInfo;
    LONG LockCount;
    LONG RecursionCount;
    HANDLE OwningThread;
    HANDLE LockSemaphore;
    ULONG_PTR SpinCount;
} RTL_CRITICAL_SECTION, *PRTL_CRITICAL_SECTION, CRITICAL_SECTION, *PCRITICAL_SECTION,
    *LPCRITICAL_SECTION;

#define RTL_SRWLOCK_INIT                                                                           \
    { 0 }
#define RTL_CONDITION_VARIABLE_INIT                                                                \
    { 0 }
#define RTL_RUN_ONCE_INIT                                                                          \
    { 0 }
#define RTL_RUN_ONCE_CHECK_ONLY 0x00000001
#define RTL_RUN_ONCE_ASYNC 0x00000002
#define RTL_RUN_ONCE_INIT_FAILED 0x00000004
#define RTL_RUN_ONCE_CTX_RESERVED_BITS 2
#define RTL_CONDITION_VARIABLE_LOCKMODE_SHARED 0x1

#endif
