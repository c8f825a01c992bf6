// Threads that are the first to use the library, all at once: each in a child that has not used it yet.
#include "block_cycle.h"
#include "memory_checks.h"

#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

enum { thread_count = 8, children = 300 };

static pthread_barrier_t barrier;

static void *live_through_blocks(void *wrong) {
    pthread_barrier_wait(&barrier);
    for (BYTE value = 1; value < 4; value++)
        if (block_cycle(value) != 0)
            *(int *)wrong = 1;
    return NULL;
}

// How many of the threads found something wrong.
static int use_at_once(void) {
    pthread_t threads[thread_count];
    int wrong[thread_count] = {0}, sum = 0;
    pthread_barrier_init(&barrier, NULL, thread_count);
    for (int i = 0; i < thread_count; i++)
        if (pthread_create(&threads[i], NULL, live_through_blocks, &wrong[i]) != 0)
            return 100;
    for (int i = 0; i < thread_count; i++) {
        pthread_join(threads[i], NULL);
        sum += wrong[i];
    }
    return sum;
}

// 2.10
static void threads_that_are_the_first_to_use_the_library_are_all_served(void) {
    for (int i = 0; i < children; i++) {
        pid_t child = fork();
        if (child == 0) {
            alarm(20);
            _exit(use_at_once());
        }
        int ending = 0;
        check_row("child %d", i);
        CHECK_EQUAL(waitpid(child, &ending, 0), child);
        CHECK_EQUAL(ending, 0);
    }
}

TEST_PROGRAM(TEST(threads_that_are_the_first_to_use_the_library_are_all_served))
