// Has the kernel refuse chosen system calls of this thread, as it does at its limits.
#ifndef SOAK_REFUSALS_H
#define SOAK_REFUSALS_H

#include <stdint.h>

// From here on the `first`-th system call that can be refused fails with ENOMEM, and, unless
// `again` is 0, the `again`-th after that one; with refuse_at_random every other call may.
enum { refuse_at_random = 255 };
void refuse_calls(int first, int again, uint64_t seed);

// Ends it. Returns how many were refused.
int stop_refusing(void);

#endif
