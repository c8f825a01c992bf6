// Offer, reclaim and discard while other threads do the same and change the pages.
#include "memory_checks.h"

#include <pthread.h>

enum { thread_count = 3, page_count = 16, round_count = 3000 };

static BYTE *base;

// 7.14 to 7.17: each answer is one that some order of the calls gives.
static void *change_pages(void *argument) {
    unsigned state = (unsigned)(ULONG_PTR)argument * 7919 + 1;
    for (int i = 0; i < round_count; i++) {
        state = state * 1103515245 + 12345;
        BYTE *pages = base + (state >> 8) % (page_count - 3) * page_size;
        SIZE_T byte_count = (1 + (state >> 16) % 4) * page_size;
        DWORD code = 0, before;
        switch ((state >> 20) % 6) {
        case 0:
            code = OfferVirtualMemory(pages, byte_count, VmOfferPriorityLow);
            break;
        case 1:
            code = ReclaimVirtualMemory(pages, byte_count);
            break;
        case 2:
            code = DiscardVirtualMemory(pages, byte_count);
            break;
        case 3:
            CHECK(VirtualFree(pages, page_size, MEM_DECOMMIT));
            break;
        case 4:
            CHECK(VirtualAlloc(pages, byte_count, MEM_COMMIT, PAGE_READWRITE) != NULL);
            break;
        default:
            CHECK(VirtualProtect(pages, page_size, PAGE_READONLY, &before) ||
                  GetLastError() == ERROR_INVALID_ADDRESS);
        }
        CHECK(code == ERROR_SUCCESS || code == ERROR_BUSY || code == ERROR_INVALID_PARAMETER ||
              code == ERROR_INVALID_ADDRESS);
    }
    return NULL;
}

static void threads_may_offer_and_reclaim_the_same_pages(void) {
    pthread_t threads[thread_count];
    base = committed_pages(page_count);
    for (ULONG_PTR i = 0; i < thread_count; i++)
        CHECK(pthread_create(&threads[i], NULL, change_pages, (void *)i) == 0);
    for (int i = 0; i < thread_count; i++)
        pthread_join(threads[i], NULL);
    GRANTED(VirtualFree(base, page_count * page_size, MEM_DECOMMIT));
    GRANTED(VirtualAlloc(base, page_count * page_size, MEM_COMMIT, PAGE_READWRITE));
    CHECK(every_byte_is(base, 0, page_count * page_size));
    CHECK_EQUAL(OfferVirtualMemory(base, page_count * page_size, VmOfferPriorityLow), 0);
    CHECK_EQUAL(ReclaimVirtualMemory(base, page_count * page_size), 0);
    release(base);
}

TEST_PROGRAM(TEST(threads_may_offer_and_reclaim_the_same_pages))
