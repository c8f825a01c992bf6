/*
 * The scalar types that every other header needs. LP64: LONG, DWORD, BOOL and all other names
 * without "64" or "_PTR" are 32 bits or less, whatever C's long is.
 */
#ifndef WIN32MEMORY_BASE_TYPES_H
#define WIN32MEMORY_BASE_TYPES_H

#include "compiler.h"
#include "../basetsd.h"

#include <stddef.h>

#ifndef TRUE
#define TRUE 1
#endif
#ifndef FALSE
#define FALSE 0
#endif

typedef char CHAR, CCHAR;
typedef short SHORT;
typedef int LONG, INT, BOOL, HRESULT;
typedef unsigned char UCHAR, BYTE, BOOLEAN;
typedef unsigned short USHORT, WORD, LANGID;
typedef unsigned int ULONG, DWORD, UINT, LCID;
typedef float FLOAT;
typedef double DOUBLE;

/* long long, so that the usual %lld and %llu print them without a warning. */
typedef long long LONGLONG;
typedef unsigned long long ULONGLONG, DWORDLONG;

typedef void *PVOID, *LPVOID, *HANDLE, *PVOID64;
typedef const void *LPCVOID, *PCVOID;
typedef HANDLE *PHANDLE, *LPHANDLE;
typedef HANDLE HLOCAL, HGLOBAL;

typedef CHAR *PCHAR;
typedef SHORT *PSHORT;
typedef LONG *PLONG, *LPLONG;
typedef INT *PINT, *LPINT;
typedef BOOL *PBOOL, *LPBOOL;
typedef UCHAR *PUCHAR;
typedef BYTE *PBYTE, *LPBYTE;
typedef BOOLEAN *PBOOLEAN;
typedef USHORT *PUSHORT;
typedef WORD *PWORD, *LPWORD;
typedef ULONG *PULONG;
typedef DWORD *PDWORD, *LPDWORD;
typedef UINT *PUINT;
typedef FLOAT *PFLOAT;
typedef LONGLONG *PLONGLONG;
typedef ULONGLONG *PULONGLONG;
typedef DWORDLONG *PDWORDLONG;

#endif
