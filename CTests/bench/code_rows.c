// Rows: memory for code, as generators of it ask for it, among data of the same program.
#include "bare.h"
#include "bench.h"
#include "ours.h"

static const size_t block_bytes = 64 * 1024;
enum { NEIGHBOURS = 64 };
static void *ours_neighbours[NEIGHBOURS], *bare_neighbours[NEIGHBOURS];

static void write_byte(void *address) {
    *(volatile char *)address = 1;
}

// Blocks of data side by side, with a hole in their midst.
static bool prepare_neighbours(void) {
    for (unsigned block = 0; block < NEIGHBOURS; block++) {
        ours_neighbours[block] = ours_allocate(block_bytes);
        bare_neighbours[block] = bare_is_present() ? bare_allocate(block_bytes) : NULL;
    }
    ours_release(ours_neighbours[NEIGHBOURS / 2]);
    ours_neighbours[NEIGHBOURS / 2] = NULL;
    if (bare_is_present())
        bare_release(bare_neighbours[NEIGHBOURS / 2], block_bytes);
    bare_neighbours[NEIGHBOURS / 2] = NULL;
    return true;
}

static void finish_neighbours(void) {
    for (unsigned block = 0; block < NEIGHBOURS; block++) {
        if (ours_neighbours[block])
            ours_release(ours_neighbours[block]);
        if (bare_neighbours[block])
            bare_release(bare_neighbours[block], block_bytes);
    }
}

static void ours_executable(struct bench_clock *clock, uint64_t operations) {
    (void)clock;
    for (uint64_t done = 0; done < operations; done++) {
        void *base = ours_allocate_executable(block_bytes);
        write_byte(base);
        ours_release(base);
    }
}

static void bare_executable(struct bench_clock *clock, uint64_t operations) {
    (void)clock;
    for (uint64_t done = 0; done < operations; done++) {
        void *base = bare_allocate_executable(block_bytes);
        write_byte(base);
        bare_release(base, block_bytes);
    }
}

static void ours_made_executable(struct bench_clock *clock, uint64_t operations) {
    (void)clock;
    for (uint64_t done = 0; done < operations; done++) {
        void *base = ours_allocate(block_bytes);
        write_byte(base);
        ours_protect(base, block_bytes, PAGE_EXECUTE_READ);
        ours_release(base);
    }
}

static void bare_made_executable(struct bench_clock *clock, uint64_t operations) {
    (void)clock;
    for (uint64_t done = 0; done < operations; done++) {
        void *base = bare_allocate(block_bytes);
        write_byte(base);
        bare_make_executable(base, block_bytes);
        bare_release(base, block_bytes);
    }
}

static const struct bench_row rows[] = {
    {.name = "64 KiB allocated executable, touched, released",
     .ours = ours_executable,
     .bare = bare_executable,
     .prepare = prepare_neighbours,
     .finish = finish_neighbours},
    {.name = "64 KiB touched, made executable, released",
     .ours = ours_made_executable,
     .bare = bare_made_executable,
     .prepare = prepare_neighbours,
     .finish = finish_neighbours},
};

int main(int argument_count, char **arguments) {
    bench_read_options(argument_count, arguments);
    return bench_run(rows, sizeof rows / sizeof rows[0]);
}
