// Linux only: what a thread gives back while another one is in the kernel, with each of its kernel calls
// refused in turn.
#include "enforcement_checks.h"
#include "fault_injection.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

enum { turns = 200, most_calls = 4 };

static atomic_bool stopping;

static void *keep_busy(void *page) {
    while (!stopping) {
        GRANTED(VirtualAlloc(page, page_size, MEM_COMMIT, PAGE_READWRITE));
        GRANTED(VirtualFree(page, page_size, MEM_DECOMMIT));
    }
    return NULL;
}

// Answers whether there was a call with this number.
static int decommit_with_call_refused(BYTE *page, int number) {
    memset(GRANTED(VirtualAlloc(page, page_size, MEM_COMMIT, PAGE_READWRITE)), 0x2A, page_size);
    SetLastError(UNTOUCHED_ERROR);
    arm_injection(number, ENOMEM);
    BOOL is_done = VirtualFree(page, page_size, MEM_DECOMMIT);
    int injected = disarm_injection();
    if (is_done) {
        CHECK_EQUAL(GetLastError(), UNTOUCHED_ERROR);
        CHECK_EQUAL(region_at(page).State, MEM_RESERVE);
        CHECK_ENFORCED(page, page_size);
        GRANTED(VirtualAlloc(page, page_size, MEM_COMMIT, PAGE_READWRITE));
        CHECK(every_byte_is(page, 0, page_size));
    } else {
        CHECK_EQUAL(GetLastError(), ERROR_NOT_ENOUGH_MEMORY);
        CHECK_COMMITTED(page, PAGE_READWRITE, page_size);
        CHECK_ENFORCED(page, page_size);
        CHECK(every_byte_is(page, 0x2A, page_size));
    }
    GRANTED(VirtualFree(page, page_size, MEM_DECOMMIT));
    return injected;
}

// Source: design page, section 5.
static void a_decommit_beside_another_thread_is_granted_or_changes_nothing(void) {
    BYTE *block = reserved_pages(16), *others = reserved_pages(16);
    pthread_t thread;
    int injected = 0;
    CHECK_EQUAL(pthread_create(&thread, NULL, keep_busy, others), 0);
    for (int turn = 0; turn < turns; turn++) {
        int number = 1 + turn % most_calls;
        check_row("turn %d, call %d refused", turn, number);
        injected += decommit_with_call_refused(block + 4 * page_size, number);
    }
    CHECK(injected >= turns / most_calls);
    stopping = true;
    CHECK_EQUAL(pthread_join(thread, NULL), 0);
    release(block);
    release(others);
}

TEST_PROGRAM(TEST(a_decommit_beside_another_thread_is_granted_or_changes_nothing))
