// Rows: committed pages protected, reset and queried.
#include "bare.h"
#include "bench.h"
#include "ours.h"

static const size_t page_bytes = 4096;
static const size_t block_bytes = 64 * 1024;
static const size_t many_runs_bytes = (size_t)4 << 30;
enum { MANY_RUNS = 1000000, COUNTED_RUNS = 10000, ALIKE = 64 };

static char *ours_base, *bare_base;
static void *ours_alike[ALIKE], *bare_alike[ALIKE];
static uint64_t query_random = 1;

static void write_block(char *block) {
    for (size_t offset = 0; offset < block_bytes; offset += page_bytes)
        *(volatile char *)(block + offset) = 1;
}

static bool prepare_blocks(void) {
    ours_base = ours_allocate(block_bytes);
    write_block(ours_base);
    if (bare_is_present()) {
        bare_base = bare_allocate(block_bytes);
        write_block(bare_base);
    }
    return true;
}

static void finish_blocks(void) {
    ours_release(ours_base);
    if (bare_base)
        bare_release(bare_base, block_bytes);
    bare_base = NULL;
}

// The block is one of many that lie side by side, as in a program with an allocator.
static bool prepare_blocks_alike(void) {
    for (unsigned block = 0; block < ALIKE; block++) {
        ours_alike[block] = ours_allocate(block_bytes);
        if (bare_is_present())
            bare_alike[block] = bare_allocate(block_bytes);
    }
    ours_base = ours_alike[ALIKE / 2];
    write_block(ours_base);
    bare_base = bare_alike[ALIKE / 2];
    if (bare_base)
        write_block(bare_base);
    return true;
}

static void finish_blocks_alike(void) {
    for (unsigned block = 0; block < ALIKE; block++) {
        ours_release(ours_alike[block]);
        if (bare_base)
            bare_release(bare_alike[block], block_bytes);
    }
    bare_base = NULL;
}

static void ours_protect_block(struct bench_clock *clock, uint64_t operations) {
    (void)clock;
    for (uint64_t done = 0; done < operations; done++) {
        ours_protect(ours_base, block_bytes, PAGE_READONLY);
        ours_protect(ours_base, block_bytes, PAGE_READWRITE);
    }
}

static void bare_protect_block(struct bench_clock *clock, uint64_t operations) {
    (void)clock;
    for (uint64_t done = 0; done < operations; done++) {
        bare_make_read_only(bare_base, block_bytes);
        bare_make_writable(bare_base, block_bytes);
    }
}

static void ours_protect_page(struct bench_clock *clock, uint64_t operations) {
    (void)clock;
    for (uint64_t done = 0; done < operations; done++) {
        ours_protect(ours_base + block_bytes / 2, page_bytes, PAGE_READONLY);
        ours_protect(ours_base + block_bytes / 2, page_bytes, PAGE_READWRITE);
    }
}

static void bare_protect_page(struct bench_clock *clock, uint64_t operations) {
    (void)clock;
    for (uint64_t done = 0; done < operations; done++) {
        bare_make_read_only(bare_base + block_bytes / 2, page_bytes);
        bare_make_writable(bare_base + block_bytes / 2, page_bytes);
    }
}

static void ours_reset_block(struct bench_clock *clock, uint64_t operations) {
    (void)clock;
    for (uint64_t done = 0; done < operations; done++) {
        ours_reset(ours_base, block_bytes);
        write_block(ours_base);
    }
}

static void bare_reset_block(struct bench_clock *clock, uint64_t operations) {
    (void)clock;
    for (uint64_t done = 0; done < operations; done++) {
        bare_reset(bare_base, block_bytes);
        write_block(bare_base);
    }
}

static void ours_query_block(struct bench_clock *clock, uint64_t operations) {
    (void)clock;
    for (uint64_t done = 0; done < operations; done++)
        ours_query(ours_base);
}

static void bare_query_block(struct bench_clock *clock, uint64_t operations) {
    (void)clock;
    for (uint64_t done = 0; done < operations; done++)
        bare_query(bare_base);
}

