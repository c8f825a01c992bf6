// Row: every other page of 8 GiB committed, 1,000,000 commits that no two of can share a run.
#include "bare.h"
#include "bench.h"
#include "ours.h"

#include <stdio.h>

enum { COMMITS = 1000000, COMMITS_PER_BATCH = 10000, BATCHES = COMMITS / COMMITS_PER_BATCH };
enum { ROUNDS = 5, QUICK_ROUNDS = 1 };

static const char name[] = "every other page of 8 GiB committed";
static const size_t page_bytes = 4096;
static const size_t reservation_bytes = (size_t)8 << 30;
static const double nanosecond_limit = 1000;

// Commits every other page; false when one is refused, which `*done` then counts up to.
static bool commit_alternate_pages(char *base, uint64_t count, uint64_t *done) {
    for (uint64_t commit = 0; commit < count; commit++, ++*done)
        if (!ours_try_commit(base + 2 * *done * page_bytes, page_bytes))
            return false;
    return true;
}

// One time per batch into `batches`, and how many commits succeeded.
static uint64_t run_round(double *batches, size_t *mapping_count) {
    size_t mappings_before = bare_mapping_count();
    char *base = ours_reserve(reservation_bytes);
    uint64_t done = 0;
    bool succeeded = true;
    for (uint64_t batch = 0; succeeded && batch < BATCHES; batch++) {
        uint64_t start = bench_nanoseconds();
        succeeded = commit_alternate_pages(base, COMMITS_PER_BATCH, &done);
        batches[batch] = (double)(bench_nanoseconds() - start) / COMMITS_PER_BATCH;
    }
    *mapping_count = bare_mapping_count() - mappings_before;
    ours_release(base);
    return done;
}

// How many of the commits the bare way gets before the kernel has no mapping left.
static uint64_t bare_commits_until_refused(double *nanoseconds_per_commit) {
    char *base = bare_reserve(reservation_bytes);
    uint64_t commit = 0;
    uint64_t start = bench_nanoseconds();
    while (commit < COMMITS && bare_try_commit(base + 2 * commit * page_bytes, page_bytes))
        commit++;
    *nanoseconds_per_commit = (double)(bench_nanoseconds() - start) / (double)commit;
    bare_release(base, reservation_bytes);
    return commit;
}

static void measure(void) {
    static double batches[ROUNDS * BATCHES];
    size_t rounds = bench_options.quick ? QUICK_ROUNDS : ROUNDS;
    size_t mapping_count = 0;
    uint64_t fewest = COMMITS;
    for (size_t round = 0; round < rounds; round++) {
        uint64_t done = run_round(&batches[round * BATCHES], &mapping_count);
        fewest = done < fewest ? done : fewest;
    }

    struct bench_result result = {.nanosecond_limit = nanosecond_limit};
    snprintf(result.name, sizeof result.name, "%s", name);
    result.fell_short = fewest < COMMITS;
    if (!result.fell_short)
        result.ours = bench_summarise(batches, rounds, BATCHES);
    if (bare_is_present()) {
        uint64_t bare_commits = bare_commits_until_refused(&result.bare.median);
        snprintf(result.note, sizeof result.note,
                 "ours: %u of %u commits, %u more mappings; bare: refused after %u commits",
                 (unsigned)fewest, (unsigned)COMMITS, (unsigned)mapping_count,
                 (unsigned)bare_commits);
    }
    bench_report(&result);
}

int main(int argument_count, char **arguments) {
    bench_read_options(argument_count, arguments);
    if (bench_options.count_side)
        return BENCH_NOT_COUNTABLE; // too long to count
    if (!bench_wants(name))
        return 0;
    if (bench_options.list) {
        printf("%s\n", name);
        return 0;
    }
    bench_report_heading();
    measure();
    return 0;
}
