// GetLastError and SetLastError: one value per thread, set by refusals, untouched by success.
#include "memory_checks.h"

#include <errno.h>
#include <pthread.h>

// Learn, SetLastError: the value is stored as given.
static void every_bit_of_the_value_is_kept(void) {
    for (DWORD bit = 1; bit != 0; bit <<= 1) {
        SetLastError(bit);
        CHECK_EQUAL(GetLastError(), bit);
    }
    SetLastError(0xFFFFFFFFu);
    CHECK_EQUAL(GetLastError(), 0xFFFFFFFFu);
    SetLastError(0);
    CHECK_EQUAL(GetLastError(), 0);
}

// 3.67, 4.37, 5.24
static void success_leaves_the_value_alone(void) {
    DWORD before;
    MEMORY_BASIC_INFORMATION region;
    void *base = GRANTED(VirtualAlloc(NULL, page_size, MEM_RESERVE, PAGE_READWRITE));
    GRANTED(VirtualAlloc(base, page_size, MEM_COMMIT, PAGE_READWRITE));
    GRANTED(VirtualProtect(base, page_size, PAGE_READONLY, &before));
    GRANTED(VirtualQuery(base, &region, sizeof region));
    GRANTED(VirtualLock(base, page_size));
    GRANTED(VirtualUnlock(base, page_size));
    GRANTED(VirtualFree(base, page_size, MEM_DECOMMIT));
    GRANTED(VirtualFree(base, 0, MEM_RELEASE));
}

// 3.67, 4.37
static void a_refusal_sets_the_value_even_when_it_was_set_already(void) {
    SetLastError(0);
    CHECK(VirtualAlloc(NULL, 0, MEM_RESERVE, PAGE_READWRITE) == NULL);
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    BYTE *space = free_space(page_size);
    SetLastError(ERROR_INVALID_PARAMETER);
    CHECK(VirtualAlloc(space, page_size, MEM_COMMIT, PAGE_READWRITE) == NULL);
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_ADDRESS);
}

// A call that goes on from another last error must not disturb the C library's errno either.
static void errno_is_left_alone_by_success_and_by_refusal(void) {
    errno = 4242;
    BYTE *base = committed_pages(2);
    CHECK(!VirtualFree(base + page_size, 0, MEM_RELEASE));
    CHECK(!VirtualLock(base + 4 * page_size, page_size));
    release(base);
    CHECK_EQUAL(errno, 4242);
}

struct turn {
    int may_begin, is_over;
    DWORD seen_first;
    DWORD seen_after_refusal;
    DWORD seen_at_the_end;
};

static void *refuse_in_another_thread(void *argument) {
    struct turn *turn = (struct turn *)argument;
    while (!__atomic_load_n(&turn->may_begin, __ATOMIC_ACQUIRE))
        ;
    turn->seen_first = GetLastError();
    VirtualAlloc(NULL, 0, MEM_RESERVE, PAGE_READWRITE);
    turn->seen_after_refusal = GetLastError();
    SetLastError(0x1234);
    turn->seen_at_the_end = GetLastError();
    __atomic_store_n(&turn->is_over, 1, __ATOMIC_RELEASE);
    return NULL;
}

// Learn, GetLastError: the value is kept per thread; a new thread begins with zero.
static void each_thread_has_its_own_value(void) {
    pthread_t thread;
    struct turn turn = {0, 0, 1, 0, 0};
    CHECK_EQUAL(pthread_create(&thread, NULL, refuse_in_another_thread, &turn), 0);
    SetLastError(UNTOUCHED_ERROR);
    __atomic_store_n(&turn.may_begin, 1, __ATOMIC_RELEASE);
    while (!__atomic_load_n(&turn.is_over, __ATOMIC_ACQUIRE))
        ;
    CHECK_EQUAL(GetLastError(), UNTOUCHED_ERROR);
    CHECK_EQUAL(pthread_join(thread, NULL), 0);
    CHECK_EQUAL(turn.seen_first, 0);
    CHECK_EQUAL(turn.seen_after_refusal, ERROR_INVALID_PARAMETER);
    CHECK_EQUAL(turn.seen_at_the_end, 0x1234);
}

static void *count_foreign_values(void *argument) {
    DWORD mine = (DWORD)(ULONG_PTR)argument;
    ULONG_PTR foreign = 0;
    for (int i = 0; i < 20000; i++) {
        SetLastError(mine + (DWORD)i);
        foreign += GetLastError() != mine + (DWORD)i;
        VirtualFree(NULL, 1, MEM_RELEASE);
        foreign += GetLastError() != ERROR_INVALID_PARAMETER;
    }
    return (void *)foreign;
}

static void threads_that_refuse_at_once_never_see_each_other(void) {
    pthread_t threads[4];
    for (ULONG_PTR i = 0; i < 4; i++)
        CHECK_EQUAL(pthread_create(&threads[i], NULL, count_foreign_values, (void *)(i << 24)), 0);
    for (int i = 0; i < 4; i++) {
        void *foreign = NULL;
        CHECK_EQUAL(pthread_join(threads[i], &foreign), 0);
        CHECK_EQUAL((ULONG_PTR)foreign, 0);
    }
}

TEST_PROGRAM(TEST(every_bit_of_the_value_is_kept), TEST(success_leaves_the_value_alone),
             TEST(a_refusal_sets_the_value_even_when_it_was_set_already),
             TEST(errno_is_left_alone_by_success_and_by_refusal),
             TEST(each_thread_has_its_own_value),
             TEST(threads_that_refuse_at_once_never_see_each_other))
