/*
 * 64-bit integers that Windows code reads whole (QuadPart) or by halves (LowPart, HighPart), and
 * the locally unique identifier, which has the same shape without the whole.
 */
#ifndef WIN32MEMORY_LARGE_INTEGER_H
#define WIN32MEMORY_LARGE_INTEGER_H

#include "base_types.h"

typedef union _LARGE_INTEGER {
    __extension__ struct {
        DWORD LowPart;
        LONG HighPart;
    };
    struct {
        DWORD LowPart;
        LONG HighPart;
    } u;
    LONGLONG QuadPart;
} LARGE_INTEGER, *PLARGE_INTEGER;

typedef union _ULARGE_INTEGER {
    __extension__ struct {
        DWORD LowPart;
        DWORD HighPart;
    };
    struct {
        DWORD LowPart;
        DWORD HighPart;
    } u;
    ULONGLONG QuadPart;
} ULARGE_INTEGER, *PULARGE_INTEGER;

typedef struct _LUID {
    DWORD LowPart;
    LONG HighPart;
} LUID, *PLUID;

#endif
