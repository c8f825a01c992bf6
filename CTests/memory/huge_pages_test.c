// Linux only: committed memory in the kernel's huge pages, which WIN32MEMORY_HUGE_PAGES asks for.
// Reads /proc/self/smaps and /proc/vmstat. Where the kernel has no huge page to give, the tests hold
// with small ones.
#include "memory_checks.h"

#define HUGE_PAGE ((SIZE_T)2 << 20)
#define BLOCK_BYTES (32 * HUGE_PAGE)

// Before the library's first use, which is when it looks.
__attribute__((constructor)) static void ask_for_huge_pages(void) {
    setenv("WIN32MEMORY_HUGE_PAGES", "ask", 1);
}

// The bytes from `base` on that the kernel holds in huge pages.
static SIZE_T huge_bytes(const BYTE *base, SIZE_T byte_count) {
    char line[512];
    int is_within = 0;
    SIZE_T huge = 0;
    FILE *mappings = fopen("/proc/self/smaps", "r");
    CHECK(mappings != NULL);
    while (fgets(line, sizeof line, mappings)) {
        unsigned long long start, end, kibibytes;
        if (sscanf(line, "%llx-%llx ", &start, &end) == 2)
            is_within = start < (uintptr_t)base + byte_count && end > (uintptr_t)base;
        else if (is_within && sscanf(line, "AnonHugePages: %llu kB", &kibibytes) == 1)
            huge += (SIZE_T)kibibytes << 10;
    }
    fclose(mappings);
    return huge;
}

// How many huge pages the machine has taken apart so far, whoever asked for it.
static uint64_t huge_pages_taken_apart(void) {
    char line[256];
    unsigned long long count = 0;
    FILE *figures = fopen("/proc/vmstat", "r");
    CHECK(figures != NULL);
    while (fgets(line, sizeof line, figures) && sscanf(line, "thp_split_page %llu", &count) != 1)
        ;
    fclose(figures);
    return count;
}

static int kernel_has_huge_pages(void) {
    char text[64] = "";
    FILE *setting = fopen("/sys/kernel/mm/transparent_hugepage/enabled", "r");
    if (setting) {
        CHECK(fgets(text, sizeof text, setting) != NULL);
        fclose(setting);
    }
    return setting && strstr(text, "[never]") == NULL;
}

// The first address from `base` on where a huge page may begin.
static BYTE *huge_page_from(BYTE *base) {
    return (BYTE *)(((uintptr_t)base + HUGE_PAGE - 1) & ~(uintptr_t)(HUGE_PAGE - 1));
}

// Block number n of a new reservation filled with n + 1; `*blocks` is where the first begins.
static BYTE *filled_blocks(BYTE **blocks) {
    BYTE *base = reserved_pages((BLOCK_BYTES + HUGE_PAGE) / page_size);
    *blocks = huge_page_from(base);
    GRANTED(VirtualAlloc(*blocks, BLOCK_BYTES, MEM_COMMIT, PAGE_READWRITE));
    for (SIZE_T offset = 0; offset < BLOCK_BYTES; offset += HUGE_PAGE)
        memset(*blocks + offset, (int)(offset / HUGE_PAGE) + 1, HUGE_PAGE);
    return base;
}

// CTests/bench/README.md, First touch.
static void large_commits_are_in_huge_pages_when_these_are_asked_for(void) {
    BYTE *blocks, *base = filled_blocks(&blocks);
    CHECK_COMMITTED(blocks, PAGE_READWRITE, BLOCK_BYTES);
    CHECK((huge_bytes(blocks, BLOCK_BYTES) > 0) == kernel_has_huge_pages());
    release(base);
}

// 4.30
static void decommitting_a_part_of_a_huge_page_gives_its_memory_back_at_once(void) {
    BYTE *blocks, *base = filled_blocks(&blocks);
    SIZE_T huge = huge_bytes(blocks, BLOCK_BYTES) / HUGE_PAGE;
    uint64_t before = huge_pages_taken_apart();
    for (SIZE_T offset = 0; offset < BLOCK_BYTES; offset += HUGE_PAGE) {
        SIZE_T where = offset / HUGE_PAGE % 3 * (HUGE_PAGE - 16 * page_size) / 2;
        GRANTED(VirtualFree(blocks + offset + where, 16 * page_size, MEM_DECOMMIT));
    }
    CHECK(huge_pages_taken_apart() >= before + huge);
    for (SIZE_T offset = 0; offset < BLOCK_BYTES; offset += HUGE_PAGE) {
        BYTE *block = blocks + offset;
        BYTE *lost = block + offset / HUGE_PAGE % 3 * (HUGE_PAGE - 16 * page_size) / 2;
        BYTE value = (BYTE)(offset / HUGE_PAGE + 1);
        CHECK_RESERVED(lost, 0);
        CHECK(every_byte_is(block, value, (SIZE_T)(lost - block)));
        CHECK(every_byte_is(lost + 16 * page_size, value,
                            (SIZE_T)(block + HUGE_PAGE - (lost + 16 * page_size))));
    }
    release(base);
}

