// Rows: what writing a byte to every page of fresh memory costs, per page of 4 KiB, by size of the
// region and by what the kernel was asked for before. Nothing of it is asked for by the library: the
// advice is the program's own, on committed memory and on a bare mapping alike.
//
// Regions begin at 2 MiB boundaries, the best case for huge pages. "again" is memory that was
// committed, written and decommitted before. "grown" is committed in steps: on the guarded backing
// its page tables are then in place, and the kernel gives no huge page at a fault.
#define _GNU_SOURCE
#include "first_touch.h"

#include <stdio.h>
#include <string.h>

enum { MOST_TIMES = 200 };

struct region_size {
    const char *name;
    size_t byte_count;
    unsigned times, quick_times; // 0: not then
    bool fresh_only;             // the others would take long
};

static const struct region_size sizes[] = {
    {"64 KiB", (size_t)64 << 10, MOST_TIMES, 40, false},
    {"2 MiB", (size_t)2 << 20, 60, 10, false},
    {"64 MiB", (size_t)64 << 20, 7, 3, false},
    {"1 GiB", (size_t)1 << 30, 3, 0, true},
};

// What one way of getting and filling the memory took, over all times.
struct figures {
    double fill[MOST_TIMES], give_back[MOST_TIMES]; // nanoseconds per page
    size_t huge_bytes;                              // after the last time
};

static void touch(char *base, size_t byte_count) {
    for (size_t offset = 0; offset < byte_count; offset += first_touch_page_bytes)
        *(volatile char *)(base + offset) = 1;
}

static void fill_once(const struct first_touch_memory *memory, const struct first_touch_way *way,
                      size_t byte_count, struct figures *figures, unsigned time) {
    double pages = (double)(byte_count / first_touch_page_bytes);
    char *base = memory->prepare(byte_count);
    uint64_t start = bench_nanoseconds();
    memory->commit(base, byte_count, way);
    bool is_populated = memory == &first_touch_bare && way->bare_populate;
    first_touch_ask(way->before, is_populated ? 0 : way->before_count, base, byte_count);
    touch(base, way->one_page_only ? 1 : byte_count);
    first_touch_ask(&way->after, way->after != 0, base, byte_count);
    uint64_t filled = bench_nanoseconds();
    figures->fill[time] = (double)(filled - start) / pages;
    figures->huge_bytes = first_touch_huge_bytes(base, byte_count);
    start = bench_nanoseconds();
    memory->give_back(base, byte_count);
    figures->give_back[time] = (double)(bench_nanoseconds() - start) / pages;
}

static void report(const char *name, const struct region_size *size, struct figures *ours,
                   struct figures *bare, unsigned times) {
    struct bench_result result = {.ours = bench_summarise(ours->fill, times, 1),
                                  .bare = bench_summarise(bare->fill, times, 1)};
    snprintf(result.name, sizeof result.name, "%s", name);
    snprintf(
        result.note, sizeof result.note,
        "in huge pages: ours %.0f%%, bare %.0f%%; giving back, per page: ours %.0f ns, bare %.0f",
        100.0 * (double)ours->huge_bytes / (double)size->byte_count,
        100.0 * (double)bare->huge_bytes / (double)size->byte_count,
        bench_median(ours->give_back, times), bench_median(bare->give_back, times));
    bench_report(&result);
}

static void run_row(const struct region_size *size, const struct first_touch_way *way,
                    const struct first_touch_memory *memory) {
    static struct figures ours, bare;
    char name[80];
    snprintf(name, sizeof name, "fill %s%s: %s", size->name, memory->suffix, way->name);
    unsigned times = bench_options.quick ? size->quick_times : size->times;
    if (times == 0 || !bench_wants(name) || !way->suits(size->byte_count) ||
        (size->fresh_only && memory != &first_touch_ours))
        return;
    if (bench_options.list) {
        printf("%s\n", name);
        return;
    }
    for (unsigned time = 0; time < times; time++) {
        fill_once(memory, way, size->byte_count, &ours, time);
        fill_once(&first_touch_bare, way, size->byte_count, &bare, time);
    }
    report(name, size, &ours, &bare, times);
}

int main(int argument_count, char **arguments) {
    bench_read_options(argument_count, arguments);
    if (bench_options.count_side)
        return BENCH_NOT_COUNTABLE; // the pages are the kernel's work
    if (!bench_options.list)
        bench_report_heading();
    for (size_t size = 0; size < sizeof sizes / sizeof sizes[0]; size++)
        for (size_t way = 0; way < first_touch_way_count; way++) {
            run_row(&sizes[size], &first_touch_ways[way], &first_touch_ours);
            run_row(&sizes[size], &first_touch_ways[way], &first_touch_ours_again);
            if (sizes[size].byte_count > first_touch_step_bytes)
                run_row(&sizes[size], &first_touch_ways[way], &first_touch_ours_grown);
        }
    return 0;
}
