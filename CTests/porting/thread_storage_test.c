// Tls* and Fls*: a value for each thread, callbacks when threads end and indices are freed.
#include "memory_checks.h"

#include <pthread.h>

static DWORD tls, fls;
static volatile LONG callbacks;
static void *volatile last_data;

static void WINAPI count_callback(PVOID data) {
    InterlockedIncrement(&callbacks);
    last_data = data;
}

static void in_a_thread(void *(*body)(void *), void *argument) {
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, body, argument) == 0);
    pthread_join(thread, NULL);
}

static void *use_own_values(void *argument) {
    CHECK(TlsGetValue(tls) == NULL);
    CHECK(FlsGetValue(fls) == NULL);
    CHECK(TlsSetValue(tls, argument));
    CHECK(FlsSetValue(fls, argument));
    CHECK(TlsGetValue(tls) == argument);
    CHECK(FlsGetValue(fls) == argument);
    return NULL;
}

// Learn, Thread Local Storage; FlsCallback
static void every_thread_has_its_own_values(void) {
    callbacks = 0;
    tls = TlsAlloc();
    fls = FlsAlloc(count_callback);
    CHECK(tls != TLS_OUT_OF_INDEXES && fls != FLS_OUT_OF_INDEXES && fls != 0);
    GRANTED(TlsSetValue(tls, (PVOID)0x11));
    GRANTED(FlsSetValue(fls, (PVOID)0x22));
    in_a_thread(use_own_values, (PVOID)0x33);
    CHECK_EQUAL(callbacks, 1);
    CHECK(last_data == (PVOID)0x33);
    CHECK(TlsGetValue(tls) == (PVOID)0x11);
    CHECK(FlsGetValue(fls) == (PVOID)0x22);
    GRANTED(TlsFree(tls));
    GRANTED(FlsFree(fls));
    CHECK_EQUAL(callbacks, 2);
    CHECK(last_data == (PVOID)0x22);
}

static void *set_nothing(void *argument) {
    CHECK(TlsGetValue(tls) == NULL);
    CHECK(FlsSetValue(fls, argument));
    return NULL;
}

// Learn, FlsCallback: only for values that are not NULL
static void a_thread_without_a_value_calls_nothing(void) {
    callbacks = 0;
    tls = TlsAlloc();
    fls = FlsAlloc(count_callback);
    in_a_thread(set_nothing, NULL);
    CHECK_EQUAL(callbacks, 0);
    GRANTED(FlsFree(fls));
    CHECK_EQUAL(callbacks, 0);
    GRANTED(TlsFree(tls));
}

// Learn, TlsAlloc: the values of a new index are NULL
static void an_index_that_is_used_again_has_no_value(void) {
    DWORD first = TlsAlloc();
    GRANTED(TlsSetValue(first, (PVOID)0x44));
    GRANTED(TlsFree(first));
    DWORD second = TlsAlloc();
    CHECK_EQUAL(second, first);
    CHECK(TlsGetValue(second) == NULL);
    GRANTED(TlsFree(second));
}

// S32: TlsGetValue clears the last error
static void getting_a_value_clears_the_last_error(void) {
    DWORD index = TlsAlloc();
    SetLastError(UNTOUCHED_ERROR);
    CHECK(TlsGetValue(index) == NULL);
    CHECK_EQUAL(GetLastError(), ERROR_SUCCESS);
    GRANTED(TlsFree(index));
}

#ifndef _WIN32 // mingw-w64 10 does not declare them.
// Learn, TlsGetValue2, FlsGetValue2
static void the_second_form_leaves_the_last_error_alone(void) {
    DWORD tls = TlsAlloc(), fls = FlsAlloc(NULL);
    GRANTED(TlsSetValue(tls, (PVOID)0x21));
    GRANTED(FlsSetValue(fls, (PVOID)0x22));
    SetLastError(UNTOUCHED_ERROR);
    CHECK(TlsGetValue2(tls) == (PVOID)0x21);
    CHECK(FlsGetValue2(fls) == (PVOID)0x22);
    CHECK(TlsGetValue2(1088) == NULL);
    CHECK(FlsGetValue2(0) == NULL);
    CHECK_EQUAL(GetLastError(), UNTOUCHED_ERROR);
    GRANTED(TlsFree(tls));
    GRANTED(FlsFree(fls));
}
#else
static void the_second_form_leaves_the_last_error_alone(void) {}
#endif

