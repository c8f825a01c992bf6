// Condition variables.
#include "memory_checks.h"

#include <pthread.h>

static SRWLOCK slim = SRWLOCK_INIT;
static CRITICAL_SECTION section;
static CONDITION_VARIABLE full = CONDITION_VARIABLE_INIT, empty = CONDITION_VARIABLE_INIT;
static int queued, taken;

enum { items = 20000 };

static void *consume(void *argument) {
    (void)argument;
    for (int i = 0; i < items; i++) {
        AcquireSRWLockExclusive(&slim);
        while (queued == 0)
            SleepConditionVariableSRW(&full, &slim, INFINITE, 0);
        queued--;
        taken++;
        ReleaseSRWLockExclusive(&slim);
        WakeConditionVariable(&empty);
    }
    return NULL;
}

// Learn, Condition Variables
static void a_queue_loses_no_item(void) {
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, consume, NULL) == 0);
    for (int i = 0; i < items; i++) {
        AcquireSRWLockExclusive(&slim);
        while (queued == 8)
            SleepConditionVariableSRW(&empty, &slim, INFINITE, 0);
        queued++;
        ReleaseSRWLockExclusive(&slim);
        WakeConditionVariable(&full);
    }
    pthread_join(thread, NULL);
    CHECK_EQUAL(taken, items);
}

static int ready, woken;

static void *wait_until_ready(void *argument) {
    (void)argument;
    EnterCriticalSection(&section);
    while (!ready)
        SleepConditionVariableCS(&full, &section, INFINITE);
    woken++;
    LeaveCriticalSection(&section);
    return NULL;
}

// Learn, WakeAllConditionVariable
static void all_sleepers_are_woken(void) {
    pthread_t threads[4];
    InitializeConditionVariable(&full);
    InitializeCriticalSection(&section);
    for (int i = 0; i < 4; i++)
        CHECK(pthread_create(&threads[i], NULL, wait_until_ready, NULL) == 0);
    EnterCriticalSection(&section);
    ready = 1;
    LeaveCriticalSection(&section);
    WakeAllConditionVariable(&full);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    CHECK_EQUAL(woken, 4);
    DeleteCriticalSection(&section);
}

// Learn, SleepConditionVariableCS, Return value
static void a_wait_that_nobody_ends_times_out_with_the_lock_held(void) {
    InitializeCriticalSection(&section);
    EnterCriticalSection(&section);
    REFUSED(SleepConditionVariableCS(&full, &section, 2), ERROR_TIMEOUT);
    CHECK_EQUAL(section.RecursionCount, 1);
    LeaveCriticalSection(&section);
    AcquireSRWLockShared(&slim);
    REFUSED(SleepConditionVariableSRW(&full, &slim, 2, CONDITION_VARIABLE_LOCKMODE_SHARED),
            ERROR_TIMEOUT);
    CHECK(!TryAcquireSRWLockExclusive(&slim));
    ReleaseSRWLockShared(&slim);
    DeleteCriticalSection(&section);
}

TEST_PROGRAM(TEST(a_queue_loses_no_item), TEST(all_sleepers_are_woken),
             TEST(a_wait_that_nobody_ends_times_out_with_the_lock_held))
