// Rows: what each call costs in a reservation with 10, 1,000, 100,000 or 1,000,000 committed runs,
// every other page; reserve and release are those of another reservation meanwhile.
#include "bare.h"
#include "ours.h"
#include "scale.h"

#include <stdio.h>

static const char of_what[] = "page runs";
static const size_t page_bytes = 4096;
static const size_t block_bytes = 64 * 1024;
// Each bare run is a kernel mapping, and those are few.
enum { BUILDS = 3, BARE_MOST_RUNS = 10000 };

static char *committed_page(char *base, uint64_t run) {
    return base + 2 * run * page_bytes;
}

static char *reserved_page(char *base, uint64_t run) {
    return committed_page(base, run) + page_bytes;
}

static size_t reservation_bytes(uint64_t runs) {
    return 2 * runs * page_bytes;
}

// NULL when a commit is refused: on the mapped backing each run is a kernel mapping.
static char *build_ours(uint64_t runs) {
    char *base = ours_reserve(reservation_bytes(runs));
    for (uint64_t run = 0; run < runs; run++) {
        if (!ours_try_commit(committed_page(base, run), page_bytes)) {
            ours_release(base);
            return NULL;
        }
    }
    return base;
}

static char *build_bare(uint64_t runs) {
    char *base = bare_reserve(reservation_bytes(runs));
    for (uint64_t run = 0; run < runs; run++)
        bare_commit(committed_page(base, run), page_bytes);
    return base;
}

static char *ours_base, *bare_base;    // of the reservation with the runs
static void *others[SCALE_MOST_PICKS]; // reservations beside it

static void ours_commit_one(uint64_t position, uint64_t pick) {
    (void)pick;
    ours_commit(reserved_page(ours_base, position), page_bytes);
}

static void ours_decommit_one(uint64_t position, uint64_t pick) {
    (void)pick;
    ours_decommit(reserved_page(ours_base, position), page_bytes);
}

static void ours_query_one(uint64_t position, uint64_t pick) {
    (void)pick;
    ours_query(reserved_page(ours_base, position));
}

static void ours_protect_one(uint64_t position, uint64_t pick) {
    (void)pick;
    ours_protect(committed_page(ours_base, position), page_bytes, PAGE_READONLY);
}

static void ours_protect_again(uint64_t position, uint64_t pick) {
    (void)pick;
    ours_protect(committed_page(ours_base, position), page_bytes, PAGE_READWRITE);
}

static void ours_reserve_other(uint64_t position, uint64_t pick) {
    (void)position;
    others[pick] = ours_reserve(block_bytes);
}

static void ours_release_other(uint64_t position, uint64_t pick) {
    (void)position;
    ours_release(others[pick]);
}

static const struct scale_step ours_steps[] = {
    {SCALE_MEMORY, scale_read_line},     {SCALE_COMMIT, ours_commit_one},
    {SCALE_DECOMMIT, ours_decommit_one}, {SCALE_QUERY, ours_query_one},
    {SCALE_PROTECT, ours_protect_one},   {SCALE_UNTIMED, ours_protect_again},
    {SCALE_RESERVE, ours_reserve_other}, {SCALE_RELEASE, ours_release_other},
};

static void bare_commit_one(uint64_t position, uint64_t pick) {
    (void)pick;
    bare_commit(reserved_page(bare_base, position), page_bytes);
}

static void bare_decommit_one(uint64_t position, uint64_t pick) {
    (void)pick;
    bare_decommit_by_advice(reserved_page(bare_base, position), page_bytes);
}

static void bare_query_one(uint64_t position, uint64_t pick) {
    (void)pick;
    if (bare_can_query())
        bare_query(reserved_page(bare_base, position));
}

static void bare_protect_one(uint64_t position, uint64_t pick) {
    (void)pick;
    bare_make_read_only(committed_page(bare_base, position), page_bytes);
}

static void bare_protect_again(uint64_t position, uint64_t pick) {
    (void)pick;
    bare_make_writable(committed_page(bare_base, position), page_bytes);
}

static void bare_reserve_other(uint64_t position, uint64_t pick) {
    (void)position;
    others[pick] = bare_reserve(block_bytes);
}

static void bare_release_other(uint64_t position, uint64_t pick) {
    (void)position;
    bare_release(others[pick], block_bytes);
}

static const struct scale_step bare_steps[] = {
    {SCALE_COMMIT, bare_commit_one},     {SCALE_DECOMMIT, bare_decommit_one},
    {SCALE_QUERY, bare_query_one},       {SCALE_PROTECT, bare_protect_one},
    {SCALE_UNTIMED, bare_protect_again}, {SCALE_RESERVE, bare_reserve_other},
    {SCALE_RELEASE, bare_release_other},
};

static double walk(char *base, uint64_t runs) {
    uint64_t regions = 0;
    uint64_t start = bench_nanoseconds();
    for (char *address = base; address < base + reservation_bytes(runs); regions++)
        address += ours_query(address);
    bench_require(regions == 2 * runs, "finding every run in a walk");
    return scale_lap(&start, regions);
}

// False when so many runs are not possible here.
static bool measure_calls(size_t size_index) {
    static struct scale_samples ours, bare;
    uint64_t runs = scale_sizes[size_index];
    bool has_bare = bare_is_present() && runs <= BARE_MOST_RUNS;
    ours_base = build_ours(runs);
    if (!ours_base)
        return false;
    bare_base = has_bare ? build_bare(runs) : NULL;
    for (size_t batch = 0; batch < SCALE_CYCLE + scale_batch_count(); batch++) {
        struct scale_picks picks;
        size_t recorded = batch < SCALE_CYCLE ? 0 : batch - SCALE_CYCLE; // warm-up is overwritten
        scale_pick(&picks, runs, batch);
        scale_run_batch(SCALE_STEPS(ours_steps), &picks, &ours, recorded);
        if (has_bare)
            scale_run_batch(SCALE_STEPS(bare_steps), &picks, &bare, recorded);
    }
    ours_release(ours_base);
    if (has_bare)
        bare_release(bare_base, reservation_bytes(runs));
    scale_report(of_what, size_index, &ours, has_bare ? &bare : NULL);
    return true;
}

static void measure_wholes(size_t size_index) {
    static double first_walk_median, first_release_median;
    uint64_t runs = scale_sizes[size_index];
    double walks[BUILDS], releases[BUILDS];
    for (size_t build = 0; build < BUILDS; build++) {
        char *base = build_ours(runs);
        walks[build] = walk(base, runs);
        uint64_t start = bench_nanoseconds();
        ours_release(base);
        releases[build] = scale_lap(&start, runs);
    }
    scale_report_other("walk, per region", of_what, size_index, walks, BUILDS, &first_walk_median);
    scale_report_other("release it, per run", of_what, size_index, releases, BUILDS,
                       &first_release_median);
}

static int count(uint64_t runs) {
    ours_base = build_ours(runs);
    if (!ours_base)
        return BENCH_NOT_COUNTABLE;
    scale_count(SCALE_STEPS(ours_steps), runs);
    return 0;
}

int main(int argument_count, char **arguments) {
    bench_read_options(argument_count, arguments);
    if (!scale_begin())
        return 0;
    if (scale_counted_size() > 0)
        return count(scale_counted_size());
    for (size_t size_index = 0; size_index < SCALE_SIZE_COUNT; size_index++) {
        if (measure_calls(size_index))
            measure_wholes(size_index);
        else
            printf("%u page runs are not possible here\n", (unsigned)scale_sizes[size_index]);
    }
    return 0;
}
