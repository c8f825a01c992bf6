// SList: the head is two words, exchanged together (InterlockedCompareExchange128, which is assembly).
#include "CLinux.h"

#include <windows.h>

#include "win32memory/linked_lists.h"

#define EXPORTED __attribute__((visibility("default")))

// The sequence number distinguishes a head from a later one with the same first entry. The two
// words are not read atomically: if they do not belong together, the exchange fails.
static SLIST_HEADER read_head(const SLIST_HEADER *head) {
    SLIST_HEADER read;
    read.Alignment = __atomic_load_n(&head->Alignment, __ATOMIC_ACQUIRE);
    read.Region = __atomic_load_n(&head->Region, __ATOMIC_ACQUIRE);
    return read;
}

static int exchange(SLIST_HEADER *head, SLIST_HEADER *seen, SLIST_ENTRY *first, uint16_t depth) {
    SLIST_HEADER next;
    next.Alignment = ((seen->Alignment | 0xFFFF) + 1) | depth;
    next.Region = (ULONGLONG)first;
    return win32memory_compare_exchange_128(head, (LONG64)next.Region, (LONG64)next.Alignment,
                                            seen);
}

static SLIST_ENTRY *first_of(const SLIST_HEADER *head) {
    return (SLIST_ENTRY *)(head->Region & ~(ULONGLONG)15);
}

static uint16_t depth_of(const SLIST_HEADER *head) {
    return (uint16_t)head->Alignment;
}

EXPORTED void InitializeSListHead(PSLIST_HEADER ListHead) {
    ListHead->Alignment = ListHead->Region = 0;
}

EXPORTED PSLIST_ENTRY InterlockedPushEntrySList(PSLIST_HEADER ListHead, PSLIST_ENTRY ListEntry) {
    SLIST_HEADER seen = read_head(ListHead);
    SLIST_ENTRY *first;
    do {
        first = first_of(&seen);
        __atomic_store_n(&ListEntry->Next, first, __ATOMIC_RELAXED);
    } while (!exchange(ListHead, &seen, ListEntry, (uint16_t)(depth_of(&seen) + 1)));
    return first;
}

EXPORTED PSLIST_ENTRY InterlockedPopEntrySList(PSLIST_HEADER ListHead) {
    SLIST_HEADER seen = read_head(ListHead);
    SLIST_ENTRY *first;
    do {
        first = first_of(&seen);
        if (!first)
            return NULL;
    } while (!exchange(ListHead, &seen, __atomic_load_n(&first->Next, __ATOMIC_RELAXED),
                       (uint16_t)(depth_of(&seen) - 1)));
    return first;
}

EXPORTED PSLIST_ENTRY InterlockedFlushSList(PSLIST_HEADER ListHead) {
    SLIST_HEADER seen = read_head(ListHead);
    while (first_of(&seen) && !exchange(ListHead, &seen, NULL, 0)) {
    }
    return first_of(&seen);
}

EXPORTED USHORT QueryDepthSList(PSLIST_HEADER ListHead) {
    return depth_of(ListHead);
}
