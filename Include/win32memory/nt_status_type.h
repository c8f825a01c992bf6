/*
 * NTSTATUS: bits 31 and 30 the severity (0 success to 3 error), the low word a code.
 */
#ifndef WIN32MEMORY_NT_STATUS_TYPE_H
#define WIN32MEMORY_NT_STATUS_TYPE_H

#include "base_types.h"

typedef LONG NTSTATUS, *PNTSTATUS;

/* The type of the constants in <ntstatus.h>. Swift refuses a literal that does not fit its type. */
#ifdef __swift__
typedef ULONG WIN32MEMORY_NTSTATUS_LITERAL;
#else
typedef NTSTATUS WIN32MEMORY_NTSTATUS_LITERAL;
#endif

#endif
