// Locks at every address: packed structures of programs have them where no pointer is aligned.
#include "check.h"

#include <pthread.h>

enum { thread_count = 4, round_count = 4000 };

// One more than fits between two 64-byte lines, so that objects lie across them too.
static _Alignas(64) BYTE memory[256];
static BYTE *place;
static volatile LONG counter;
static volatile LONG ready;

static const size_t offsets[] = {1, 2, 3, 4, 5, 6, 7, 57, 59, 61, 62, 63};
#define FOR_EVERY_PLACE(byte_count)                                                                \
    for (size_t i = 0; i < sizeof offsets / sizeof offsets[0]; i++)                                \
        if (check_row("offset %d", (int)offsets[i]), memset(memory, 0xA5, sizeof memory),          \
            place = memory + offsets[i], 1)

static void check_surroundings(size_t byte_count) {
    for (BYTE *byte = memory; byte < memory + sizeof memory; byte++)
        if (byte < place || byte >= place + byte_count)
            CHECK_EQUAL(*byte, 0xA5);
}

static void in_threads(void *(*body)(void *)) {
    pthread_t threads[thread_count];
    for (int i = 0; i < thread_count; i++)
        CHECK(pthread_create(&threads[i], NULL, body, NULL) == 0);
    for (int i = 0; i < thread_count; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
}

static void *count_exclusively(void *unused) {
    for (int i = 0; i < round_count; i++) {
        AcquireSRWLockExclusive((PSRWLOCK)(void *)place);
        counter = counter + 1;
        ReleaseSRWLockExclusive((PSRWLOCK)(void *)place);
        AcquireSRWLockShared((PSRWLOCK)(void *)place);
        ReleaseSRWLockShared((PSRWLOCK)(void *)place);
    }
    return unused;
}

// Observed: any alignment will do.
static void a_reader_writer_lock_excludes(void) {
    FOR_EVERY_PLACE(8) {
        InitializeSRWLock((PSRWLOCK)(void *)place);
        counter = 0;
        in_threads(count_exclusively);
        CHECK_EQUAL(counter, thread_count * round_count);
        check_surroundings(sizeof(SRWLOCK));
    }
}

static void *count_in_section(void *unused) {
    LPCRITICAL_SECTION section = (LPCRITICAL_SECTION)(void *)place;
    for (int i = 0; i < round_count; i++) {
        EnterCriticalSection(section);
        EnterCriticalSection(section);
        counter = counter + 1;
        LeaveCriticalSection(section);
        LeaveCriticalSection(section);
    }
    return unused;
}

static LONG lock_count(void) {
    LONG count;
    memcpy(&count, place + 8, sizeof count);
    return count;
}

// Observed: any alignment will do.
static void a_critical_section_excludes(void) {
    FOR_EVERY_PLACE(40) {
        LPCRITICAL_SECTION section = (LPCRITICAL_SECTION)(void *)place;
        CHECK(InitializeCriticalSectionAndSpinCount(section, 100));
        CHECK_EQUAL(lock_count(), -1);
        counter = 0;
        in_threads(count_in_section);
        CHECK_EQUAL(counter, thread_count * round_count);
        EnterCriticalSection(section);
        CHECK(lock_count() != -1);
        LeaveCriticalSection(section);
        CHECK_EQUAL(lock_count(), -1);
        DeleteCriticalSection(section);
        check_surroundings(sizeof(CRITICAL_SECTION));
    }
}

static SRWLOCK lock = SRWLOCK_INIT;

static void *wait_until_ready(void *unused) {
    AcquireSRWLockExclusive(&lock);
    InterlockedIncrement(&counter);
    while (!ready)
        CHECK(SleepConditionVariableSRW((PCONDITION_VARIABLE)(void *)place, &lock, INFINITE, 0));
    ReleaseSRWLockExclusive(&lock);
    return unused;
}

static void *wake_them(void *unused) {
    while (counter < thread_count)
        Sleep(0);
    AcquireSRWLockExclusive(&lock);
    ready = 1;
    ReleaseSRWLockExclusive(&lock);
    WakeAllConditionVariable((PCONDITION_VARIABLE)(void *)place);
    return unused;
}

// Observed: any alignment will do.
static void a_condition_variable_wakes_and_times_out(void) {
    FOR_EVERY_PLACE(8) {
        PCONDITION_VARIABLE condition = (PCONDITION_VARIABLE)(void *)place;
        pthread_t waker;
        InitializeConditionVariable(condition);
        AcquireSRWLockExclusive(&lock);
        ULONGLONG begin = GetTickCount64();
        REFUSED(SleepConditionVariableSRW(condition, &lock, 20, 0), ERROR_TIMEOUT);
        CHECK(GetTickCount64() - begin >= 20 - 16); // a tick of Windows' clock is up to 16 ms
        ReleaseSRWLockExclusive(&lock);
        counter = ready = 0;
        CHECK(pthread_create(&waker, NULL, wake_them, NULL) == 0);
        in_threads(wait_until_ready);
        CHECK(pthread_join(waker, NULL) == 0);
        check_surroundings(sizeof(CONDITION_VARIABLE));
    }
}

static volatile LONG tokens, taken;

static void *take_tokens(void *unused) {
    for (int i = 0; i < 500; i++) {
        AcquireSRWLockExclusive(&lock);
        while (tokens == 0)
            CHECK(
                SleepConditionVariableSRW((PCONDITION_VARIABLE)(void *)place, &lock, INFINITE, 0));
        tokens = tokens - 1;
        taken = taken + 1;
        ReleaseSRWLockExclusive(&lock);
    }
    return unused;
}

static void *give_tokens(void *unused) {
    for (int i = 0; i < 500 * thread_count; i++) {
        AcquireSRWLockExclusive(&lock);
        tokens = tokens + 1;
        ReleaseSRWLockExclusive(&lock);
        WakeConditionVariable((PCONDITION_VARIABLE)(void *)place);
    }
    return unused;
}

// No wake-up is lost while threads come to sleep and go.
static void every_token_wakes_somebody(void) {
    FOR_EVERY_PLACE(8) {
        pthread_t giver;
        InitializeConditionVariable((PCONDITION_VARIABLE)(void *)place);
        tokens = taken = 0;
        CHECK(pthread_create(&giver, NULL, give_tokens, NULL) == 0);
        in_threads(take_tokens);
        CHECK(pthread_join(giver, NULL) == 0);
        CHECK_EQUAL(taken, 500 * thread_count);
    }
}

static BOOL CALLBACK initialize(PINIT_ONCE once, PVOID parameter, PVOID *context) {
    CHECK((BYTE *)once == place && parameter == &counter);
    Sleep(1);
    InterlockedIncrement(&counter);
    *context = (PVOID)0x123456789ABCDEF0;
    return TRUE;
}

static void *execute_once(void *unused) {
    PVOID context = NULL;
    CHECK(InitOnceExecuteOnce((PINIT_ONCE)(void *)place, initialize, (PVOID)&counter, &context));
    CHECK(context == (PVOID)0x123456789ABCDEF0);
    return unused;
}

// Observed: any alignment will do.
static void an_initialization_happens_once(void) {
    FOR_EVERY_PLACE(8) {
        InitOnceInitialize((PINIT_ONCE)(void *)place);
        counter = 0;
        in_threads(execute_once);
        CHECK_EQUAL(counter, 1);
        check_surroundings(sizeof(INIT_ONCE));
    }
}

static void *complete_together(void *unused) {
    BOOL pending = FALSE;
    PVOID context = (PVOID)(ULONG_PTR)(GetCurrentThreadId() * 0x10000000100ull), seen = NULL;
    if (InitOnceBeginInitialize((PINIT_ONCE)(void *)place, INIT_ONCE_ASYNC, &pending, &seen) &&
        pending && InitOnceComplete((PINIT_ONCE)(void *)place, INIT_ONCE_ASYNC, context))
        InterlockedIncrement(&counter);
    CHECK(
        InitOnceBeginInitialize((PINIT_ONCE)(void *)place, INIT_ONCE_CHECK_ONLY, &pending, &seen));
    // Whole, not a mixture of two threads' values.
    CHECK_EQUAL((ULONG_PTR)seen >> 40, (ULONG_PTR)seen >> 8 & 0xFFFFFF);
    return unused;
}

// Learn, InitOnceComplete: the first to complete wins.
static void of_several_initializations_one_wins(void) {
    FOR_EVERY_PLACE(8) for (int round = 0; round < 100; round++) {
        InitOnceInitialize((PINIT_ONCE)(void *)place);
        counter = 0;
        in_threads(complete_together);
        CHECK_EQUAL(counter, 1);
    }
}

TEST_PROGRAM(TEST(a_reader_writer_lock_excludes), TEST(a_critical_section_excludes),
             TEST(a_condition_variable_wakes_and_times_out), TEST(every_token_wakes_somebody),
             TEST(an_initialization_happens_once), TEST(of_several_initializations_one_wins))