// Learn, TlsGetValue, TlsFree, FlsGetValue
static void an_index_that_does_not_exist_is_refused(void) {
    REFUSED(TlsGetValue(1088), ERROR_INVALID_PARAMETER);
    REFUSED(TlsSetValue(1088, NULL), ERROR_INVALID_PARAMETER);
    REFUSED(TlsFree(1088), ERROR_INVALID_PARAMETER);
    REFUSED(TlsFree(1087), ERROR_INVALID_PARAMETER);
    REFUSED(FlsGetValue(0), ERROR_INVALID_PARAMETER);
    REFUSED(FlsSetValue(0, NULL), ERROR_INVALID_PARAMETER);
    REFUSED(FlsGetValue(0xFFFF0000), ERROR_INVALID_PARAMETER);
    REFUSED(FlsFree(FLS_OUT_OF_INDEXES), ERROR_INVALID_PARAMETER);
}

// Learn, TlsAlloc: 1088 indices in a process
static void all_indices_can_be_had_and_no_more(void) {
    static DWORD indices[1088];
    int count = 0;
    DWORD index;
    while (count < 1088 && (index = TlsAlloc()) != TLS_OUT_OF_INDEXES) {
        indices[count++] = index;
        CHECK(TlsSetValue(index, (PVOID)(ULONG_PTR)(index + 1)));
    }
    // The C library of Windows takes a few.
    CHECK(count > 1000);
    REFUSED(TlsAlloc() + 1, ERROR_NO_MORE_ITEMS);
    for (int i = 0; i < count; i++) {
        CHECK(TlsGetValue(indices[i]) == (PVOID)(ULONG_PTR)(indices[i] + 1));
        GRANTED(TlsFree(indices[i]));
    }
}

static pthread_barrier_t barrier;

static void *wait_with_a_value(void *argument) {
    CHECK(FlsSetValue(fls, argument));
    pthread_barrier_wait(&barrier);
    pthread_barrier_wait(&barrier);
    CHECK(FlsGetValue(fls) == NULL || FlsGetValue(fls) == argument);
    return NULL;
}

// Learn, FlsFree: the values of all threads are handed to the callback
static void freeing_an_index_calls_back_for_every_thread(void) {
    pthread_t threads[3];
    callbacks = 0;
    fls = FlsAlloc(count_callback);
    pthread_barrier_init(&barrier, NULL, 4);
    for (SIZE_T i = 0; i < 3; i++)
        CHECK(pthread_create(&threads[i], NULL, wait_with_a_value, (PVOID)(i + 1)) == 0);
    pthread_barrier_wait(&barrier);
    GRANTED(FlsFree(fls));
    CHECK_EQUAL(callbacks, 3);
    pthread_barrier_wait(&barrier);
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    CHECK_EQUAL(callbacks, 3);
}

static void *come_and_go(void *argument) {
    for (int i = 0; i < 50; i++)
        in_a_thread(set_nothing, argument);
    return NULL;
}

// No value is lost while threads come and go at once.
static void threads_that_end_at_once_each_call_back(void) {
    pthread_t threads[4];
    callbacks = 0;
    tls = TlsAlloc();
    fls = FlsAlloc(count_callback);
    for (int i = 0; i < 4; i++)
        CHECK(pthread_create(&threads[i], NULL, come_and_go, (PVOID)0x77) == 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    CHECK_EQUAL(callbacks, 200);
    GRANTED(FlsFree(fls));
    GRANTED(TlsFree(tls));
}

TEST_PROGRAM(TEST(every_thread_has_its_own_values), TEST(a_thread_without_a_value_calls_nothing),
             TEST(an_index_that_is_used_again_has_no_value),
             TEST(getting_a_value_clears_the_last_error),
             TEST(the_second_form_leaves_the_last_error_alone),
             TEST(an_index_that_does_not_exist_is_refused),
             TEST(all_indices_can_be_had_and_no_more),
             TEST(freeing_an_index_calls_back_for_every_thread),
             TEST(threads_that_end_at_once_each_call_back))
