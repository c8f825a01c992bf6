/* Lists that several threads change at once without a lock (SList). Included by winbase.h. */
#ifndef WIN32MEMORY_LINKED_LISTS_H
#define WIN32MEMORY_LINKED_LISTS_H

#include "linked_list_types.h"

WIN32MEMORY_BEGIN_DECLARATIONS

/*
 * Lists that several threads change at once without a lock (SList). Included by winbase.h.
 *
 * ListHead   16-byte aligned, set up by InitializeSListHead; not for programs to look into.
 * ListEntry  16-byte aligned. One that another thread may be about to pop must stay readable memory.
 * Returns    Push and Flush: the first entry before, or NULL. Pop: the first entry, or NULL if there is
 *            none. Query: the entries, modulo 65536. They cannot fail.
 * Safety     any thread, any signal handler.
 * Cost       one 16-byte compare-and-exchange, again if another thread was faster.
 * Source     Learn, InterlockedPushEntrySList and its like.
 */
WINBASEAPI VOID WINAPI InitializeSListHead(PSLIST_HEADER ListHead);
WINBASEAPI PSLIST_ENTRY WINAPI InterlockedPushEntrySList(PSLIST_HEADER ListHead,
                                                         PSLIST_ENTRY ListEntry);
WINBASEAPI PSLIST_ENTRY WINAPI InterlockedPopEntrySList(PSLIST_HEADER ListHead);
WINBASEAPI PSLIST_ENTRY WINAPI InterlockedFlushSList(PSLIST_HEADER ListHead);
WINBASEAPI USHORT WINAPI QueryDepthSList(PSLIST_HEADER ListHead);

WIN32MEMORY_END_DECLARATIONS

#endif
