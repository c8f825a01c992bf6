// Futexes with deadlines, sleeping, and clocks.
#define _GNU_SOURCE
#include "CLinux.h"

#include <limits.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define SECOND INT64_C(1000000000)

static uint32_t address_waits[2 * 64];

uint32_t *address_wait_words(void) {
    return address_waits;
}

static int64_t now(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return time.tv_sec * SECOND + time.tv_nsec;
}

int64_t clock_monotonic(void) {
    return now(CLOCK_MONOTONIC);
}

int64_t clock_since_boot(void) {
    return now(CLOCK_BOOTTIME);
}

int64_t clock_of_day(void) {
    return now(CLOCK_REALTIME);
}

static struct timespec time_of(int64_t nanoseconds) {
    return (struct timespec){nanoseconds / SECOND, nanoseconds % SECOND};
}

void kernel_futex_wait(uint32_t *word, uint32_t expected) {
    int saved_errno = errno;
    syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, expected, NULL, NULL, 0);
    errno = saved_errno;
}

int kernel_futex_wait_until(uint32_t *word, uint32_t expected, int64_t deadline) {
    struct timespec time = time_of(deadline);
    int saved_errno = errno;
    long result = syscall(SYS_futex, word, FUTEX_WAIT_BITSET_PRIVATE, expected,
                          deadline == NO_DEADLINE ? NULL : &time, NULL, FUTEX_BITSET_MATCH_ANY);
    int is_over = result != 0 && errno == ETIMEDOUT;
    errno = saved_errno;
    return !is_over;
}

static void wake(uint32_t *word, long most) {
    int saved_errno = errno;
    syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, most, NULL, NULL, 0);
    errno = saved_errno;
}

void kernel_futex_wake_one(uint32_t *word) {
    wake(word, 1);
}

void kernel_futex_wake_all(uint32_t *word) {
    wake(word, INT_MAX);
}

void thread_sleep_until(int64_t deadline) {
    struct timespec time = time_of(deadline);
    int saved_errno = errno;
    // A bare system call, because clock_nanosleep of the C library is a cancellation point.
    while (syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL) != 0 &&
           errno == EINTR)
        continue;
    errno = saved_errno;
}
