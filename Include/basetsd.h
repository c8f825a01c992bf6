/*
 * Integers of a fixed width and integers as wide as a pointer.
 *
 * The 64-bit ones are C's long, as size_t, uintptr_t and uint64_t are on LP64 Linux: Windows code
 * mixes pointers to these freely, because on Windows they are one type as well.
 */
#ifndef WIN32MEMORY_BASETSD_H
#define WIN32MEMORY_BASETSD_H

#include "win32memory/compiler.h"

typedef signed char INT8, *PINT8;
typedef short INT16, *PINT16;
typedef int INT32, *PINT32;
typedef long INT64, *PINT64;
typedef unsigned char UINT8, *PUINT8;
typedef unsigned short UINT16, *PUINT16;
typedef unsigned int UINT32, *PUINT32;
typedef unsigned long UINT64, *PUINT64;

typedef int LONG32, *PLONG32;
typedef unsigned int ULONG32, *PULONG32;
typedef unsigned int DWORD32, *PDWORD32;
typedef long LONG64, *PLONG64;
typedef unsigned long ULONG64, *PULONG64;
typedef unsigned long DWORD64, *PDWORD64;

typedef long INT_PTR, *PINT_PTR;
typedef unsigned long UINT_PTR, *PUINT_PTR;
typedef long LONG_PTR, *PLONG_PTR;
typedef unsigned long ULONG_PTR, *PULONG_PTR;
typedef ULONG_PTR DWORD_PTR, *PDWORD_PTR;
typedef long SHANDLE_PTR;
typedef unsigned long HANDLE_PTR;
typedef int HALF_PTR, *PHALF_PTR;
typedef unsigned int UHALF_PTR, *PUHALF_PTR;

/* A number of bytes. */
typedef ULONG_PTR SIZE_T, *PSIZE_T;
typedef LONG_PTR SSIZE_T, *PSSIZE_T;

/* A set of processors of one group, bit n for processor n. */
typedef ULONG_PTR KAFFINITY, *PKAFFINITY;

#define MAXUINT8 0xff
#define MAXINT8 0x7f
#define MAXUINT16 0xffff
#define MAXINT16 0x7fff
#define MAXUINT32 0xffffffffu
#define MAXINT32 0x7fffffff
#define MAXUINT64 0xffffffffffffffffu
#define MAXINT64 0x7fffffffffffffff
#define MAXULONG32 0xffffffffu
#define MAXLONG32 0x7fffffff
#define MAXULONG64 0xffffffffffffffffu
#define MAXLONG64 0x7fffffffffffffff
#define MAXUINT_PTR 0xffffffffffffffffu
#define MAXINT_PTR 0x7fffffffffffffff
#define MAXULONG_PTR 0xffffffffffffffffu
#define MAXLONG_PTR 0x7fffffffffffffff
#define MAXSIZE_T 0xffffffffffffffffu
#define MAXSSIZE_T 0x7fffffffffffffff
#define MAXDWORD32 0xffffffffu
#define MAXDWORD64 0xffffffffffffffffu

#define POINTER_32
#define POINTER_64

#include "win32memory/pointer_conversions.h"

#endif
