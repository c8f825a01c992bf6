/*
 * Structures shared by the parts of winbase.h.
 */
#ifndef WIN32MEMORY_MINWINBASE_H
#define WIN32MEMORY_MINWINBASE_H

#include "minwindef.h"

/* 24 bytes. */
typedef struct _SECURITY_ATTRIBUTES {
    DWORD nLength; /* bytes, sizeof(SECURITY_ATTRIBUTES) */
    LPVOID lpSecurityDescriptor;
    BOOL bInheritHandle;
} SECURITY_ATTRIBUTES, *PSECURITY_ATTRIBUTES, *LPSECURITY_ATTRIBUTES;

#endif
