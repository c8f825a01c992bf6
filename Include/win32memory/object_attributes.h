/*
 * Counted strings, and the names of objects in the NT interface. Included by winternl.h.
 */
#ifndef WIN32MEMORY_OBJECT_ATTRIBUTES_H
#define WIN32MEMORY_OBJECT_ATTRIBUTES_H

#include "base_types.h"

/* Lengths are bytes, without a terminating zero. */
typedef struct _UNICODE_STRING {
    USHORT Length;
    USHORT MaximumLength;
    PWSTR Buffer;
} UNICODE_STRING, *PUNICODE_STRING;
typedef const UNICODE_STRING *PCUNICODE_STRING;

typedef struct _STRING {
    USHORT Length;
    USHORT MaximumLength;
    PCHAR Buffer;
} STRING, *PSTRING, ANSI_STRING, *PANSI_STRING;

typedef struct _OBJECT_ATTRIBUTES {
    ULONG Length; /* bytes, set by the caller */
    HANDLE RootDirectory;
    PUNICODE_STRING ObjectName;
    ULONG Attributes; /* OBJ_* */
    PVOID SecurityDescriptor;
    PVOID SecurityQualityOfService;
} OBJECT_ATTRIBUTES, *POBJECT_ATTRIBUTES;

#define OBJ_INHERIT 0x00000002
#define OBJ_PERMANENT 0x00000010
#define OBJ_EXCLUSIVE 0x00000020
#define OBJ_CASE_INSENSITIVE 0x00000040
#define OBJ_OPENIF 0x00000080
#define OBJ_KERNEL_HANDLE 0x00000200

#define InitializeObjectAttributes(target, name, attributes, root, descriptor)                     \
    ((target)->Length = (ULONG)sizeof(OBJECT_ATTRIBUTES), (target)->RootDirectory = (root),        \
     (target)->ObjectName = (name), (target)->Attributes = (attributes),                           \
     (target)->SecurityDescriptor = (descriptor),                                                  \
     (void)((target)->SecurityQualityOfService = NULL))

#endif
