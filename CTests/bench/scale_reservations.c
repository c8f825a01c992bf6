// Rows: what each call costs while 10, 1,000, 100,000 or 1,000,000 reservations of 64 KiB are live.
#include "bare.h"
#include "ours.h"
#include "scale.h"

#include <stdlib.h>

enum { WALKS = 5, EXCHANGES = 50, PICKS_PER_EXCHANGE = 10 };

static const char of_what[] = "live reservations";
static const size_t page_bytes = 4096;
static const size_t block_bytes = 64 * 1024;

static void run_ours(void **bases, const struct scale_picks *picks, struct scale_samples *samples,
                     size_t batch) {
    uint64_t count = picks->count;
    uint64_t start = bench_nanoseconds();
    for (uint64_t pick = 0; pick < count; pick++)
        ours_commit(bases[picks->position[pick]], page_bytes);
    samples->nanoseconds[SCALE_COMMIT][batch] = scale_lap(&start, count);
    for (uint64_t pick = 0; pick < count; pick++)
        ours_query(bases[picks->position[pick]]);
    samples->nanoseconds[SCALE_QUERY][batch] = scale_lap(&start, count);
    for (uint64_t pick = 0; pick < count; pick++)
        ours_protect(bases[picks->position[pick]], page_bytes, PAGE_READONLY);
    samples->nanoseconds[SCALE_PROTECT][batch] = scale_lap(&start, count);
    for (uint64_t pick = 0; pick < count; pick++)
        ours_decommit(bases[picks->position[pick]], page_bytes);
    samples->nanoseconds[SCALE_DECOMMIT][batch] = scale_lap(&start, count);
    for (uint64_t pick = 0; pick < count; pick++)
        ours_release(bases[picks->position[pick]]);
    samples->nanoseconds[SCALE_RELEASE][batch] = scale_lap(&start, count);
    for (uint64_t pick = 0; pick < count; pick++)
        bases[picks->position[pick]] = ours_reserve(block_bytes);
    samples->nanoseconds[SCALE_RESERVE][batch] = scale_lap(&start, count);
}

static void run_bare(void **bases, const struct scale_picks *picks, struct scale_samples *samples,
                     size_t batch) {
    uint64_t count = picks->count;
    bool can_query = bare_can_query();
    uint64_t start = bench_nanoseconds();
    for (uint64_t pick = 0; pick < count; pick++)
        bare_commit(bases[picks->position[pick]], page_bytes);
    samples->nanoseconds[SCALE_COMMIT][batch] = scale_lap(&start, count);
    for (uint64_t pick = 0; can_query && pick < count; pick++)
        bare_query(bases[picks->position[pick]]);
    samples->nanoseconds[SCALE_QUERY][batch] = can_query ? scale_lap(&start, count) : 0;
    for (uint64_t pick = 0; pick < count; pick++)
        bare_make_read_only(bases[picks->position[pick]], page_bytes);
    samples->nanoseconds[SCALE_PROTECT][batch] = scale_lap(&start, count);
    for (uint64_t pick = 0; pick < count; pick++)
        bare_decommit_by_advice(bases[picks->position[pick]], page_bytes);
    samples->nanoseconds[SCALE_DECOMMIT][batch] = scale_lap(&start, count);
    for (uint64_t pick = 0; pick < count; pick++)
        bare_release(bases[picks->position[pick]], block_bytes);
    samples->nanoseconds[SCALE_RELEASE][batch] = scale_lap(&start, count);
    for (uint64_t pick = 0; pick < count; pick++)
        bases[picks->position[pick]] = bare_reserve(block_bytes);
    samples->nanoseconds[SCALE_RESERVE][batch] = scale_lap(&start, count);
}

// One reservation goes and another comes, all others staying: the only hole is anywhere. The
// batches before have left the picks in order of address, so here they are taken far apart.
static double exchange(void **bases, const struct scale_picks *picks) {
    uint64_t start = bench_nanoseconds();
    for (uint64_t pick = 0; pick < PICKS_PER_EXCHANGE; pick++) {
        void **base = &bases[picks->position[pick * 97 % picks->count]];
        ours_release(*base);
        *base = ours_reserve(block_bytes);
    }
    return scale_lap(&start, PICKS_PER_EXCHANGE);
}

// From the lowest reservation to the end of the highest, region by region; time per region.
static double walk(void **bases, uint64_t size) {
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

typedef void batch_run(void **bases, const struct scale_picks *picks, struct scale_samples *samples,
                       size_t batch);

// The warm-up is overwritten.
static void run_batches(batch_run *run, void **bases, uint64_t size,
                        struct scale_samples *samples) {
    for (size_t batch = 0; batch < SCALE_CYCLE + scale_batch_count(); batch++) {
        struct scale_picks picks;
        scale_pick(&picks, size, batch);
        run(bases, &picks, samples, batch < SCALE_CYCLE ? 0 : batch - SCALE_CYCLE);
    }
}

// One after the other, not in turn: the million reservations of a program are not in its caches
// beside another million.
static void measure_bare(size_t size_index, void **bases, struct scale_samples *samples) {
    uint64_t size = scale_sizes[size_index];
    for (uint64_t index = 0; index < size; index++)
        bases[index] = bare_reserve(block_bytes);
    run_batches(run_bare, bases, size, samples);
    for (uint64_t index = 0; index < size; index++)
        bare_release(bases[index], block_bytes);
}

static void measure(size_t size_index, void **bases) {
    static struct scale_samples ours, bare;
    static double first_walk_median, first_exchange_median;
    uint64_t size = scale_sizes[size_index];
    for (uint64_t index = 0; index < size; index++)
        bases[index] = ours_reserve(block_bytes);
    run_batches(run_ours, bases, size, &ours);
    double exchanges[EXCHANGES];
    for (size_t index = 0; index < EXCHANGES; index++) {
        struct scale_picks picks;
        scale_pick(&picks, size, index);
        exchanges[index] = exchange(bases, &picks);
    }
    double walks[WALKS];
    for (size_t index = 0; index < WALKS; index++)
        walks[index] = walk(bases, size);
    for (uint64_t index = 0; index < size; index++)
        ours_release(bases[index]);

    if (bare_is_present())
        measure_bare(size_index, bases, &bare);
    scale_report(of_what, size_index, &ours, bare_is_present() ? &bare : NULL);
    scale_report_other("release one, reserve one", of_what, size_index, exchanges, EXCHANGES,
                       &first_exchange_median);
    scale_report_other("walk, per region", of_what, size_index, walks, WALKS, &first_walk_median);
}

int main(int argument_count, char **arguments) {
    bench_read_options(argument_count, arguments);
    if (!scale_begin())
        return 0;
    uint64_t most = scale_sizes[SCALE_SIZE_COUNT - 1];
    void **bases = calloc(most, sizeof *bases);
    bench_require(bases != NULL, "calloc");
    for (size_t size_index = 0; size_index < SCALE_SIZE_COUNT; size_index++)
        measure(size_index, bases);
    free(bases);
    return 0;
}
