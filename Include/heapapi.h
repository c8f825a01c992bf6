/*
 * Types of the heap functions; their flags are in winnt.h.
 */
#ifndef WIN32MEMORY_HEAPAPI_H
#define WIN32MEMORY_HEAPAPI_H

#include "minwinbase.h"

/* Sizes are bytes. */
typedef struct _HEAP_SUMMARY {
    DWORD cb; /* set by the caller */
    SIZE_T cbAllocated;
    SIZE_T cbCommitted;
    SIZE_T cbReserved;
    SIZE_T cbMaxReserve;
} HEAP_SUMMARY, *PHEAP_SUMMARY, *LPHEAP_SUMMARY;

#endif
