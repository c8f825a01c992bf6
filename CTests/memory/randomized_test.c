// Linux only: random calls on a stretch of address space, each answer and each byte compared
// with a slow reference model. Run it with a test's name and a seed to see a failure again.
#include "enforcement_checks.h"
#include "reference_model.h"

#include <sys/mman.h>

#define MODEL_BYTES ((SIZE_T)model_pages * model_page_bytes)

static uint64_t random_state;
static BYTE *space;

// Marsaglia, "Xorshift RNGs", 2003, with the shifts 13, 7, 17.
static uint64_t random_below(uint64_t limit) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (random_state >> 11) % limit;
}

static DWORD random_protection(void) {
    static const DWORD protections[] = {
        PAGE_READWRITE, PAGE_READWRITE,    PAGE_READWRITE,         PAGE_READONLY,
        PAGE_NOACCESS,  PAGE_EXECUTE_READ, PAGE_EXECUTE_READWRITE, PAGE_READWRITE | PAGE_GUARD};
    return protections[random_below(sizeof protections / sizeof protections[0])];
}

// Mostly few pages, rarely many, very rarely more than 32 granules; often not a multiple of the page size.
static SIZE_T random_byte_count(void) {
    SIZE_T limit = random_below(8) != 0 ? 12 : random_below(8) != 0 ? 100 : 600;
    SIZE_T pages = 1 + random_below(limit);
    return random_below(3) == 0 ? pages * page_size - random_below(page_size) : pages * page_size;
}

// An address such that the range ends inside the space.
static SIZE_T random_offset(SIZE_T byte_count) {
    SIZE_T offset = random_below(MODEL_BYTES - byte_count - page_size);
    return random_below(3) == 0 ? offset : offset & ~(SIZE_T)(page_size - 1);
}

// Compares the answer of a call: success with the sentinel, or the model's error.
static void check_answer(int succeeded, DWORD expected, const char *call, SIZE_T offset,
                         SIZE_T byte_count) {
    DWORD error = GetLastError();
    DWORD got = succeeded ? (error == UNTOUCHED_ERROR ? 0 : error) : error;
    if (got != expected || succeeded != (expected == 0))
        check_failed(__FILE__, __LINE__, "%s(0x%x, 0x%x): expected 0x%x, got 0x%x (%s)", call,
                     (unsigned)offset, (unsigned)byte_count, (unsigned)expected, (unsigned)got,
                     succeeded ? "success" : "refusal");
}

static void write_somewhere(SIZE_T offset, SIZE_T byte_count) {
    BYTE value = (BYTE)random_below(256);
    for (int page = first_page(offset); page < end_page(offset, byte_count); page++) {
        struct model_page *target = &model.pages[page];
        if (target->state != MEM_COMMIT ||
            (target->protection != PAGE_READWRITE && target->protection != PAGE_EXECUTE_READWRITE))
            continue;
        memset(space + (SIZE_T)page * page_size, value, page_size);
        target->value = value;
        target->may_be_zero = 0;
    }
}

static void check_contents(int first, int end) {
    for (int page = first; page < end; page++) {
        const struct model_page *expected = &model.pages[page];
        const BYTE *bytes = space + (SIZE_T)page * page_size;
        if (expected->state != MEM_COMMIT || expected->protection == PAGE_NOACCESS ||
            (expected->protection & PAGE_GUARD) != 0)
            continue;
        BYTE value = expected->may_be_zero && bytes[0] == 0 ? 0 : expected->value;
        if (!every_byte_is(bytes, value, page_size))
            check_failed(__FILE__, __LINE__, "page %d: expected bytes 0x%x, got first byte 0x%x",
                         page, expected->value, bytes[0]);
    }
}

// Checks committed pages and writes to them at once, if their protection allows it.
static void allocate_somewhere(SIZE_T offset, SIZE_T byte_count) {
    static const DWORD types[] = {MEM_RESERVE, MEM_RESERVE | MEM_COMMIT, MEM_COMMIT, MEM_COMMIT,
                                  MEM_COMMIT};
    DWORD type = types[random_below(5)], protection = random_protection();
    SetLastError(UNTOUCHED_ERROR);
    int succeeded = VirtualAlloc(space + offset, byte_count, type, protection) != NULL;
    DWORD expected = type & MEM_RESERVE ? model_reserve(offset, byte_count, type, protection)
                                        : model_commit(offset, byte_count, protection);
    check_answer(succeeded, expected, type & MEM_RESERVE ? "reserve" : "commit", offset,
                 byte_count);
    if (!succeeded || (type & MEM_COMMIT) == 0)
        return;
    check_contents(first_page(offset), end_page(offset, byte_count));
    write_somewhere(offset, byte_count);
}

static void free_somewhere(SIZE_T offset, SIZE_T byte_count) {
    SIZE_T size = random_below(8) == 0 ? 0 : byte_count;
    SetLastError(UNTOUCHED_ERROR);
    int succeeded = VirtualFree(space + offset, size, MEM_DECOMMIT);
    check_answer(succeeded, model_decommit(offset, size), "decommit", offset, size);
}

