// Compares pages with the model: regions, contents, accessibility, commit charge.
#include "access.h"
#include "calls.h"
#include "others.h"

#include <psapi.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#define HEX(number) ((unsigned long long)(number))

int peek(ULONG_PTR number, uint64_t *word) {
    return copy_load(number * page_bytes, word);
}

// If the kernel refused the highest place, a block may lie between mappings of the C library.
static int is_mapped_by_others(ULONG_PTR number) {
    MEMORY_BASIC_INFORMATION region;
    if (model_page(number)->state != 0 ||
        VirtualQuery((void *)(number * page_bytes), &region, sizeof region) != sizeof region ||
        region.State != MEM_COMMIT)
        return 0;
    // What came since the history began is the library's own: its book, and its mappings in reserve, which
    // are single pages.
    int is_in_reserve = region.RegionSize == page_bytes &&
                        (region.Protect == PAGE_NOACCESS || region.Protect == PAGE_READONLY);
    return others_have(number * page_bytes) || region.Protect == PAGE_READWRITE || is_in_reserve;
}

static void inspect_free(ULONG_PTR number, const MEMORY_BASIC_INFORMATION *region) {
    ULONG_PTR run = model_run(number), end = USABLE_END / page_bytes;
    int is_exact = run < 64;
    if (number + run >= end)
        run = end - number, is_exact = 1;
    SIZE_T pages = region->RegionSize / page_bytes;
    if (pages < run && is_mapped_by_others(number + pages))
        run = pages;
    if (region->State != MEM_FREE || region->Protect != PAGE_NOACCESS || region->Type != 0 ||
        region->AllocationBase != NULL || region->AllocationProtect != 0)
        fail("region", "free page 0x%llx: state 0x%x, protection 0x%x, base %p",
             HEX(number * page_bytes), (unsigned)region->State, (unsigned)region->Protect,
             region->AllocationBase);
    if (is_exact ? pages != run : pages < run)
        fail("region", "free page 0x%llx: expected %llu pages, got %llu", HEX(number * page_bytes),
             HEX(run), HEX(pages));
}

static void inspect_region(ULONG_PTR number) {
    const struct page *page = model_page(number);
    MEMORY_BASIC_INFORMATION region;
    memset(&region, 0xEE, sizeof region);
    SetLastError(UNTOUCHED_ERROR);
    SIZE_T length = VirtualQuery((void *)(number * page_bytes + 5), &region, sizeof region);
    if (length != sizeof region || GetLastError() != UNTOUCHED_ERROR ||
        (ULONG_PTR)region.BaseAddress != number * page_bytes)
        fail("region", "page 0x%llx: VirtualQuery gave %d, error 0x%x, address %p",
             HEX(number * page_bytes), (int)length, (unsigned)GetLastError(), region.BaseAddress);
    if (page->state == 0) {
        inspect_free(number, &region);
        return;
    }
    if (region.State != page->state || region.Protect != page->protection ||
        region.AllocationProtect != page->allocation_protection || region.Type != MEM_PRIVATE ||
        (ULONG_PTR)region.AllocationBase != page->base * page_bytes)
        fail("region",
             "page 0x%llx: expected state 0x%x, protection 0x%x, base 0x%llx, 0x%x; got 0x%x, "
             "0x%x, %p, 0x%x",
             HEX(number * page_bytes), (unsigned)page->state, (unsigned)page->protection,
             HEX(page->base * page_bytes), (unsigned)page->allocation_protection,
             (unsigned)region.State, (unsigned)region.Protect, region.AllocationBase,
             (unsigned)region.AllocationProtect);
    if (region.RegionSize != model_run(number) * page_bytes)
        fail("region", "page 0x%llx: expected a run of %llu pages, got %llu",
             HEX(number * page_bytes), HEX(model_run(number)), HEX(region.RegionSize / page_bytes));
}

// The first, a middle and the last word of the page. Returns 0 if it cannot be read.
static int copy_words(ULONG_PTR number, uint64_t words[3]) {
    BYTE *bytes = (BYTE *)(number * page_bytes);
    struct iovec here = {words, 24};
    struct iovec there[3] = {{bytes, 8}, {bytes + 2056, 8}, {bytes + page_bytes - 8, 8}};
    ssize_t count = process_vm_readv(getpid(), &here, 1, there, 3, 0);
    if (count > 0 && count != 24)
        fail("access", "a page at %p can be read in part", (void *)bytes);
    return count == 24;
}

