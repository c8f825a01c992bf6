// Condition variables, waits on addresses, one-time initialization, Sleep.
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

static volatile union {
    BYTE bytes[8];
    ULONG64 whole;
} shared_value;
static SIZE_T waited_size;

static void *wait_for_change(void *argument) {
    BYTE expected[8] = {0};
    (void)argument;
    while (shared_value.bytes[waited_size - 1] == 0)
        WaitOnAddress(shared_value.bytes, expected, waited_size, INFINITE);
    return NULL;
}

// Learn, WaitOnAddress
static void a_wait_on_each_size_ends_when_the_value_changes(void) {
    for (waited_size = 1; waited_size <= 8; waited_size *= 2)
        for (int round = 0; round < 200; round++) {
            pthread_t thread;
            shared_value.whole = 0;
            CHECK(pthread_create(&thread, NULL, wait_for_change, NULL) == 0);
            if (round % 2 == 0)
                Sleep(0);
            shared_value.bytes[waited_size - 1] = 1;
            if (round % 3 == 0)
                WakeByAddressAll((PVOID)shared_value.bytes);
            else
                WakeByAddressSingle((PVOID)shared_value.bytes);
            pthread_join(thread, NULL);
        }
}

// Learn, WaitOnAddress, Return value
static void a_value_that_differs_is_not_waited_for(void) {
    ULONG value = 5, other = 6, same = 5;
    GRANTED(WaitOnAddress(&value, &other, sizeof value, INFINITE));
    REFUSED(WaitOnAddress(&value, &same, sizeof value, 2), ERROR_TIMEOUT);
    REFUSED(WaitOnAddress(&value, &same, 3, 2), ERROR_INVALID_PARAMETER);
}

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

// Learn, Sleep: at least the time that was asked for
static PVOID found_in_slot;
static PVOID *slot_of_callback;

static BOOL CALLBACK leave_context_alone(PINIT_ONCE unused, PVOID parameter, PVOID *context) {
    (void)unused, (void)parameter;
    slot_of_callback = context;
    found_in_slot = context ? *context : NULL;
    return TRUE;
}

// A15.10: the callback gets the caller's own pointer; what stands there afterwards is the context.
static void the_callback_gets_the_callers_context(void) {
    INIT_ONCE other = INIT_ONCE_STATIC_INIT;
    PVOID context = (PVOID)0x123456789A0, second = NULL;
    GRANTED(InitOnceExecuteOnce(&other, leave_context_alone, NULL, &context));
    CHECK(slot_of_callback == &context && found_in_slot == (PVOID)0x123456789A0);
    CHECK(context == (PVOID)0x123456789A0);
    CHECK(other.Ptr == (PVOID)0x123456789A2);
    GRANTED(InitOnceExecuteOnce(&other, leave_context_alone, NULL, &second));
    CHECK(second == (PVOID)0x123456789A0);
    INIT_ONCE none = INIT_ONCE_STATIC_INIT;
    slot_of_callback = &context;
    GRANTED(InitOnceExecuteOnce(&none, leave_context_alone, NULL, NULL));
    CHECK(slot_of_callback == NULL && none.Ptr == (PVOID)2);
    // The low bits are the library's; nobody waits for ever for want of them.
    INIT_ONCE odd = INIT_ONCE_STATIC_INIT;
    context = (PVOID)0x1003;
    GRANTED(InitOnceExecuteOnce(&odd, leave_context_alone, NULL, &context));
    GRANTED(InitOnceExecuteOnce(&odd, leave_context_alone, NULL, &second));
    CHECK(second == (PVOID)0x1000);
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

static void sleep_lets_the_time_pass(void) {
    ULONGLONG before = GetTickCount64();
    Sleep(30);
    CHECK_EQUAL(SleepEx(30, FALSE), 0);
    // A tick of Windows' clock is up to 16 ms.
    CHECK(GetTickCount64() - before >= 60 - 16);
    Sleep(0);
}

TEST_PROGRAM(TEST(a_queue_loses_no_item), TEST(all_sleepers_are_woken),
             TEST(a_wait_that_nobody_ends_times_out_with_the_lock_held),
             TEST(a_wait_on_each_size_ends_when_the_value_changes),
             TEST(a_value_that_differs_is_not_waited_for),
             TEST(an_initialization_happens_once_and_all_get_its_context),
             TEST(a_failed_initialization_is_tried_again),
             TEST(asynchronous_initialization_is_won_by_the_first_to_complete),
             TEST(the_callback_gets_the_callers_context),
             TEST(an_asynchronous_initialization_cannot_fail), TEST(sleep_lets_the_time_pass))
