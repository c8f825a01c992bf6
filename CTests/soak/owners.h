// Pages of a shared reservation that one thread at a time owns, with what its owner left in them.
#ifndef SOAK_OWNERS_H
#define SOAK_OWNERS_H

#include "crew.h"

enum { owned_pages = 2048 };

struct owned {
    volatile int owner; // 0: nobody's; else 1 + the member's index
    DWORD protection;   // 0: not committed
    int was_reset;
    uint64_t tag;
};

struct commons {
    BYTE *base;
    int page_count;
    struct owned pages[owned_pages];
};

// A thread's work, for ever: it takes pages, changes and checks them, and lets them go.
void share_commons(struct member *member);

void commons_begin(struct commons *commons, int page_count);
// All pages are somebody's last; compares every one and gives all back.
void commons_end(struct commons *commons);

#endif
