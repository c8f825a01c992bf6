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

static void run_ours(char *base, const struct scale_picks *picks, struct scale_samples *samples,
                     size_t batch) {
    void *others[SCALE_MOST_PICKS];
    uint64_t count = picks->count;
    uint64_t start = bench_nanoseconds();
    for (uint64_t pick = 0; pick < count; pick++)
        ours_commit(reserved_page(base, picks->position[pick]), page_bytes);
    samples->nanoseconds[SCALE_COMMIT][batch] = scale_lap(&start, count);
    for (uint64_t pick = 0; pick < count; pick++)
        ours_decommit(reserved_page(base, picks->position[pick]), page_bytes);
    samples->nanoseconds[SCALE_DECOMMIT][batch] = scale_lap(&start, count);
    for (uint64_t pick = 0; pick < count; pick++)
        ours_query(reserved_page(base, picks->position[pick]));
    samples->nanoseconds[SCALE_QUERY][batch] = scale_lap(&start, count);
    for (uint64_t pick = 0; pick < count; pick++)
        ours_protect(committed_page(base, picks->position[pick]), page_bytes, PAGE_READONLY);
    samples->nanoseconds[SCALE_PROTECT][batch] = scale_lap(&start, count);
    for (uint64_t pick = 0; pick < count; pick++)
        ours_protect(committed_page(base, picks->position[pick]), page_bytes, PAGE_READWRITE);
    scale_lap(&start, count);
    for (uint64_t pick = 0; pick < count; pick++)
        others[pick] = ours_reserve(block_bytes);
    samples->nanoseconds[SCALE_RESERVE][batch] = scale_lap(&start, count);
    for (uint64_t pick = 0; pick < count; pick++)
        ours_release(others[pick]);
    samples->nanoseconds[SCALE_RELEASE][batch] = scale_lap(&start, count);
}

static void run_bare(char *base, const struct scale_picks *picks, struct scale_samples *samples,
                     size_t batch) {
    void *others[SCALE_MOST_PICKS];
    uint64_t count = picks->count;
    bool can_query = bare_can_query();
    uint64_t start = bench_nanoseconds();
    for (uint64_t pick = 0; pick < count; pick++)
        bare_commit(reserved_page(base, picks->position[pick]), page_bytes);
    samples->nanoseconds[SCALE_COMMIT][batch] = scale_lap(&start, count);
    for (uint64_t pick = 0; pick < count; pick++)
        bare_decommit_by_advice(reserved_page(base, picks->position[pick]), page_bytes);
    samples->nanoseconds[SCALE_DECOMMIT][batch] = scale_lap(&start, count);
    for (uint64_t pick = 0; can_query && pick < count; pick++)
        bare_query(reserved_page(base, picks->position[pick]));
    samples->nanoseconds[SCALE_QUERY][batch] = can_query ? scale_lap(&start, count) : 0;
    for (uint64_t pick = 0; pick < count; pick++)
        bare_make_read_only(committed_page(base, picks->position[pick]), page_bytes);
    samples->nanoseconds[SCALE_PROTECT][batch] = scale_lap(&start, count);
    for (uint64_t pick = 0; pick < count; pick++)
        bare_make_writable(committed_page(base, picks->position[pick]), page_bytes);
    scale_lap(&start, count);
    for (uint64_t pick = 0; pick < count; pick++)
        others[pick] = bare_reserve(block_bytes);
    samples->nanoseconds[SCALE_RESERVE][batch] = scale_lap(&start, count);
    for (uint64_t pick = 0; pick < count; pick++)
        bare_release(others[pick], block_bytes);
    samples->nanoseconds[SCALE_RELEASE][batch] = scale_lap(&start, count);
}

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
    char *ours_base = build_ours(runs);
    if (!ours_base)
        return false;
    char *bare_base = has_bare ? build_bare(runs) : NULL;
    for (size_t batch = 0; batch < SCALE_CYCLE + scale_batch_count(); batch++) {
        struct scale_picks picks;
        size_t recorded = batch < SCALE_CYCLE ? 0 : batch - SCALE_CYCLE; // warm-up is overwritten
        scale_pick(&picks, runs, batch);
        run_ours(ours_base, &picks, &ours, recorded);
        if (has_bare)
            run_bare(bare_base, &picks, &bare, recorded);
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

int main(int argument_count, char **arguments) {
    bench_read_options(argument_count, arguments);
    if (!scale_begin())
        return 0;
    for (size_t size_index = 0; size_index < SCALE_SIZE_COUNT; size_index++) {
        if (measure_calls(size_index))
            measure_wholes(size_index);
        else
            printf("%u page runs are not possible here\n", (unsigned)scale_sizes[size_index]);
    }
    return 0;
}
