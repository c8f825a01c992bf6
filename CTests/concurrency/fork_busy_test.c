// Linux only: forks while other threads are in the middle of changing pages.
#include "memory_checks.h"

#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { thread_count = 3, page_count = 16, fork_count = 60 };

static BYTE *blocks[thread_count];
static volatile int is_over;

static int status_of(pid_t child) {
    int status = 0;
    CHECK(child > 0 && waitpid(child, &status, 0) == child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void *commit_and_decommit(void *argument) {
    BYTE *block = (BYTE *)argument;
    while (!is_over) {
        GRANTED(VirtualAlloc(block, page_count * page_size, MEM_COMMIT, PAGE_READWRITE));
        GRANTED(VirtualFree(block, page_count * page_size, MEM_DECOMMIT));
    }
    return NULL;
}

static int is_charged_for_nothing_after_releasing_all(void) {
    MEMORYSTATUSEX status = {.dwLength = sizeof status};
    for (int thread = 0; thread < thread_count; thread++)
        if (!VirtualFree(blocks[thread], 0, MEM_RELEASE))
            return 0;
    return GlobalMemoryStatusEx(&status) && status.ullTotalPageFile == status.ullAvailPageFile;
}

// 2.9
static void a_child_is_charged_for_what_it_has_whenever_it_was_made(void) {
    pthread_t threads[thread_count];
    is_over = 0;
    for (int thread = 0; thread < thread_count; thread++) {
        blocks[thread] = reserved_pages(page_count);
        CHECK_EQUAL(pthread_create(&threads[thread], NULL, commit_and_decommit, blocks[thread]), 0);
    }
    int wrong = 0;
    for (int number = 0; number < fork_count; number++) {
        pid_t child = fork();
        if (child == 0)
            _exit(is_charged_for_nothing_after_releasing_all() ? 0 : 1);
        wrong += status_of(child) != 0;
    }
    is_over = 1;
    for (int thread = 0; thread < thread_count; thread++) {
        CHECK_EQUAL(pthread_join(threads[thread], NULL), 0);
        release(blocks[thread]);
    }
    CHECK_EQUAL(wrong, 0);
}

enum { large_pages = 1 << 16 };

static volatile pid_t child_of_handler;
static volatile int is_child;

static void fork_in_handler(int signal) {
    (void)signal;
    pid_t child = fork();
    if (child == 0)
        is_child = 1;
    else
        child_of_handler = child;
}

static void *decommit_all(void *argument) {
    GRANTED(VirtualFree(argument, (SIZE_T)large_pages * page_size, MEM_DECOMMIT));
    return NULL;
}

// In the child too this call ends, and others may sleep and be woken after it.
static void *commit_one_page(void *argument) {
    BYTE *page = (BYTE *)GRANTED(VirtualAlloc(argument, page_size, MEM_COMMIT, PAGE_READWRITE));
    if (!is_child)
        return NULL;
    alarm(20);
    SIZE_T byte_count = (SIZE_T)large_pages * page_size;
    for (int round = 0; round < 3; round++) {
        pthread_t thread;
        if (!VirtualAlloc(page, byte_count, MEM_COMMIT, PAGE_READWRITE))
            _exit(1);
        memset(page, 1, byte_count);
        pthread_create(&thread, NULL, decommit_all, page);
        usleep(2000);
        if (!VirtualAlloc(page, page_size, MEM_COMMIT, PAGE_READWRITE) ||
            pthread_join(thread, NULL) != 0)
            _exit(2);
    }
    _exit(0);
}

// The second thread waits for the first, as long as that takes (long, in small pages); on a busy
// machine the signal may come too late for it.
static void interrupt_a_waiting_call(void) {
    pthread_t decommitting, committing;
    BYTE *block = committed_pages(large_pages);
    memset(block, 1, (SIZE_T)large_pages * page_size);
    CHECK_EQUAL(pthread_create(&decommitting, NULL, decommit_all, block), 0);
    usleep(1000);
    CHECK_EQUAL(pthread_create(&committing, NULL, commit_one_page, block), 0);
    usleep(2000);
    CHECK_EQUAL(pthread_kill(committing, SIGUSR1), 0);
    CHECK_EQUAL(pthread_join(decommitting, NULL), 0);
    CHECK_EQUAL(pthread_join(committing, NULL), 0);
    release(block);
}

static void a_handler_may_fork_on_top_of_a_call_that_waits_for_another(void) {
    struct sigaction action = {.sa_handler = fork_in_handler};
    CHECK_EQUAL(sigaction(SIGUSR1, &action, NULL), 0);
    CHECK_EQUAL(prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0), 0);
    for (int attempt = 0; attempt < 20 && child_of_handler == 0; attempt++)
        interrupt_a_waiting_call();
    CHECK_EQUAL(status_of(child_of_handler), 0);
}

TEST_PROGRAM(TEST(a_child_is_charged_for_what_it_has_whenever_it_was_made),
             TEST(a_handler_may_fork_on_top_of_a_call_that_waits_for_another))
