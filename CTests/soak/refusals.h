// Has the kernel refuse chosen system calls of this thread, as it does at its limits.
#ifndef SOAK_REFUSALS_H
#define SOAK_REFUSALS_H

// From here on the `first`-th system call that can be refused fails with ENOMEM, and, unless
// `again` is 0, the `again`-th after that one.
void refuse_calls(int first, int again);

// Ends it. Returns how many were refused.
int stop_refusing(void);

#endif
