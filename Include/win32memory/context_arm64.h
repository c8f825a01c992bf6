/*
 * CONTEXT of arm64: 912 bytes, 16-byte aligned. Included by context.h.
 */
#ifndef WIN32MEMORY_CONTEXT_ARM64_H
#define WIN32MEMORY_CONTEXT_ARM64_H

#include "base_types.h"

#define CONTEXT_ARM64 0x00400000
#define CONTEXT_CONTROL 0x00400001
#define CONTEXT_INTEGER 0x00400002
#define CONTEXT_FLOATING_POINT 0x00400004
#define CONTEXT_DEBUG_REGISTERS 0x00400008
#define CONTEXT_ARM64_X18 0x00400010
#define CONTEXT_FULL 0x00400007
#define CONTEXT_ALL 0x0040001F
#define CONTEXT_EXCEPTION_ACTIVE 0x08000000
#define CONTEXT_SERVICE_ACTIVE 0x10000000
#define CONTEXT_UNWOUND_TO_CALL 0x20000000
#define CONTEXT_EXCEPTION_REQUEST 0x40000000
#define CONTEXT_EXCEPTION_REPORTING 0x80000000u

#define ARM64_MAX_BREAKPOINTS 8
#define ARM64_MAX_WATCHPOINTS 2

typedef union DECLSPEC_ALIGN(16) _NEON128 {
    __extension__ struct {
        ULONGLONG Low;
        LONGLONG High;
    };
    double D[2];
    float S[4];
    WORD H[8];
    BYTE B[16];
} NEON128, *PNEON128, ARM64_NT_NEON128, *PARM64_NT_NEON128;

typedef struct DECLSPEC_ALIGN(16) _CONTEXT {
    DWORD ContextFlags; /* CONTEXT_*: which parts are valid */
    DWORD Cpsr;

    __extension__ union {
        __extension__ struct {
            DWORD64 X0;
            DWORD64 X1;
            DWORD64 X2;
            DWORD64 X3;
            DWORD64 X4;
            DWORD64 X5;
            DWORD64 X6;
            DWORD64 X7;
            DWORD64 X8;
            DWORD64 X9;
            DWORD64 X10;
            DWORD64 X11;
            DWORD64 X12;
            DWORD64 X13;
            DWORD64 X14;
            DWORD64 X15;
            DWORD64 X16;
            DWORD64 X17;
            DWORD64 X18;
            DWORD64 X19;
            DWORD64 X20;
            DWORD64 X21;
            DWORD64 X22;
            DWORD64 X23;
            DWORD64 X24;
            DWORD64 X25;
            DWORD64 X26;
            DWORD64 X27;
            DWORD64 X28;
            DWORD64 Fp;
            DWORD64 Lr;
        };
        DWORD64 X[31];
    };
    DWORD64 Sp;
    DWORD64 Pc;

    NEON128 V[32];
    DWORD Fpcr;
    DWORD Fpsr;

    DWORD Bcr[ARM64_MAX_BREAKPOINTS];
    DWORD64 Bvr[ARM64_MAX_BREAKPOINTS];
    DWORD Wcr[ARM64_MAX_WATCHPOINTS];
    DWORD64 Wvr[ARM64_MAX_WATCHPOINTS];
} CONTEXT, *PCONTEXT, *LPCONTEXT;
typedef CONTEXT ARM64_NT_CONTEXT, *PARM64_NT_CONTEXT;

#endif
