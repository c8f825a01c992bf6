/*
 * Lists that several threads change at once without a lock (SList): their types. The functions are
 * in linked_lists.h.
 */
#ifndef WIN32MEMORY_LINKED_LIST_TYPES_H
#define WIN32MEMORY_LINKED_LIST_TYPES_H

#include "base_types.h"
#include "structure_macros.h"

/* 16 bytes, at the beginning of what is linked. */
#define MEMORY_ALLOCATION_ALIGNMENT 16

typedef struct DECLSPEC_ALIGN(16) _SLIST_ENTRY {
    struct _SLIST_ENTRY *Next;
} SLIST_ENTRY, *PSLIST_ENTRY;

/* 16 bytes: the whole as two words, or by meaning. NextEntry is the address without its lowest four
 * bits. */
typedef union DECLSPEC_ALIGN(16) _SLIST_HEADER {
    __extension__ struct {
        ULONGLONG Alignment;
        ULONGLONG Region;
    };
    struct {
        ULONGLONG Depth : 16; /* entries */
        ULONGLONG Sequence : 48;
        ULONGLONG Reserved : 4;
        ULONGLONG NextEntry : 60;
#if defined(__aarch64__)
    } HeaderArm64;
#else
    } HeaderX64;
#endif
} SLIST_HEADER, *PSLIST_HEADER;

#endif
