// Slim reader/writer locks and critical sections: what they exclude, recursion, and how they look.
#include "memory_checks.h"

#include <pthread.h>

enum { thread_count = 4, rounds = 20000 };

static SRWLOCK slim = SRWLOCK_INIT;
static CRITICAL_SECTION section;
static volatile LONG inside_exclusively, inside_shared, mistakes;
static LONG guarded_count;

static void run_threads(void *(*body)(void *)) {
    pthread_t threads[thread_count];
    for (SIZE_T i = 0; i < thread_count; i++)
        CHECK(pthread_create(&threads[i], NULL, body, (void *)i) == 0);
    for (SIZE_T i = 0; i < thread_count; i++)
        pthread_join(threads[i], NULL);
}

static void *read_and_write(void *argument) {
    for (int i = 0; i < rounds; i++) {
        if ((i + (int)(SIZE_T)argument) % 4 == 0) {
            AcquireSRWLockExclusive(&slim);
            if (InterlockedIncrement(&inside_exclusively) != 1 || inside_shared != 0)
                InterlockedIncrement(&mistakes);
            guarded_count++;
            InterlockedDecrement(&inside_exclusively);
            ReleaseSRWLockExclusive(&slim);
        } else {
            AcquireSRWLockShared(&slim);
            InterlockedIncrement(&inside_shared);
            if (inside_exclusively != 0)
                InterlockedIncrement(&mistakes);
            InterlockedDecrement(&inside_shared);
            ReleaseSRWLockShared(&slim);
        }
    }
    return NULL;
}

// Learn, Slim Reader/Writer (SRW) Locks
static void writers_are_alone_and_readers_are_not_with_them(void) {
    guarded_count = mistakes = 0;
    run_threads(read_and_write);
    CHECK_EQUAL(mistakes, 0);
    CHECK_EQUAL(guarded_count, thread_count * rounds / 4);
    CHECK(slim.Ptr == NULL);
}

// Learn, TryAcquireSRWLockExclusive
static void trying_tells_whether_the_lock_was_taken(void) {
    SRWLOCK lock;
    InitializeSRWLock(&lock);
    CHECK(TryAcquireSRWLockShared(&lock));
    CHECK(TryAcquireSRWLockShared(&lock));
    CHECK(!TryAcquireSRWLockExclusive(&lock));
    ReleaseSRWLockShared(&lock);
    CHECK(!TryAcquireSRWLockExclusive(&lock));
    ReleaseSRWLockShared(&lock);
    CHECK(TryAcquireSRWLockExclusive(&lock));
    CHECK(!TryAcquireSRWLockExclusive(&lock));
    CHECK(!TryAcquireSRWLockShared(&lock));
    ReleaseSRWLockExclusive(&lock);
    CHECK(lock.Ptr == NULL);
}

static void *enter_twice(void *argument) {
    (void)argument;
    for (int i = 0; i < rounds; i++) {
        EnterCriticalSection(&section);
        if (i % 3 == 0)
            EnterCriticalSection(&section);
        if (InterlockedIncrement(&inside_exclusively) != 1)
            InterlockedIncrement(&mistakes);
        guarded_count++;
        InterlockedDecrement(&inside_exclusively);
        if (i % 3 == 0)
            LeaveCriticalSection(&section);
        LeaveCriticalSection(&section);
    }
    return NULL;
}

// Learn, Critical Section Objects
static void a_critical_section_is_for_one_thread(void) {
    guarded_count = mistakes = 0;
    InitializeCriticalSection(&section);
    run_threads(enter_twice);
    CHECK_EQUAL(mistakes, 0);
    CHECK_EQUAL(guarded_count, thread_count * rounds);
    CHECK_EQUAL(section.LockCount, (ULONG64)(LONG64)-1);
    DeleteCriticalSection(&section);
}

static void *try_to_enter(void *argument) {
    *(BOOL *)argument = TryEnterCriticalSection(&section);
    if (*(BOOL *)argument)
        LeaveCriticalSection(&section);
    return NULL;
}

// Learn, TryEnterCriticalSection
static void the_holder_may_enter_again_and_others_not(void) {
    BOOL entered = TRUE;
    pthread_t thread;
    CHECK(InitializeCriticalSectionAndSpinCount(&section, 100));
    CHECK(TryEnterCriticalSection(&section));
    CHECK(TryEnterCriticalSection(&section));
    CHECK_EQUAL(section.RecursionCount, 2);
    CHECK_EQUAL((ULONG_PTR)section.OwningThread, GetCurrentThreadId());
    CHECK(pthread_create(&thread, NULL, try_to_enter, &entered) == 0);
    pthread_join(thread, NULL);
    CHECK(!entered);
    LeaveCriticalSection(&section);
    LeaveCriticalSection(&section);
    CHECK(section.OwningThread == NULL);
    CHECK(pthread_create(&thread, NULL, try_to_enter, &entered) == 0);
    pthread_join(thread, NULL);
    CHECK(entered);
    DeleteCriticalSection(&section);
}

// Learn, SetCriticalSectionSpinCount
static void the_spin_count_is_kept(void) {
    SYSTEM_INFO machine;
    GetSystemInfo(&machine);
    CHECK(InitializeCriticalSectionEx(&section, 100, CRITICAL_SECTION_NO_DEBUG_INFO));
    DWORD first = SetCriticalSectionSpinCount(&section, 200);
    // On one processor there is nothing to spin for.
    CHECK(first == 100 || machine.dwNumberOfProcessors == 1);
    DeleteCriticalSection(&section);
}

TEST_PROGRAM(TEST(writers_are_alone_and_readers_are_not_with_them),
             TEST(trying_tells_whether_the_lock_was_taken),
             TEST(a_critical_section_is_for_one_thread),
             TEST(the_holder_may_enter_again_and_others_not), TEST(the_spin_count_is_kept))
