// Threads on shared reservations: each page has an owner, who alone changes it, and whoever owns it
// next finds what was left. Neighbours on the same 64 KiB, table or mapping must not disturb.
#include "owners.h"

#include <psapi.h>
#include <string.h>

static struct commons commons;

static SIZE_T charge_now(void) {
    PROCESS_MEMORY_COUNTERS counters;
    memset(&counters, 0, sizeof counters);
    GetProcessMemoryInfo(GetCurrentProcess(), &counters, sizeof counters);
    return counters.PagefileUsage;
}

static void run_test(int threads, uint64_t seed, double seconds) {
    static const int page_counts[] = {20, 100, 600, owned_pages};
    uint64_t random = seed * 7 + (uint64_t)threads;
    soak_running("owners_find_their_pages_as_they_left_them", seed, (unsigned)seconds + 60);
    SIZE_T charge = charge_now();
    commons_begin(&commons, page_counts[random_below(&random, 4)]);
    for (int i = 0; i < threads; i++)
        crew_add("owner", share_commons, &commons, random);
    crew_run(seconds, 2, NULL);
    commons_end(&commons);
    if (charge_now() != charge)
        soak_wrong("%lld bytes of commit charge are left over", (long long)(charge_now() - charge));
    soak_ended();
}

int main(int argc, char **argv) {
    static const int counts[] = {2, 3, 8, 64};
    soak_begin(argc, argv, "threads");
    double end = soak_now() + options.seconds, each = options.seconds / 8;
    long mappings = mapping_count();
    for (uint64_t seed = options.seed; soak_now() < end; seed++)
        for (int i = 0; i < 4; i++)
            run_test(options.threads && counts[i] > options.threads ? options.threads : counts[i],
                     seed, each > 3 ? 3 : each);
    soak_running("released_memory_costs_no_mapping", options.seed, 60);
    // The C library keeps stacks of ended threads, and ours keeps places for new blocks.
    if (mapping_count() > mappings + 300)
        soak_wrong("%ld mappings at the start, %ld at the end", mappings, mapping_count());
    soak_ended();
    return soak_end();
}
