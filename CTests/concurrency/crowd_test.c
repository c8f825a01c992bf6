// Linux only: more threads wait for one call than operations can be under way at once.
#include "memory_checks.h"

#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { crowd = 180, large_pages = 1 << 16, attempts = 20 };

static BYTE *block;
static pthread_barrier_t start_line;
static volatile int has_begun, is_decommitting, was_interrupted, handler_failures;

// While the interrupted call still has its claim, if the signal came in time.
static void use_other_memory(int signal) {
    (void)signal;
    void *other = VirtualAlloc(NULL, 3 * page_size, MEM_RESERVE | MEM_COMMIT, PAGE_READONLY);
    handler_failures += other == NULL || !VirtualFree(other, 0, MEM_RELEASE);
    was_interrupted = is_decommitting;
}

static void *decommit_all(void *argument) {
    (void)argument;
    pthread_barrier_wait(&start_line);
    has_begun = is_decommitting = 1;
    GRANTED(VirtualFree(block, (SIZE_T)large_pages * page_size, MEM_DECOMMIT));
    is_decommitting = 0;
    return NULL;
}

static void *commit_one_page(void *argument) {
    BYTE *page = block + (SIZE_T)(uintptr_t)argument * page_size;
    pthread_barrier_wait(&start_line);
    while (!has_begun)
        ;
    GRANTED(VirtualAlloc(page, page_size, MEM_COMMIT, PAGE_READWRITE));
    return NULL;
}

// The signal is handled when the kernel is done with the pages, and the call is not.
static void interrupt_a_call_that_many_wait_for(void) {
    pthread_t decommitting, waiting[crowd];
    has_begun = 0;
    GRANTED(VirtualAlloc(block, (SIZE_T)large_pages * page_size, MEM_COMMIT, PAGE_READWRITE));
    memset(block, 1, (SIZE_T)large_pages * page_size);
    CHECK_EQUAL(pthread_barrier_init(&start_line, NULL, crowd + 1), 0);
    for (uintptr_t number = 0; number < crowd; number++)
        CHECK_EQUAL(pthread_create(&waiting[number], NULL, commit_one_page, (void *)number), 0);
    CHECK_EQUAL(pthread_create(&decommitting, NULL, decommit_all, NULL), 0);
    while (!has_begun)
        usleep(100);
    usleep(4000);
    CHECK_EQUAL(pthread_kill(decommitting, SIGUSR1), 0);
    CHECK_EQUAL(pthread_join(decommitting, NULL), 0);
    for (int number = 0; number < crowd; number++)
        CHECK_EQUAL(pthread_join(waiting[number], NULL), 0);
    CHECK_EQUAL(pthread_barrier_destroy(&start_line), 0);
}

// 2.10
static void a_handler_on_top_of_a_call_that_a_crowd_waits_for_may_use_other_memory(void) {
    struct sigaction action = {.sa_handler = use_other_memory};
    CHECK_EQUAL(sigaction(SIGUSR1, &action, NULL), 0);
    // Giving memory back takes long in small pages.
    CHECK_EQUAL(prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0), 0);
    alarm(40);
    block = reserved_pages(large_pages);
    for (int attempt = 0; attempt < attempts && !was_interrupted; attempt++)
        interrupt_a_call_that_many_wait_for();
    CHECK(was_interrupted);
    CHECK_EQUAL(handler_failures, 0);
    CHECK_RESERVED(block + crowd * page_size, (large_pages - crowd) * (SIZE_T)page_size);
    release(block);
}

TEST_PROGRAM(TEST(a_handler_on_top_of_a_call_that_a_crowd_waits_for_may_use_other_memory))
