// Rows: commits of up to 64 KiB that get their memory at once (WIN32MEMORY_POPULATE), where all of it
// is used. The bare side does what it does elsewhere.
#include "bare.h"
#include "bench.h"
#include "indexing.h"
#include "ours.h"

#include <stdlib.h>

static const size_t page_bytes = 4096;
static const size_t block_bytes = 64 * 1024;

static void touch_all(char *block) {
    for (size_t offset = 0; offset < block_bytes; offset += page_bytes)
        ((volatile char *)block)[offset] = 1;
}

static void ours_block(struct bench_clock *clock, uint64_t operations) {
    (void)clock;
    for (uint64_t done = 0; done < operations; done++) {
        char *block = ours_allocate(block_bytes);
        touch_all(block);
        ours_release(block);
    }
}

static void bare_block(struct bench_clock *clock, uint64_t operations) {
    (void)clock;
    for (uint64_t done = 0; done < operations; done++) {
        char *block = bare_allocate(block_bytes);
        touch_all(block);
        bare_release(block, block_bytes);
    }
}

static const struct bench_row rows[] = {
    {.name = "64 KiB reserve+commit, touch all, release, populated",
     .ours = ours_block,
     .bare = bare_block,
     .ratio_limit = 0.85},
    {.name = "small allocator indexing 256 KiB, populated",
     .ours = ours_index,
     .bare = bare_index,
     .prepare = indexing_write_texts,
     .ratio_limit = 0.95,
     .fixed_operations = INDEXING_TEXTS},
};

int main(int argument_count, char **arguments) {
    setenv("WIN32MEMORY_POPULATE", "64K", 1); // before the library's first use, when it looks
    bench_read_options(argument_count, arguments);
    return bench_run(rows, sizeof rows / sizeof rows[0]);
}
