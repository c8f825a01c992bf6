// The memories that the first-touch rows fill, and the ways of asking the kernel for more than
// one page at a fault.
#ifndef FIRST_TOUCH_H
#define FIRST_TOUCH_H

#include "bench.h"

enum { first_touch_page_bytes = 4096, first_touch_step_bytes = 64 * 1024 };

struct first_touch_way {
    const char *name;
    int before[2]; // madvise's advice, between commit and touch
    unsigned before_count;
    int after;          // advice after touching; 0: none
    bool bare_populate; // the bare side maps with MAP_POPULATE instead of the advice
    bool one_page_only; // only the first page is written
    bool (*suits)(size_t byte_count);
};

extern const struct first_touch_way first_touch_ways[];
extern const size_t first_touch_way_count;

// Advises the range; ends the program when the kernel refuses.
void first_touch_ask(const int *advice, unsigned count, char *base, size_t byte_count);

// Memory of one kind. Only `commit` is timed with the filling, and `give_back` by itself.
struct first_touch_memory {
    const char *suffix; // of the rows' names
    char *(*prepare)(size_t byte_count);
    void (*commit)(char *base, size_t byte_count, const struct first_touch_way *way);
    void (*give_back)(char *base, size_t byte_count);
};

extern const struct first_touch_memory first_touch_ours, first_touch_ours_again,
    first_touch_ours_grown, first_touch_bare;

// How much of a range the kernel holds in pages of 2 MiB.
size_t first_touch_huge_bytes(const char *base, size_t byte_count);

#endif
