// Each thread has the spans that it allocates from. A fiber-local slot tells when the thread ends;
// its spans are then abandoned, for any thread to adopt.
#include "span.h"

static struct {
    CRITICAL_SECTION lock; // of the lists below
    LIST_ENTRY abandoned[CLASS_COUNT];
    struct thread_cache *retired;
    DWORD tls_index, fls_index;
    LONG made, reused, ended, adopted;
} caches;

static void abandon_all(LIST_ENTRY *list) {
    while (!list_is_empty(list)) {
        struct span *span = CONTAINING_RECORD(list->Flink, struct span, entry);
        list_remove(&span->entry);
        span_collect(span);
        if (span->used == 0) {
            arena_give(span);
            continue;
        }
        InterlockedExchangePointer((PVOID volatile *)&span->owner, NULL);
        list_insert(&caches.abandoned[span->size_class], &span->entry);
    }
}

// On the thread that ends.
static void WINAPI end_of_thread(PVOID value) {
    struct thread_cache *cache = value;
    if (cache == NULL)
        return;
    EnterCriticalSection(&caches.lock);
    for (unsigned size_class = 0; size_class < CLASS_COUNT; size_class++) {
        abandon_all(&cache->available[size_class]);
        abandon_all(&cache->full[size_class]);
    }
    cache->next_retired = caches.retired;
    caches.retired = cache;
    caches.ended++;
    LeaveCriticalSection(&caches.lock);
    TlsSetValue(caches.tls_index, NULL);
}

int thread_caches_create(void) {
    if (!InitializeCriticalSectionAndSpinCount(&caches.lock, 4000))
        return 0;
    for (unsigned size_class = 0; size_class < CLASS_COUNT; size_class++)
        list_initialize(&caches.abandoned[size_class]);
    caches.tls_index = TlsAlloc();
    caches.fls_index = FlsAlloc(end_of_thread);
    return caches.tls_index != TLS_OUT_OF_INDEXES && caches.fls_index != FLS_OUT_OF_INDEXES;
}

static struct thread_cache *make_cache(void) {
    EnterCriticalSection(&caches.lock);
    struct thread_cache *cache = caches.retired;
    if (cache) {
        caches.retired = cache->next_retired;
        caches.reused++;
    } else {
        cache = VirtualAlloc(NULL, sizeof(*cache), MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
        caches.made += cache != NULL;
    }
    LeaveCriticalSection(&caches.lock);
    for (unsigned size_class = 0; cache && size_class < CLASS_COUNT; size_class++) {
        list_initialize(&cache->available[size_class]);
        list_initialize(&cache->full[size_class]);
    }
    TlsSetValue(caches.tls_index, cache);
    FlsSetValue(caches.fls_index, cache);
    return cache;
}

struct thread_cache *thread_cache(void) {
    DWORD error = GetLastError(); // TlsGetValue clears it
    struct thread_cache *cache = TlsGetValue(caches.tls_index);
    SetLastError(error);
    return cache ? cache : make_cache();
}

struct span *adopt_abandoned(struct thread_cache *cache, unsigned size_class) {
    struct span *span = NULL;
    EnterCriticalSection(&caches.lock);
    if (!list_is_empty(&caches.abandoned[size_class])) {
        span = CONTAINING_RECORD(caches.abandoned[size_class].Flink, struct span, entry);
        list_remove(&span->entry);
        InterlockedExchangePointer((PVOID volatile *)&span->owner, cache);
        caches.adopted++;
    }
    LeaveCriticalSection(&caches.lock);
    return span;
}

void win_trim(void) {
    EnterCriticalSection(&caches.lock);
    for (unsigned size_class = 0; size_class < CLASS_COUNT; size_class++) {
        LIST_ENTRY *head = &caches.abandoned[size_class];
        for (LIST_ENTRY *entry = head->Flink, *next; entry != head; entry = next) {
            struct span *span = CONTAINING_RECORD(entry, struct span, entry);
            next = entry->Flink;
            span_collect(span);
            if (span->used == 0) {
                list_remove(entry);
                arena_give(span);
            }
        }
    }
    LeaveCriticalSection(&caches.lock);
}

void thread_cache_count(struct allocator_counts *counts) {
    EnterCriticalSection(&caches.lock);
    counts->caches_made = caches.made;
    counts->caches_reused = caches.reused;
    counts->threads_ended = caches.ended;
    counts->spans_adopted = caches.adopted;
    LeaveCriticalSection(&caches.lock);
}
