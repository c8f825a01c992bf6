/*
 * A thread's environment block, and that of the process. Members that the library fills in have names
 * here; the rest is zero, and a program may use what Windows leaves to programs.
 */
#ifndef WIN32MEMORY_THREAD_ENVIRONMENT_BLOCK_H
#define WIN32MEMORY_THREAD_ENVIRONMENT_BLOCK_H

#include "thread_information_block.h"

typedef struct _CLIENT_ID {
    HANDLE UniqueProcess;
    HANDLE UniqueThread;
} CLIENT_ID, *PCLIENT_ID;

typedef struct _PEB {
    BYTE Reserved1[2];
    BYTE BeingDebugged; /* at the first use of NtCurrentTeb in the process */
    BYTE Reserved2[5];
    PVOID Reserved3;
    PVOID ImageBaseAddress; /* 10h: GetModuleHandle(NULL) */
    PVOID Reserved4[20];
    ULONG NumberOfProcessors; /* B8h: that the process may run on */
    ULONG Reserved5;
    PVOID Reserved6[225];
} PEB, *PPEB;

typedef struct _TEB {
    NT_TIB NtTib;
    PVOID EnvironmentPointer;
    CLIENT_ID ClientId; /* 40h */
    PVOID ActiveRpcHandle;
    PVOID ThreadLocalStoragePointer;
    PPEB ProcessEnvironmentBlock; /* 60h */
    ULONG LastErrorValue;         /* 68h: GetLastError */
    ULONG CountOfOwnedCriticalSections;
    PVOID Reserved1[642];
    PVOID TlsSlots[TLS_MINIMUM_AVAILABLE]; /* 1480h: values of the first indices of TlsAlloc */
    PVOID Reserved2[27];
    PVOID ReservedForOle; /* 1758h */
    PVOID Reserved3[4];
    PVOID *TlsExpansionSlots; /* 1780h: values of the other indices, 1024 */
    PVOID Reserved4[22];
} TEB, *PTEB;

#endif
