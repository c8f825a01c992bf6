// Several threads are the first to use the library, at the same time. Each round runs in a child process
// that has not used the library yet.
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

// The number of threads that found something wrong.
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
static void many_threads_may_be_the_first_to_use_the_library_at_once(void) {
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

TEST_PROGRAM(TEST(many_threads_may_be_the_first_to_use_the_library_at_once))
