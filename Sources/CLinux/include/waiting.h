// Futexes with deadlines, sleeping, and clocks.
#ifndef WIN32MEMORY_FUTEX_WAITING_H
#define WIN32MEMORY_FUTEX_WAITING_H

#include <stdint.h>

/// The deadline that never comes.
#define NO_DEADLINE INT64_MAX

/// Nanoseconds: since some moment in the past, and since boot including suspension.
int64_t clock_monotonic(void);
int64_t clock_since_boot(void);
/// Nanoseconds since 1970 UTC.
int64_t clock_of_day(void);

/// Sleeps while `*word == expected`, until woken; spurious returns are allowed.
void kernel_futex_wait(uint32_t *word, uint32_t expected);
/// Sleeps while `*word == expected`, until woken or until `clock_monotonic` reaches `deadline`.
/// Returns 0 if the deadline has passed, else 1. May return spuriously.
int kernel_futex_wait_until(uint32_t *word, uint32_t expected, int64_t deadline);
void kernel_futex_wake_one(uint32_t *word);
void kernel_futex_wake_all(uint32_t *word);

void thread_sleep_until(int64_t deadline);

/// 64 pairs of words for waits on addresses: wake-ups so far, and sleepers.
uint32_t *address_wait_words(void) __attribute__((const));

#endif
