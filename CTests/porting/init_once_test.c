// One-time initialization.
#include "memory_checks.h"

#include <pthread.h>

static volatile LONG initializations;

static BOOL WINAPI initialize(PINIT_ONCE once, PVOID parameter, PVOID *context) {
    (void)once;
    InterlockedIncrement(&initializations);
    Sleep(1);
    *context = parameter;
    return parameter != NULL;
}

static INIT_ONCE once = INIT_ONCE_STATIC_INIT;

static void *execute_once(void *argument) {
    PVOID context = NULL;
    (void)argument;
    if (!InitOnceExecuteOnce(&once, initialize, (PVOID)0x1230, &context) ||
        context != (PVOID)0x1230)
        InterlockedExchangeAdd(&initializations, 1000);
    return NULL;
}

// Learn, InitOnceExecuteOnce
static void an_initialization_happens_once_and_all_get_its_context(void) {
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        CHECK(pthread_create(&threads[i], NULL, execute_once, NULL) == 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    CHECK_EQUAL(initializations, 1);
}

// Learn, InitOnceExecuteOnce
static void a_failed_initialization_is_tried_again(void) {
    INIT_ONCE other;
    PVOID context = NULL;
    InitOnceInitialize(&other);
    initializations = 0;
    CHECK(!InitOnceExecuteOnce(&other, initialize, NULL, &context));
    CHECK(InitOnceExecuteOnce(&other, initialize, (PVOID)0x10, &context));
    CHECK_EQUAL(initializations, 2);
    CHECK(context == (PVOID)0x10);
}

// Learn, InitOnceBeginInitialize
static void asynchronous_initialization_is_won_by_the_first_to_complete(void) {
    INIT_ONCE other = INIT_ONCE_STATIC_INIT;
    BOOL pending = FALSE;
    PVOID context = NULL;
    REFUSED(InitOnceBeginInitialize(&other, INIT_ONCE_CHECK_ONLY, &pending, &context),
            ERROR_GEN_FAILURE);
    GRANTED(InitOnceBeginInitialize(&other, INIT_ONCE_ASYNC, &pending, &context));
    CHECK(pending);
    GRANTED(InitOnceBeginInitialize(&other, INIT_ONCE_ASYNC, &pending, &context));
    CHECK(pending);
    REFUSED(InitOnceBeginInitialize(&other, 0, &pending, &context), ERROR_INVALID_PARAMETER);
    GRANTED(InitOnceComplete(&other, INIT_ONCE_ASYNC, (PVOID)0x40));
    CHECK(!InitOnceComplete(&other, INIT_ONCE_ASYNC, (PVOID)0x80));
    GRANTED(InitOnceBeginInitialize(&other, INIT_ONCE_CHECK_ONLY, &pending, &context));
    CHECK(!pending);
    CHECK(context == (PVOID)0x40);
}

// A15.10
static void an_asynchronous_initialization_cannot_fail(void) {
    INIT_ONCE other = INIT_ONCE_STATIC_INIT;
    BOOL pending = FALSE;
    GRANTED(InitOnceBeginInitialize(&other, INIT_ONCE_ASYNC, &pending, NULL));
    REFUSED(InitOnceComplete(&other, INIT_ONCE_INIT_FAILED, NULL), ERROR_INVALID_PARAMETER);
    REFUSED(InitOnceComplete(&other, INIT_ONCE_INIT_FAILED | INIT_ONCE_ASYNC, NULL),
            ERROR_INVALID_PARAMETER);
    REFUSED(InitOnceComplete(&other, 0, NULL), ERROR_INVALID_PARAMETER);
    GRANTED(InitOnceComplete(&other, INIT_ONCE_ASYNC, NULL));
}

TEST_PROGRAM(TEST(an_initialization_happens_once_and_all_get_its_context),
             TEST(a_failed_initialization_is_tried_again),
             TEST(asynchronous_initialization_is_won_by_the_first_to_complete),
             TEST(an_asynchronous_initialization_cannot_fail))
