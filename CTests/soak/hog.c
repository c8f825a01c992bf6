// Pages of alternating protection are a mapping each.
#include "hog.h"

#include <stddef.h>
#include <sys/mman.h>

enum { page = 4096 };

static char *base;
static size_t page_count, next;

static int take_one(void) {
    if (next >= page_count || mprotect(base + next * page, page, PROT_READ) != 0)
        return 0;
    next += 2;
    return 1;
}

// vm.max_map_count is 65530 where nobody changed it; where it is above the limit here, nothing is short.
static int begin(void) {
    page_count = 4 << 20;
    base = mmap(NULL, page_count * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1,
                0);
    next = 1;
    return base != MAP_FAILED;
}

void leave_mappings(int spare) {
    if (base == NULL && !begin())
        return;
    while (take_one()) {
    }
    for (int left = 0; left < spare && next > 2; left += 2) {
        next -= 2;
        mprotect(base + next * page, page, PROT_NONE);
    }
}

void give_mappings_back(void) {
    if (base != NULL)
        munmap(base, page_count * page);
    base = NULL;
}
