// Rows: pages that are committed far from each other, as in a sparse matrix. Each needs a mapping of its
// own, through this library and by bare calls.
#include "bare.h"
#include "bench.h"
#include "ours.h"

enum { PAGES = 4000 }; // more than the places that the library keeps ready for new commits

static const size_t page_bytes = 4096;
static const size_t distance = (size_t)1 << 20;
static const size_t reservation_bytes = (size_t)PAGES << 20;

static char *ours_base, *bare_base;
static void *held; // because a real program always has some page committed
static uint64_t ours_next, bare_next;

static bool prepare(void) {
    held = ours_allocate(page_bytes);
    ours_base = ours_reserve(reservation_bytes);
    bare_base = bare_is_present() ? bare_reserve(reservation_bytes) : NULL;
    ours_next = bare_next = 0;
    return true;
}

static void finish(void) {
    ours_release(ours_base);
    ours_release(held);
    if (bare_base)
        bare_release(bare_base, reservation_bytes);
}

static char *next_page(char *base, uint64_t *next) {
    return base + (*next)++ % PAGES * distance;
}

static void write_byte(void *address) {
    *(volatile char *)address = 1;
}

static void ours_in_turn(struct bench_clock *clock, uint64_t operations) {
    (void)clock;
    for (uint64_t done = 0; done < operations; done++) {
        char *page = next_page(ours_base, &ours_next);
        ours_commit(page, page_bytes);
        write_byte(page);
        ours_decommit(page, page_bytes);
    }
}

static void bare_in_turn(struct bench_clock *clock, uint64_t operations) {
    (void)clock;
    for (uint64_t done = 0; done < operations; done++) {
        char *page = next_page(bare_base, &bare_next);
        bare_commit(page, page_bytes);
        write_byte(page);
        bare_decommit_by_mapping(page, page_bytes);
    }
}

// Each operation is one page. When a reservation is full, a new one replaces it; that time counts too.
static void ours_column(struct bench_clock *clock, uint64_t operations) {
    (void)clock;
    for (uint64_t done = 0; done < operations; done++) {
        if (done % PAGES == 0) {
            ours_release(ours_base);
            ours_base = ours_reserve(reservation_bytes);
        }
        char *page = next_page(ours_base, &ours_next);
        ours_commit(page, page_bytes);
        write_byte(page);
    }
}

static void bare_column(struct bench_clock *clock, uint64_t operations) {
    (void)clock;
    for (uint64_t done = 0; done < operations; done++) {
        if (done % PAGES == 0) {
            bare_release(bare_base, reservation_bytes);
            bare_base = bare_reserve(reservation_bytes);
        }
        char *page = next_page(bare_base, &bare_next);
        bare_commit(page, page_bytes);
        write_byte(page);
    }
}

static const struct bench_row rows[] = {
    {.name = "lone page, 1 MiB on each time: commit, touch, decommit",
     .ours = ours_in_turn,
     .bare = bare_in_turn,
     .prepare = prepare,
     .finish = finish},
    {.name = "4000 lone pages 1 MiB apart, each; released together",
     .ours = ours_column,
     .bare = bare_column,
     .prepare = prepare,
     .finish = finish,
     .fixed_operations = PAGES},
};

int main(int argument_count, char **arguments) {
    bench_read_options(argument_count, arguments);
    return bench_run(rows, sizeof rows / sizeof rows[0]);
}
