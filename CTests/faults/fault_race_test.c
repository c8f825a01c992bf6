// Many threads faulting at once, on the same pages, while handlers come and go
// (behaviour 8.1, 8.21, 8.23); and many handlers.
#include "exception_log.h"

#include <pthread.h>

enum { RACERS = 4, ROUNDS = 300 };
static BYTE *volatile contested_page;
static volatile LONG guard_exceptions, other_exceptions;
static pthread_barrier_t start, finish;

static LONG CALLBACK count_exceptions(EXCEPTION_POINTERS *exception) {
    if (exception->ExceptionRecord->ExceptionCode != EXCEPTION_GUARD_PAGE) {
        __atomic_add_fetch(&other_exceptions, 1, __ATOMIC_SEQ_CST);
        return EXCEPTION_CONTINUE_SEARCH;
    }
    __atomic_add_fetch(&guard_exceptions, 1, __ATOMIC_SEQ_CST);
    return EXCEPTION_CONTINUE_EXECUTION;
}

static void *touch_contested_page(void *number) {
    for (int round = 0; round < ROUNDS; round++) {
        pthread_barrier_wait(&start);
        write_byte(contested_page + (ULONG_PTR)number, 1);
        pthread_barrier_wait(&finish);
    }
    return NULL;
}

// 8.1: each arming fires exactly once, whoever comes first.
static void racing_threads_share_one_exception_for_each_arming(void) {
    contested_page = committed_pages(1);
    void *handle = AddVectoredExceptionHandler(1, count_exceptions);
    pthread_t threads[RACERS];
    pthread_barrier_init(&start, NULL, RACERS + 1);
    pthread_barrier_init(&finish, NULL, RACERS + 1);
    for (ULONG_PTR i = 0; i < RACERS; i++)
        CHECK_EQUAL(pthread_create(&threads[i], NULL, touch_contested_page, (void *)i), 0);
    int wrong_rounds = 0;
    for (int round = 0; round < ROUNDS; round++) {
        DWORD before;
        guard_exceptions = 0;
        VirtualProtect(contested_page, page_size, PAGE_READWRITE | PAGE_GUARD, &before);
        pthread_barrier_wait(&start);
        pthread_barrier_wait(&finish);
        wrong_rounds += guard_exceptions != 1;
    }
    for (int i = 0; i < RACERS; i++)
        pthread_join(threads[i], NULL);
    CHECK_EQUAL(wrong_rounds, 0);
    CHECK_EQUAL(other_exceptions, 0);
    RemoveVectoredExceptionHandler(handle);
    release(contested_page);
}

enum { CROWD = 64, CROWD_PAGES = 512 };
static BYTE *crowded_region;
static volatile LONG commits, wrong_reads;

static LONG CALLBACK commit_for_the_crowd(EXCEPTION_POINTERS *exception) {
    BYTE *address = (BYTE *)exception->ExceptionRecord->ExceptionInformation[1];
    if (exception->ExceptionRecord->ExceptionCode != EXCEPTION_ACCESS_VIOLATION ||
        address < crowded_region || address >= crowded_region + CROWD_PAGES * page_size)
        return EXCEPTION_CONTINUE_SEARCH;
    __atomic_add_fetch(&commits, 1, __ATOMIC_SEQ_CST);
    return VirtualAlloc(address, 1, MEM_COMMIT, PAGE_READWRITE) ? EXCEPTION_CONTINUE_EXECUTION
                                                                : EXCEPTION_CONTINUE_SEARCH;
}

// Every thread walks all pages, from a place of its own, and adds one to a word of each.
static void *walk_all_pages(void *number) {
    pthread_barrier_wait(&start);
    for (ULONG_PTR step = 0; step < CROWD_PAGES; step++) {
        ULONG_PTR page = (step * 7 + (ULONG_PTR)number * 8) % CROWD_PAGES;
        __atomic_add_fetch((LONG *)(crowded_region + page * page_size), 1, __ATOMIC_SEQ_CST);
    }
    return NULL;
}