// Under a counter fewer, because valgrind does not keep so many of the kernel's mappings.
static size_t run_count(void) {
    return bench_options.count_side ? COUNTED_RUNS : MANY_RUNS;
}

// Alternate pages are committed: 500,000 committed runs and as many reserved ones between them.
// On the mapped backing each is a kernel mapping, and there are not so many.
static bool prepare_many_runs(void) {
    ours_base = ours_reserve(many_runs_bytes);
    for (size_t run = 0; run < run_count(); run += 2) {
        if (!ours_try_commit(ours_base + run * page_bytes, page_bytes)) {
            ours_release(ours_base);
            return false;
        }
    }
    return true;
}

static void ours_query_many_runs(struct bench_clock *clock, uint64_t operations) {
    (void)clock;
    size_t runs = run_count();
    for (uint64_t done = 0; done < operations; done++)
        ours_query(ours_base + bench_random(&query_random, runs - 1) * page_bytes);
}

static void ours_query_runs_in_order(struct bench_clock *clock, uint64_t operations) {
    (void)clock;
    size_t runs = run_count();
    for (uint64_t done = 0; done < operations; done++)
        ours_query(ours_base + done % (runs - 1) * page_bytes);
}

// What is not ours is looked up in the kernel's list of mappings, which is opened each time.
static void ours_query_stack(struct bench_clock *clock, uint64_t operations) {
    for (uint64_t done = 0; done < operations; done++)
        ours_query(clock);
}

static void bare_query_stack(struct bench_clock *clock, uint64_t operations) {
    for (uint64_t done = 0; done < operations; done++)
        bare_query(clock);
}

static struct bench_row rows[] = {
    // First, before the other rows map memory around the block.
    {.name = "64 KiB read-only and back, alone",
     .ours = ours_protect_block,
     .bare = bare_protect_block,
     .prepare = prepare_blocks,
     .finish = finish_blocks,
     .ratio_limit = 1.10},
    {.name = "64 KiB read-only and back, among 64 alike",
     .ours = ours_protect_block,
     .bare = bare_protect_block,
     .prepare = prepare_blocks_alike,
     .finish = finish_blocks_alike,
     .ratio_limit = 1.10},
    {.name = "a page within 64 KiB read-only and back",
     .ours = ours_protect_page,
     .bare = bare_protect_page,
     .prepare = prepare_blocks,
     .finish = finish_blocks,
     .ratio_limit = 1.10},
    {.name = "MEM_RESET 64 KiB, write it again",
     .ours = ours_reset_block,
     .bare = bare_reset_block,
     .prepare = prepare_blocks,
     .finish = finish_blocks,
     .ratio_limit = 1.10},
    {.name = "VirtualQuery",
     .ours = ours_query_block,
     .bare = bare_query_block,
     .prepare = prepare_blocks,
     .finish = finish_blocks,
     .nanosecond_limit = 50},
    {.name = "VirtualQuery of the stack; bare: the list kept open",
     .ours = ours_query_stack,
     .bare = bare_query_stack,
     .not_exact = true},
    {.name = "VirtualQuery among 1,000,000 runs, in order",
     .ours = ours_query_runs_in_order,
     .prepare = prepare_many_runs,
     .finish = finish_blocks,
     .nanosecond_limit = 50},
    {.name = "VirtualQuery among 1,000,000 runs, at random",
     .ours = ours_query_many_runs,
     .prepare = prepare_many_runs,
     .finish = finish_blocks,
     .nanosecond_limit = 50},
};

int main(int argument_count, char **arguments) {
    bench_read_options(argument_count, arguments);
    for (size_t row = 0; row < sizeof rows / sizeof rows[0]; row++)
        if ((rows[row].bare == bare_query_block || rows[row].bare == bare_query_stack) &&
            !bare_can_query())
            rows[row].bare = NULL;
    return bench_run(rows, sizeof rows / sizeof rows[0]);
}