// Half of the time at the base of the allocation, so that many releases succeed.
static void release_somewhere(SIZE_T offset, SIZE_T byte_count) {
    int allocation = model.pages[first_page(offset)].allocation;
    SIZE_T size = random_below(8) == 0 ? byte_count : 0;
    if (allocation != 0 && random_below(2) == 0)
        offset = (SIZE_T)(allocation - 1) * page_size + random_below(page_size);
    SetLastError(UNTOUCHED_ERROR);
    int succeeded = VirtualFree(space + offset, size, MEM_RELEASE);
    check_answer(succeeded, model_release(offset, size), "release", offset, size);
}

static void protect_somewhere(SIZE_T offset, SIZE_T byte_count) {
    SIZE_T size = random_below(16) == 0 ? 0 : byte_count;
    DWORD protection = random_protection(), before = 0, expected_before = 0;
    SetLastError(UNTOUCHED_ERROR);
    int succeeded = VirtualProtect(space + offset, size, protection, &before);
    DWORD expected = model_protect(offset, size, protection, &expected_before);
    check_answer(succeeded, expected, "protect", offset, size);
    if (expected == 0)
        CHECK_EQUAL(before, expected_before);
}

// After a reset the kernel is sometimes made to take what it may.
static void reset_somewhere(SIZE_T offset, SIZE_T byte_count) {
    SetLastError(UNTOUCHED_ERROR);
    int succeeded = VirtualAlloc(space + offset, byte_count, MEM_RESET, PAGE_NOACCESS) != NULL;
    check_answer(succeeded, model_reset(offset, byte_count), "reset", offset, byte_count);
    if (random_below(2) == 0)
        madvise(space + (offset & ~(SIZE_T)(page_size - 1)), byte_count, MADV_PAGEOUT);
}

static void query_somewhere(SIZE_T offset) {
    int page = first_page(offset);
    const struct model_page *expected = &model.pages[page];
    MEMORY_BASIC_INFORMATION region = region_at(space + offset);
    int is_free = expected->allocation == 0, run = model_run(page);
    CHECK_EQUAL((uintptr_t)region.BaseAddress, (uintptr_t)(space + (SIZE_T)page * page_size));
    CHECK_EQUAL(region.State, is_free ? MEM_FREE : expected->state);
    CHECK_EQUAL(region.Protect, is_free ? PAGE_NOACCESS : expected->protection);
    CHECK_EQUAL(region.Type, is_free ? 0 : MEM_PRIVATE);
    CHECK_EQUAL(region.AllocationProtect, model.allocation_protection[expected->allocation]);
    CHECK_EQUAL((uintptr_t)region.AllocationBase,
                is_free ? 0 : (uintptr_t)(space + (SIZE_T)(expected->allocation - 1) * page_size));
    // Free space may go on behind the stretch.
    if (is_free && page + run == model_pages)
        CHECK(region.RegionSize >= (SIZE_T)run * page_size);
    else
        CHECK_EQUAL(region.RegionSize, (SIZE_T)run * page_size);
}

static void do_something(void) {
    SIZE_T byte_count = random_byte_count(), offset = random_offset(byte_count);
    void (*const calls[])(SIZE_T, SIZE_T) = {
        allocate_somewhere, allocate_somewhere, allocate_somewhere, free_somewhere,
        release_somewhere,  protect_somewhere,  protect_somewhere,  reset_somewhere,
        write_somewhere,    write_somewhere,    write_somewhere};
    calls[random_below(sizeof calls / sizeof calls[0])](offset, byte_count);
    query_somewhere(offset);
    query_somewhere(random_below(MODEL_BYTES));
}

static void run_with_seed(uint64_t seed) {
    random_state = seed * 0x9E3779B97F4A7C15ull | 1;
    memset(&model, 0, sizeof model);
    space = free_space(MODEL_BYTES);
    for (int step = 0; step < 8000 && check_state.test_failures == 0; step++) {
        check_row("seed %" PRIu64 ", step %d", seed, step);
        do_something();
        if (step % 100 == 0)
            check_contents(0, model_pages);
        if (step % 1000 == 0)
            CHECK_ENFORCED(space, MODEL_BYTES);
    }
    check_contents(0, model_pages);
    for (int page = 0; page < model_pages; page++)
        VirtualFree(space + (SIZE_T)page * page_size, 0, MEM_RELEASE);
}

// Sections 2 to 7 together.
static void random_calls_answer_and_keep_bytes_as_the_reference_model_does(void) {
    if (check_argument != NULL) {
        run_with_seed(strtoull(check_argument, NULL, 0));
        return;
    }
    for (uint64_t seed = 1; seed <= 8 && check_state.test_failures == 0; seed++)
        run_with_seed(seed);
}

TEST_PROGRAM(TEST(random_calls_answer_and_keep_bytes_as_the_reference_model_does))