// With `by_copies` through the kernel, which tells what cannot be read; else by loads, if it can be.
static void inspect_contents(struct page *page, int by_copies) {
    uint64_t words[3];
    unsigned long long address = HEX(page->number * page_bytes);
    if (!by_copies && is_readable(page)) {
        const volatile uint64_t *bytes = (uint64_t *)(page->number * page_bytes);
        words[0] = bytes[0], words[1] = bytes[257], words[2] = bytes[page_bytes / 8 - 1];
    } else if (by_copies && copy_words(page->number, words) != is_readable(page))
        fail("access", "page 0x%llx of state 0x%x, protection 0x%x can%s be read", address,
             (unsigned)page->state, (unsigned)page->protection, is_readable(page) ? "not" : "");
    if (!is_readable(page))
        return;
    uint64_t expected = page->tag;
    if (page->reset == may_be_lost && words[0] == 0 && page->tag != 0)
        page->reset = seen_lost;
    if (page->reset == seen_lost)
        expected = 0;
    for (int i = 0; i < 3; i++)
        if (words[i] != expected)
            fail("contents", "page 0x%llx: expected 0x%llx, got 0x%llx in word %d", address,
                 HEX(expected), HEX(words[i]), i);
}

// Writes what is there already, which makes a page that was reset live again; such are left out.
static void inspect_writing(struct page *page) {
    uint64_t word = page->tag;
    if (page->reset != not_reset)
        return;
    if (copy_store(page->number * page_bytes, word) != is_writable(page))
        fail("access", "page 0x%llx of state 0x%x, protection 0x%x can%s be written",
             HEX(page->number * page_bytes), (unsigned)page->state, (unsigned)page->protection,
             is_writable(page) ? "not" : "");
}

int is_others(ULONG_PTR number) {
    return number >= USABLE_END / page_bytes ||
           (number < lowest_place / page_bytes &&
            number >= (windows[far_window] + 2 * window_bytes) / page_bytes) ||
           is_mapped_by_others(number);
}

// A page that was never reserved has no record of its own, and no contents to compare.
static void inspect_page(ULONG_PTR number, int by_writing, uint64_t *state) {
    struct page *page = model_page(number);
    if (is_others(number))
        return;
    inspect_region(number);
    if (page->number != number)
        return;
    inspect_contents(page, !is_readable(page) || random_below(state, 3) == 0);
    if (by_writing)
        inspect_writing(page);
}

void inspect_around(struct range range, uint64_t *state) {
    ULONG_PTR first = first_page(range), end = end_page(range);
    int by_writing = random_below(state, 4) == 0;
    inspect_page(first, by_writing, state);
    if (random_below(state, 2))
        inspect_page(first - 1, by_writing, state);
    if (random_below(state, 2))
        inspect_page(end, by_writing, state);
    if (end > first + 1)
        inspect_page(end - 1, by_writing, state);
    for (int i = 0; i < 2 && end > first; i++)
        inspect_page(first + random_below(state, end - first), by_writing, state);
}

// Regions are compared where a run begins, and elsewhere at every 61st page; an eighth of the pages by
// the kernel's copies.
void inspect_all(int by_writing) {
    static size_t turn;
    size_t count;
    struct page **pages = model_pages(&count);
    turn++;
    for (size_t i = 0; i < count; i++) {
        struct page *page = pages[i], *before = model_page(page->number - 1);
        if (is_others(page->number))
            continue;
        if (page->base != before->base || page->state != before->state ||
            page->protection != before->protection || page->number % 61 == 0)
            inspect_region(page->number);
        inspect_contents(page, i % 8 == turn % 8);
        if (by_writing)
            inspect_writing(page);
    }
}

SIZE_T charge_now(void) {
    PROCESS_MEMORY_COUNTERS counters;
    memset(&counters, 0, sizeof counters);
    GetProcessMemoryInfo(GetCurrentProcess(), &counters, sizeof counters);
    return counters.PagefileUsage;
}

void inspect_charge(SIZE_T before) {
    SIZE_T charge = charge_now() - before;
    if (charge != model_committed_bytes())
        fail("charge", "expected 0x%llx bytes of commit charge, got 0x%llx",
             HEX(model_committed_bytes()), HEX(charge));
}
