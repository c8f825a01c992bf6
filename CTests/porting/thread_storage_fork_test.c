// Thread storage over fork: the child has its own thread's values, and only those.
#include "memory_checks.h"

#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

static DWORD tls, fls;
static volatile LONG callbacks;
static pthread_barrier_t barrier;

static void WINAPI count_callback(PVOID data) {
    (void)data;
    InterlockedIncrement(&callbacks);
}

static void *hold_a_value(void *argument) {
    CHECK(FlsSetValue(fls, argument));
    pthread_barrier_wait(&barrier);
    pthread_barrier_wait(&barrier);
    return NULL;
}

static int in_the_child(void) {
    if (TlsGetValue(tls) != (PVOID)0x11 || FlsGetValue(fls) != (PVOID)0x22)
        return 1;
    if (!FlsFree(fls) || callbacks != 1)
        return 2;
    DWORD other = TlsAlloc();
    if (other == TLS_OUT_OF_INDEXES || !TlsSetValue(other, &other) || TlsGetValue(other) != &other)
        return 3;
    return 0;
}

// fork(2): the child has one thread
static void a_child_has_the_values_of_its_thread_alone(void) {
    pthread_t thread;
    int status = -1;
    tls = TlsAlloc();
    fls = FlsAlloc(count_callback);
    CHECK(TlsSetValue(tls, (PVOID)0x11) && FlsSetValue(fls, (PVOID)0x22));
    pthread_barrier_init(&barrier, NULL, 2);
    CHECK(pthread_create(&thread, NULL, hold_a_value, (PVOID)0x33) == 0);
    pthread_barrier_wait(&barrier);
    pid_t child = fork();
    if (child == 0)
        _exit(in_the_child());
    CHECK(waitpid(child, &status, 0) == child);
    CHECK_EQUAL(status, 0);
    pthread_barrier_wait(&barrier);
    pthread_join(thread, NULL);
    CHECK_EQUAL(callbacks, 1);
    CHECK(FlsGetValue(fls) == (PVOID)0x22);
    GRANTED(FlsFree(fls));
    CHECK_EQUAL(callbacks, 2);
    GRANTED(TlsFree(tls));
}

static void *set_and_end(void *argument) {
    CHECK(TlsSetValue(tls, argument));
    return NULL;
}

static void *make_threads(void *argument) {
    for (int i = 0; i < 200; i++) {
        pthread_t thread;
        CHECK(pthread_create(&thread, NULL, set_and_end, argument) == 0);
        pthread_join(thread, NULL);
    }
    return NULL;
}

// A child whose parent's other threads were just changing the list of values can use it.
static void forking_while_threads_come_and_go_is_harmless(void) {
    pthread_t maker;
    tls = TlsAlloc();
    fls = FlsAlloc(NULL);
    CHECK(TlsSetValue(tls, (PVOID)0x11) && FlsSetValue(fls, (PVOID)0x22));
    CHECK(pthread_create(&maker, NULL, make_threads, (PVOID)0x44) == 0);
    for (int i = 0; i < 50; i++) {
        int status = -1;
        pid_t child = fork();
        if (child == 0)
            _exit(TlsGetValue(tls) != (PVOID)0x11 || !FlsFree(fls) || !TlsFree(tls));
        CHECK(waitpid(child, &status, 0) == child);
        CHECK_EQUAL(status, 0);
    }
    pthread_join(maker, NULL);
    GRANTED(FlsFree(fls));
    GRANTED(TlsFree(tls));
}

TEST_PROGRAM(TEST(a_child_has_the_values_of_its_thread_alone),
             TEST(forking_while_threads_come_and_go_is_harmless))
