// Rows: what each call costs while 10, 1,000, 100,000 or 1,000,000 reservations of 64 KiB are live.
#include "bare.h"
#include "ours.h"
#include "scale.h"

#include <stdlib.h>

enum { WALKS = 5, EXCHANGES = 50, PICKS_PER_EXCHANGE = 10 };

static const char of_what[] = "live reservations";
static const size_t page_bytes = 4096;
static const size_t block_bytes = 64 * 1024;

static void **bases; // of the reservations, ours or bare

static void ours_commit_one(uint64_t position, uint64_t pick) {
    (void)pick;
    ours_commit(bases[position], page_bytes);
}

static void ours_query_one(uint64_t position, uint64_t pick) {
    (void)pick;
    ours_query(bases[position]);
}

static void ours_protect_one(uint64_t position, uint64_t pick) {
    (void)pick;
    ours_protect(bases[position], page_bytes, PAGE_READONLY);
}

static void ours_decommit_one(uint64_t position, uint64_t pick) {
    (void)pick;
    ours_decommit(bases[position], page_bytes);
}

static void ours_release_one(uint64_t position, uint64_t pick) {
    (void)pick;
    ours_release(bases[position]);
}

static void ours_reserve_one(uint64_t position, uint64_t pick) {
    (void)pick;
    bases[position] = ours_reserve(block_bytes);
}

static const struct scale_step ours_steps[] = {
    {SCALE_COMMIT, ours_commit_one},   {SCALE_QUERY, ours_query_one},
    {SCALE_PROTECT, ours_protect_one}, {SCALE_DECOMMIT, ours_decommit_one},
    {SCALE_MEMORY, scale_read_line},   {SCALE_RELEASE, ours_release_one},
    {SCALE_RESERVE, ours_reserve_one},
};

static void bare_commit_one(uint64_t position, uint64_t pick) {
    (void)pick;
    bare_commit(bases[position], page_bytes);
}

static void bare_query_one(uint64_t position, uint64_t pick) {
    (void)pick;
    if (bare_can_query())
        bare_query(bases[position]);
}

static void bare_protect_one(uint64_t position, uint64_t pick) {
    (void)pick;
    bare_make_read_only(bases[position], page_bytes);
}

static void bare_decommit_one(uint64_t position, uint64_t pick) {
    (void)pick;
    bare_decommit_by_advice(bases[position], page_bytes);
}

static void bare_release_one(uint64_t position, uint64_t pick) {
    (void)pick;
    bare_release(bases[position], block_bytes);
}

static void bare_reserve_one(uint64_t position, uint64_t pick) {
    (void)pick;
    bases[position] = bare_reserve(block_bytes);
}

static const struct scale_step bare_steps[] = {
    {SCALE_COMMIT, bare_commit_one},   {SCALE_QUERY, bare_query_one},
    {SCALE_PROTECT, bare_protect_one}, {SCALE_DECOMMIT, bare_decommit_one},
    {SCALE_RELEASE, bare_release_one}, {SCALE_RESERVE, bare_reserve_one},
};

// One reservation goes and another comes, all others staying: the only hole is anywhere. The
// batches before have left the picks in order of address, so here they are taken far apart.
static double exchange(const struct scale_picks *picks) {
    uint64_t start = bench_nanoseconds();
    for (uint64_t pick = 0; pick < PICKS_PER_EXCHANGE; pick++) {
        void **base = &bases[picks->position[pick * 97 % picks->count]];
        ours_release(*base);
        *base = ours_reserve(block_bytes);
    }
    return scale_lap(&start, PICKS_PER_EXCHANGE);
}

// From the lowest reservation to the end of the highest, region by region; time per region.
static double walk(uint64_t size) {
    char *lowest = bases[0], *highest = bases[0];
    for (uint64_t index = 1; index < size; index++) {
        char *base = bases[index];
        lowest = base < lowest ? base : lowest;
        highest = base > highest ? base : highest;
    }
    uint64_t regions = 0;
    uint64_t start = bench_nanoseconds();
    for (char *address = lowest; address <= highest; regions++)
        address += ours_query(address);
    double per_region = scale_lap(&start, regions);
    bench_require(regions >= size, "finding every reservation in a walk");
    return per_region;
}

// The warm-up is overwritten.
static void run_batches(const struct scale_step *steps, size_t step_count, uint64_t size,
                        struct scale_samples *samples) {
    for (size_t batch = 0; batch < SCALE_CYCLE + scale_batch_count(); batch++) {
        struct scale_picks picks;
        scale_pick(&picks, size, batch);
        size_t recorded = batch < SCALE_CYCLE ? 0 : batch - SCALE_CYCLE;
        scale_run_batch(steps, step_count, &picks, samples, recorded);
    }
}

// One after the other, not in turn: the million reservations of a program are not in its caches
// beside another million.
static void measure_bare(size_t size_index, struct scale_samples *samples) {
    uint64_t size = scale_sizes[size_index];
    for (uint64_t index = 0; index < size; index++)
        bases[index] = bare_reserve(block_bytes);
    run_batches(SCALE_STEPS(bare_steps), size, samples);
    for (uint64_t index = 0; index < size; index++)
        bare_release(bases[index], block_bytes);
}

static void measure(size_t size_index) {
    static struct scale_samples ours, bare;
    static double first_walk_median, first_exchange_median;
    uint64_t size = scale_sizes[size_index];
    for (uint64_t index = 0; index < size; index++)
        bases[index] = ours_reserve(block_bytes);
    run_batches(SCALE_STEPS(ours_steps), size, &ours);
    double exchanges[EXCHANGES];
    for (size_t index = 0; index < EXCHANGES; index++) {
        struct scale_picks picks;
        scale_pick(&picks, size, index);
        exchanges[index] = exchange(&picks);
    }
    double walks[WALKS];
    for (size_t index = 0; index < WALKS; index++)
        walks[index] = walk(size);
    for (uint64_t index = 0; index < size; index++)
        ours_release(bases[index]);

    if (bare_is_present())
        measure_bare(size_index, &bare);
    scale_report(of_what, size_index, &ours, bare_is_present() ? &bare : NULL);
    scale_report_other("release one, reserve one", of_what, size_index, exchanges, EXCHANGES,
                       &first_exchange_median);
    scale_report_other("walk, per region", of_what, size_index, walks, WALKS, &first_walk_median);
}

static void count(uint64_t size) {
    for (uint64_t index = 0; index < size; index++)
        bases[index] = ours_reserve(block_bytes);
    scale_count(SCALE_STEPS(ours_steps), size);
}

int main(int argument_count, char **arguments) {
    bench_read_options(argument_count, arguments);
    if (!scale_begin())
        return 0;
    // If nothing is committed, the library gives back the mappings that it holds ready. A real program
    // always has some page committed.
    void *held = ours_reserve(block_bytes);
    ours_commit(held, page_bytes);
    uint64_t most = scale_sizes[SCALE_SIZE_COUNT - 1];
    bases = calloc(most, sizeof *bases);
    bench_require(bases != NULL, "calloc");
    if (scale_counted_size() > 0) {
        count(scale_counted_size());
        return 0;
    }
    for (size_t size_index = 0; size_index < SCALE_SIZE_COUNT; size_index++)
        measure(size_index);
    free(bases);
    ours_release(held);
    return 0;
}
