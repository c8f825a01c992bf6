// Accesses that tell whether they went through, with the exceptions that they raised.
#ifndef SOAK_ACCESS_H
#define SOAK_ACCESS_H

#include <windows.h>

#include <stdint.h>

// What the thread's last accesses raised; the counts are set back by hand.
struct raised {
    int guards, violations, others;
    ULONG_PTR kind, address; // of the last: 0 read, 1 write, 8 execute
};
extern __thread struct raised raised;

// Installs the vectored handler that lets a thread go on behind an access that is refused.
void catch_accesses(void);

// 1 if the access went through, 0 if it raised an access violation.
int try_load(ULONG_PTR address, uint64_t *word);
int try_store(ULONG_PTR address, uint64_t word);
int try_exchange(ULONG_PTR address, uint64_t *word);
int try_call(ULONG_PTR address);

// The kernel's own copies, one word: 1, or 0 if the page does not allow it.
int copy_load(ULONG_PTR address, uint64_t *word);
int copy_store(ULONG_PTR address, uint64_t word);

#endif