// 8.23: no commit is lost (a count would start again at zero) and nobody waits for ever.
static void sixty_four_threads_share_the_pages_that_their_handlers_commit(void) {
    crowded_region = reserved_pages(CROWD_PAGES);
    commits = 0;
    void *handle = AddVectoredExceptionHandler(1, commit_for_the_crowd);
    pthread_t threads[CROWD];
    pthread_barrier_init(&start, NULL, CROWD);
    for (ULONG_PTR i = 0; i < CROWD; i++)
        CHECK_EQUAL(pthread_create(&threads[i], NULL, walk_all_pages, (void *)i), 0);
    for (int i = 0; i < CROWD; i++)
        pthread_join(threads[i], NULL);
    for (SIZE_T page = 0; page < CROWD_PAGES; page++)
        wrong_reads += *(LONG *)(crowded_region + page * page_size) != CROWD;
    CHECK_EQUAL(wrong_reads, 0);
    CHECK(commits >= CROWD_PAGES);
    CHECK_COMMITTED(crowded_region, PAGE_READWRITE, CROWD_PAGES * page_size);
    RemoveVectoredExceptionHandler(handle);
    release(crowded_region);
}

enum { FAULTERS = 3, FAULTS = 2000 };
static volatile int faulters_left;

static void *fault_again_and_again(void *unused) {
    (void)unused;
    BYTE *page = reserved_pages(1);
    for (int i = 0; i < FAULTS; i++) {
        write_byte(page, 1);
        VirtualFree(page, page_size, MEM_DECOMMIT);
    }
    release(page);
    __atomic_sub_fetch(&faulters_left, 1, __ATOMIC_SEQ_CST);
    return NULL;
}

static LONG CALLBACK commit_whatever(EXCEPTION_POINTERS *exception) {
    return commit_the_page(exception);
}
static LONG CALLBACK look_on(EXCEPTION_POINTERS *exception) {
    (void)exception;
    return EXCEPTION_CONTINUE_SEARCH;
}

// 8.16, 8.21: lists may change while other threads walk them.
static void handlers_come_and_go_while_other_threads_fault(void) {
    void *cure = AddVectoredExceptionHandler(0, commit_whatever);
    pthread_t threads[FAULTERS];
    int refused = 0, rounds = 0;
    faulters_left = FAULTERS;
    for (int i = 0; i < FAULTERS; i++)
        CHECK_EQUAL(pthread_create(&threads[i], NULL, fault_again_and_again, NULL), 0);
    for (; faulters_left > 0; rounds++) {
        void *first = AddVectoredExceptionHandler(1, look_on);
        void *last = AddVectoredExceptionHandler(0, look_on);
        refused += !RemoveVectoredExceptionHandler(first);
        refused += !RemoveVectoredExceptionHandler(last);
    }
    for (int i = 0; i < FAULTERS; i++)
        pthread_join(threads[i], NULL);
    CHECK_EQUAL(refused, 0);
    CHECK(rounds > 0);
    CHECK(RemoveVectoredExceptionHandler(cure) != 0);
}

enum { MOST_HANDLERS = 1000 }; // errhandlingapi.h

static void the_thousand_and_first_handler_is_refused(void) {
    static void *handles[MOST_HANDLERS];
    for (int i = 0; i < MOST_HANDLERS; i++)
        handles[i] = AddVectoredExceptionHandler(i % 2, look_on);
    CHECK(handles[MOST_HANDLERS - 1] != NULL);
    REFUSED(AddVectoredExceptionHandler(1, look_on), ERROR_NOT_ENOUGH_MEMORY);
    REFUSED(AddVectoredExceptionHandler(1, NULL), ERROR_INVALID_PARAMETER);
    CHECK(RemoveVectoredExceptionHandler(handles[500]) != 0);
    handles[500] = GRANTED(AddVectoredExceptionHandler(1, look_on));
    int refused = 0;
    for (int i = 0; i < MOST_HANDLERS; i++)
        refused += !RemoveVectoredExceptionHandler(handles[i]);
    CHECK_EQUAL(refused, 0);
}

TEST_PROGRAM(TEST(racing_threads_share_one_exception_for_each_arming),
             TEST(sixty_four_threads_share_the_pages_that_their_handlers_commit),
             TEST(handlers_come_and_go_while_other_threads_fault),
             TEST(the_thousand_and_first_handler_is_refused))