// 4.30: one call whose ends are within huge pages.
static void decommitting_across_huge_pages_gives_the_ends_back_too(void) {
    BYTE *blocks, *base = filled_blocks(&blocks);
    SIZE_T huge = huge_bytes(blocks, BLOCK_BYTES) / HUGE_PAGE;
    uint64_t before = huge_pages_taken_apart();
    GRANTED(VirtualFree(blocks + page_size, BLOCK_BYTES - 2 * page_size, MEM_DECOMMIT));
    CHECK(huge_pages_taken_apart() >= before + (huge == BLOCK_BYTES / HUGE_PAGE ? 2 : 0));
    CHECK(every_byte_is(blocks, 1, page_size));
    CHECK(every_byte_is(blocks + BLOCK_BYTES - page_size, BLOCK_BYTES / HUGE_PAGE, page_size));
    CHECK_RESERVED(blocks + page_size, BLOCK_BYTES - 2 * page_size);
    release(base);
}

// 4.20, 4.30
static void decommitting_locked_parts_of_huge_pages_gives_their_memory_back_too(void) {
    BYTE *blocks, *base = filled_blocks(&blocks);
    SIZE_T huge = huge_bytes(blocks, HUGE_PAGE) >= HUGE_PAGE;
    uint64_t before = huge_pages_taken_apart();
    GRANTED(VirtualLock(blocks, 4 * page_size));
    GRANTED(VirtualFree(blocks, 8 * page_size, MEM_DECOMMIT));
    CHECK(huge_pages_taken_apart() >= before + huge);
    CHECK_RESERVED(blocks, 0);
    CHECK(every_byte_is(blocks + 8 * page_size, 1, HUGE_PAGE - 8 * page_size));
    release(base);
}

// Huge pages of 64 KiB of which only a part is in use, system-wide; 0 where they are not enabled.
static long long small_huge_pages_in_part(void) {
    long long count = 0;
    FILE *figure = fopen(
        "/sys/kernel/mm/transparent_hugepage/hugepages-64kB/stats/nr_anon_partially_mapped", "r");
    if (figure) {
        CHECK(fscanf(figure, "%lld", &count) == 1);
        fclose(figure);
    }
    return count;
}

// 4.30: where the kernel has huge pages of 64 KiB, these blocks are in them.
static void decommitting_a_page_of_each_block_that_was_committed_gives_it_back_at_once(void) {
    enum { blocks = 512 };
    BYTE *base = reserved_pages(blocks * 16);
    for (SIZE_T i = 0; i < blocks; i++) {
        BYTE *block = base + i * allocation_granularity;
        GRANTED(VirtualAlloc(block, allocation_granularity, MEM_COMMIT, PAGE_READWRITE));
        memset(block, (int)(i % 250 + 1), allocation_granularity);
    }
    long long before = small_huge_pages_in_part();
    for (SIZE_T i = 0; i < blocks; i++)
        GRANTED(VirtualFree(base + (i * 16 + i % 16) * page_size, page_size, MEM_DECOMMIT));
    CHECK(small_huge_pages_in_part() < before + blocks / 4);
    for (SIZE_T i = 0; i < blocks; i++)
        for (SIZE_T page = 0; page < 16; page++)
            if (page != i % 16)
                CHECK(every_byte_is(base + (i * 16 + page) * page_size, (BYTE)(i % 250 + 1),
                                    page_size));
    release(base);
}

// 4.18: neighbours in one huge page.
static void releasing_one_of_two_neighbours_in_a_huge_page_leaves_the_other(void) {
    BYTE *space = free_space(2 * HUGE_PAGE);
    BYTE *first = huge_page_from(space), *second = first + HUGE_PAGE / 2;
    GRANTED(VirtualAlloc(first, HUGE_PAGE / 2, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE));
    GRANTED(VirtualAlloc(second, HUGE_PAGE / 2, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE));
    memset(first, 0x31, HUGE_PAGE / 2);
    memset(second, 0x32, HUGE_PAGE / 2);
    release(first);
    CHECK_FREE(first);
    CHECK_COMMITTED(second, PAGE_READWRITE, HUGE_PAGE / 2);
    CHECK(every_byte_is(second, 0x32, HUGE_PAGE / 2));
    release(second);
}

// 4.30
static void recommitted_parts_of_huge_pages_read_as_zeroes(void) {
    BYTE *blocks, *base = filled_blocks(&blocks);
    GRANTED(VirtualFree(blocks + page_size, 4 * page_size, MEM_DECOMMIT));
    GRANTED(VirtualAlloc(blocks, HUGE_PAGE, MEM_COMMIT, PAGE_READWRITE));
    CHECK(every_byte_is(blocks, 1, page_size));
    CHECK(every_byte_is(blocks + page_size, 0, 4 * page_size));
    CHECK(every_byte_is(blocks + 5 * page_size, 1, HUGE_PAGE - 5 * page_size));
    release(base);
}

TEST_PROGRAM(TEST(large_commits_are_in_huge_pages_when_these_are_asked_for),
             TEST(decommitting_a_part_of_a_huge_page_gives_its_memory_back_at_once),
             TEST(decommitting_across_huge_pages_gives_the_ends_back_too),
             TEST(decommitting_locked_parts_of_huge_pages_gives_their_memory_back_too),
             TEST(decommitting_a_page_of_each_block_that_was_committed_gives_it_back_at_once),
             TEST(releasing_one_of_two_neighbours_in_a_huge_page_leaves_the_other),
             TEST(recommitted_parts_of_huge_pages_read_as_zeroes))
