// Rows: pages committed and decommitted inside large reservations.
#include "bare.h"
#include "bench.h"
#include "ours.h"

static const size_t page_bytes = 4096;
static const size_t reservation_bytes = (size_t)1 << 30;
static const size_t fresh_bytes = (size_t)16 << 30; // more than the first row gets through
static const size_t block_bytes = 64 * 1024;

static char *ours_base, *bare_base;
static uint64_t ours_random, bare_random;
static uint64_t ours_next_page, bare_next_page;

static bool prepare_reservations(void) {
    ours_base = ours_reserve(reservation_bytes);
    bare_base = bare_is_present() ? bare_reserve(reservation_bytes) : NULL;
    ours_random = bare_random = 1;
    ours_next_page = bare_next_page = 0;
    return true;
}

static bool prepare_fresh_reservations(void) {
    ours_base = ours_reserve(fresh_bytes);
    bare_base = bare_is_present() ? bare_reserve(fresh_bytes) : NULL;
    ours_next_page = bare_next_page = 0;
    return true;
}

static void finish_fresh_reservations(void) {
    ours_release(ours_base);
    if (bare_base)
        bare_release(bare_base, fresh_bytes);
}

// What a page's first commit costs more is a row of its own.
static bool prepare_visited_reservations(void) {
    prepare_reservations();
    for (size_t offset = 0; offset < reservation_bytes; offset += block_bytes) {
        ours_commit(ours_base + offset, page_bytes);
        ours_decommit(ours_base + offset, page_bytes);
        if (bare_base) {
            bare_commit(bare_base + offset, page_bytes);
            bare_decommit_by_advice(bare_base + offset, page_bytes);
        }
    }
    return true;
}

static void finish_reservations(void) {
    ours_release(ours_base);
    if (bare_base)
        bare_release(bare_base, reservation_bytes);
}

// Some page of the reservation, or 64 KiB block; both sides go through the same sequence.
static char *any(char *base, uint64_t *random, size_t unit_bytes) {
    return base + bench_random(random, reservation_bytes / unit_bytes) * unit_bytes;
}

static void write_byte(void *address) {
    *(volatile char *)address = 1;
}

static void ours_page(struct bench_clock *clock, uint64_t operations) {
    (void)clock;
    for (uint64_t done = 0; done < operations; done++) {
        char *page = any(ours_base, &ours_random, page_bytes);
        ours_commit(page, page_bytes);
        write_byte(page);
        ours_decommit(page, page_bytes);
    }
}

static void bare_page_by_mapping(struct bench_clock *clock, uint64_t operations) {
    (void)clock;
    for (uint64_t done = 0; done < operations; done++) {
        char *page = any(bare_base, &bare_random, page_bytes);
        bare_commit(page, page_bytes);
        write_byte(page);
        bare_decommit_by_mapping(page, page_bytes);
    }
}

static void bare_page_by_advice(struct bench_clock *clock, uint64_t operations) {
    (void)clock;
    for (uint64_t done = 0; done < operations; done++) {
        char *page = any(bare_base, &bare_random, page_bytes);
        bare_commit(page, page_bytes);
        write_byte(page);
        bare_decommit_by_advice(page, page_bytes);
    }
}

static void write_block(char *block) {
    for (size_t offset = 0; offset < block_bytes; offset += page_bytes)
        write_byte(block + offset);
}

static void ours_block(struct bench_clock *clock, uint64_t operations) {
    (void)clock;
    for (uint64_t done = 0; done < operations; done++) {
        char *block = any(ours_base, &ours_random, block_bytes);
        ours_commit(block, block_bytes);
        write_block(block);
        ours_decommit(block, block_bytes);
    }
}

static void bare_block_by_mapping(struct bench_clock *clock, uint64_t operations) {
    (void)clock;
    for (uint64_t done = 0; done < operations; done++) {
        char *block = any(bare_base, &bare_random, block_bytes);
        bare_commit(block, block_bytes);
        write_block(block);
        bare_decommit_by_mapping(block, block_bytes);
    }
}

static void bare_block_by_advice(struct bench_clock *clock, uint64_t operations) {
    (void)clock;
    for (uint64_t done = 0; done < operations; done++) {
        char *block = any(bare_base, &bare_random, block_bytes);
        bare_commit(block, block_bytes);
        write_block(block);
        bare_decommit_by_advice(block, block_bytes);
    }
}

// The first page of each 64 KiB in a reservation that nobody used before.
static void ours_first(struct bench_clock *clock, uint64_t operations) {
    (void)clock;
    for (uint64_t done = 0; done < operations; done++) {
        char *page = ours_base + ours_next_page * page_bytes;
        ours_commit(page, page_bytes);
        write_byte(page);
        ours_decommit(page, page_bytes);
        ours_next_page += block_bytes / page_bytes;
    }
}

static void bare_first(struct bench_clock *clock, uint64_t operations) {
    (void)clock;
    for (uint64_t done = 0; done < operations; done++) {
        char *page = bare_base + bare_next_page * page_bytes;
        bare_commit(page, page_bytes);
        write_byte(page);
        bare_decommit_by_mapping(page, page_bytes);
        bare_next_page += block_bytes / page_bytes;
    }
}

// A growing array: when the reservation is full, a new one begins.
static void ours_next(struct bench_clock *clock, uint64_t operations) {
    (void)clock;
    for (uint64_t done = 0; done < operations; done++) {
        if (ours_next_page == reservation_bytes / page_bytes) {
            ours_release(ours_base);
            ours_base = ours_reserve(reservation_bytes);
            ours_next_page = 0;
        }
        ours_commit(ours_base + ours_next_page++ * page_bytes, page_bytes);
    }
}

static void bare_next(struct bench_clock *clock, uint64_t operations) {
    (void)clock;
    for (uint64_t done = 0; done < operations; done++) {
        if (bare_next_page == reservation_bytes / page_bytes) {
            bare_release(bare_base, reservation_bytes);
            bare_base = bare_reserve(reservation_bytes);
            bare_next_page = 0;
        }
        bare_commit(bare_base + bare_next_page++ * page_bytes, page_bytes);
    }
}

static const struct bench_row rows[] = {
    // First, so that the library has prepared nothing yet.
    {.name = "first page of 64 KiB: commit, touch, decommit",
     .ours = ours_first,
     .bare = bare_first,
     .prepare = prepare_fresh_reservations,
     .finish = finish_fresh_reservations},
    {.name = "page commit, touch, decommit in 1 GiB",
     .ours = ours_page,
     .bare = bare_page_by_mapping,
     .bare_other = bare_page_by_advice,
     .prepare = prepare_visited_reservations,
     .finish = finish_reservations,
     .ratio_limit = 0.70},
    {.name = "64 KiB commit, touch all, decommit in 1 GiB",
     .ours = ours_block,
     .bare = bare_block_by_mapping,
     .bare_other = bare_block_by_advice,
     .prepare = prepare_visited_reservations,
     .finish = finish_reservations},
    {.name = "next page committed, in a row",
     .ours = ours_next,
     .bare = bare_next,
     .prepare = prepare_reservations,
     .finish = finish_reservations,
     .ratio_limit = 0.75},
};

int main(int argument_count, char **arguments) {
    bench_read_options(argument_count, arguments);
    return bench_run(rows, sizeof rows / sizeof rows[0]);
}
