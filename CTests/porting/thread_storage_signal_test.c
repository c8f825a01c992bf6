// Linux only: Tls* and Fls* in signal handlers, on top of themselves and of each other.
#include "memory_checks.h"

#include <pthread.h>
#include <signal.h>
#include <sys/time.h>

static void in_a_thread(void *(*body)(void *), void *argument) {
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, body, argument) == 0);
    pthread_join(thread, NULL);
}

static volatile int storm_is_over;
static volatile LONG rounds_on_top;

static void allocate_use_and_free(void) {
    DWORD tls_index = TlsAlloc(), fls_index = FlsAlloc(NULL);
    CHECK(tls_index != TLS_OUT_OF_INDEXES && fls_index != FLS_OUT_OF_INDEXES);
    CHECK(TlsGetValue(tls_index) == NULL && FlsGetValue(fls_index) == NULL);
    CHECK(TlsSetValue(tls_index, &tls_index) && FlsSetValue(fls_index, &fls_index));
    CHECK(TlsGetValue(tls_index) == &tls_index && FlsGetValue(fls_index) == &fls_index);
    CHECK(TlsFree(tls_index) && FlsFree(fls_index));
}

static void use_storage_on_top(int signal) {
    (void)signal;
    allocate_use_and_free();
    InterlockedIncrement(&rounds_on_top);
}

// Each a new thread, so that the first use of its values is interrupted too.
static void *use_storage(void *unused) {
    for (int i = 0; i < 3; i++)
        allocate_use_and_free();
    return unused;
}

static void *make_threads(void *unused) {
    while (!storm_is_over)
        in_a_thread(use_storage, NULL);
    return unused;
}

// Linux: a signal handler may run on top of any of these calls.
static void a_handler_may_use_the_storage_on_top_of_a_call(void) {
    pthread_t threads[2];
    struct sigaction action = {.sa_handler = use_storage_on_top}, before;
    struct itimerval often = {{0, 50}, {0, 50}}, never = {{0, 0}, {0, 0}};
    CHECK_EQUAL(sigaction(SIGALRM, &action, &before), 0);
    for (int i = 0; i < 2; i++)
        CHECK(pthread_create(&threads[i], NULL, make_threads, NULL) == 0);
    setitimer(ITIMER_REAL, &often, NULL);
    for (int i = 0; i < 20000 || rounds_on_top < 500; i++)
        allocate_use_and_free();
    storm_is_over = 1;
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    setitimer(ITIMER_REAL, &never, NULL);
    sigaction(SIGALRM, &before, NULL);
}

static DWORD kept;

static void set_on_top(int signal) {
    (void)signal;
    if (TlsGetValue(kept) == NULL)
        CHECK(TlsSetValue(kept, &kept));
}

static void *set_first_value(void *own) {
    raise(SIGUSR1);
    CHECK(TlsSetValue(*(DWORD *)own, own));
    CHECK(TlsGetValue(*(DWORD *)own) == own);
    CHECK(TlsGetValue(kept) == &kept);
    return NULL;
}

// Whoever of a thread and its handler is first makes room for the values of both.
static void values_that_a_handler_sets_are_kept(void) {
    struct sigaction action = {.sa_handler = set_on_top}, before;
    DWORD own = TlsAlloc();
    kept = TlsAlloc();
    CHECK_EQUAL(sigaction(SIGUSR1, &action, &before), 0);
    for (int i = 0; i < 200; i++)
        in_a_thread(set_first_value, &own);
    sigaction(SIGUSR1, &before, NULL);
    CHECK(TlsFree(own) && TlsFree(kept));
}

TEST_PROGRAM(TEST(a_handler_may_use_the_storage_on_top_of_a_call),
             TEST(values_that_a_handler_sets_are_kept))
