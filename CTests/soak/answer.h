// What a call answered, in one form for all.
#ifndef SOAK_ANSWER_H
#define SOAK_ANSWER_H

#include "calls.h"

struct answer {
    DWORD error;       // 0 for success
    ULONG_PTR address; // of a block or range
    SIZE_T size;       // of NT calls
    DWORD before;      // the protection before
    int refused;       // how many of its system calls were
};

struct answer make_call(const struct call *call);

// Compares with the model, which changes as it must; ends the process if they differ.
void judge(struct call *call, const struct answer *answer);

#endif
