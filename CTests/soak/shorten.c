// Leaves out of a failing history what the failure does not need: halves, quarters and so on down to
// single calls (Zeller, Hildebrandt, "Simplifying and isolating failure-inducing input", 2002).
#include "calls.h"

#include <string.h>

static struct history kept;

// Without `count` calls from `first` on. Returns whether it still fails in the same way.
static int fails_without(struct history *shared, int first, int count,
                         int (*still_fails)(struct history *)) {
    memcpy(shared, &kept, sizeof kept);
    memmove(&shared->calls[first], &shared->calls[first + count],
            (size_t)(kept.count - first - count) * sizeof kept.calls[0]);
    shared->count -= count;
    if (!still_fails(shared) || strcmp(shared->kind, kept.kind) != 0)
        return 0;
    if (shared->done + 1 < shared->count)
        shared->count = shared->done + 1;
    return 1;
}

static int leave_out(struct history *shared, int length, int (*still_fails)(struct history *),
                     double end) {
    int shorter = 0;
    for (int first = 0; first + length <= kept.count && soak_now() < end;) {
        if (fails_without(shared, first, length, still_fails)) {
            memcpy(&kept, shared, sizeof kept);
            shorter = 1;
        } else {
            first += length;
        }
    }
    return shorter;
}

void shorten(struct history *shared, int (*still_fails)(struct history *), double seconds) {
    double end = soak_now() + seconds;
    memcpy(&kept, shared, sizeof kept);
    int length = kept.count / 2;
    while (length > 0 && soak_now() < end)
        if (!leave_out(shared, length, still_fails, end) || length > 1)
            length /= 2;
    memcpy(shared, &kept, sizeof kept);
    still_fails(shared);
}
