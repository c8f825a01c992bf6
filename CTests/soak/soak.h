// What the soak programs share: options, random numbers, a clock, and words for a failure. Whatever
// ends a program, a wrong answer, a crash or a hang, its last lines name the test and the seed.
#ifndef SOAK_H
#define SOAK_H

#include <windows.h>

#include <stddef.h>
#include <stdint.h>

// Last-error value that no system call sets: bit 29 is reserved for applications.
#define UNTOUCHED_ERROR 0x2BADC0DEu

enum { page_bytes = 0x1000, granule_pages = 16, granule_bytes = 0x10000 };

struct options {
    uint64_t seed;       // of the first test; the next ones count on from it
    double seconds;      // how long the program goes on
    int threads;         // at most; 0 lets each test choose
    const char *only;    // the test, or kind of history, to run; NULL for all
    const char *without; // calls and checks to leave out, with commas: to look behind a known fault
    int verbose;
};
extern struct options options;

// Reads the options, and has crashes and hangs reported.
void soak_begin(int argc, char **argv, const char *program);

// Says what runs from now on. If it still runs after `seconds`, that is a hang, and the end.
void soak_running(const char *test, uint64_t seed, unsigned seconds);

// Adds what the test does just now to the report of a crash or hang; `doing` must stay.
void soak_doing(const char *doing);

// Prints what is wrong with the running test, whose result is then failed. Safe in signal handlers
// and beside other threads; after some lines it only counts.
__attribute__((format(printf, 1, 2))) void soak_wrong(const char *format, ...);

// The same, and ends the program at once: a watchdog's last word.
__attribute__((format(printf, 1, 2), noreturn)) void soak_give_up(const char *format, ...);

// Whether anything was wrong with the running test so far.
int soak_is_wrong(void);

// Ends the running test and counts it.
void soak_ended(void);

// Whether the test of this name is asked for.
int soak_wanted(const char *test);

// Whether the call or check of this name is to be left out.
int soak_left_out(const char *name);

// Prints the closing line. Returns the exit status.
int soak_end(void);

// Seconds of a clock that never goes back.
double soak_now(void);

// A number below `limit`; the generator is splitmix64 (Steele, Lea, Flood, 2014).
uint64_t random_below(uint64_t *state, uint64_t limit);
uint64_t random_word(uint64_t *state);

// How many mappings the process has; needs no memory and no mapping.
long mapping_count(void);

#endif
