#include "owners.h"

#include <string.h>

// Takes as many pages as are free from `first` on. Returns the end.
static int take(struct commons *commons, int first, int count, int owner) {
    int page = first;
    for (; page < commons->page_count && page < first + count; page++) {
        int nobody = 0;
        if (!__atomic_compare_exchange_n(&commons->pages[page].owner, &nobody, owner, 0,
                                         __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
            break;
    }
    return page;
}

static void let_go(struct commons *commons, int first, int end) {
    for (int page = first; page < end; page++)
        __atomic_store_n(&commons->pages[page].owner, 0, __ATOMIC_SEQ_CST);
}

static uint64_t *words_of(struct commons *commons, int page) {
    return (uint64_t *)(commons->base + (SIZE_T)page * page_bytes);
}

// Neighbours of other owners may be alike, so that a run is longer than the pages owned.
static void check_page(struct commons *commons, int page) {
    struct owned *owned = &commons->pages[page];
    uint64_t *words = words_of(commons, page);
    MEMORY_BASIC_INFORMATION region;
    if (VirtualQuery(words, &region, sizeof region) == 0)
        soak_wrong("page %d cannot be asked about: error 0x%x", page, (unsigned)GetLastError());
    else if (region.State != (DWORD)(owned->protection ? MEM_COMMIT : MEM_RESERVE) ||
             region.Protect != owned->protection || region.AllocationBase != commons->base)
        soak_wrong("page %d: state 0x%x, protection 0x%x, base %p; expected protection 0x%x, %p",
                   page, (unsigned)region.State, (unsigned)region.Protect, region.AllocationBase,
                   (unsigned)owned->protection, (void *)commons->base);
    if (owned->protection != PAGE_READWRITE && owned->protection != PAGE_READONLY)
        return;
    uint64_t first = words[0], last = words[page_bytes / 8 - 1];
    if (first != last || (first != owned->tag && !(owned->was_reset && first == 0)))
        soak_wrong("page %d holds 0x%llx and 0x%llx, its last owner left 0x%llx", page,
                   (unsigned long long)first, (unsigned long long)last,
                   (unsigned long long)owned->tag);
}

static void write_page(struct commons *commons, int page, uint64_t tag) {
    if (commons->pages[page].protection != PAGE_READWRITE)
        return;
    uint64_t *words = words_of(commons, page);
    words[0] = words[page_bytes / 16] = words[page_bytes / 8 - 1] = tag;
    commons->pages[page].tag = tag;
    commons->pages[page].was_reset = 0;
}

static void check_granted(int granted, const char *call, int first, int end) {
    if (!granted)
        soak_wrong("%s of pages %d to %d: error 0x%x", call, first, end, (unsigned)GetLastError());
}

static int all_committed(struct commons *commons, int first, int end) {
    for (int page = first; page < end; page++)
        if (commons->pages[page].protection == 0)
            return 0;
    return 1;
}

static void commit(struct commons *commons, int first, int end, DWORD protection) {
    BYTE *address = commons->base + (SIZE_T)first * page_bytes;
    check_granted(VirtualAlloc(address, (SIZE_T)(end - first) * page_bytes, MEM_COMMIT,
                               protection) == address,
                  "commit", first, end);
    for (int page = first; page < end; page++) {
        struct owned *owned = &commons->pages[page];
        if (owned->protection == 0)
            owned->tag = 0, owned->was_reset = 0;
        owned->protection = protection;
    }
}

static void decommit(struct commons *commons, int first, int end) {
    check_granted(VirtualFree(commons->base + (SIZE_T)first * page_bytes,
                              (SIZE_T)(end - first) * page_bytes, MEM_DECOMMIT),
                  "decommit", first, end);
    for (int page = first; page < end; page++)
        commons->pages[page].protection = 0;
}

static void protect(struct commons *commons, int first, int end, DWORD protection) {
    DWORD before = 0;
    if (!all_committed(commons, first, end))
        return;
    check_granted(VirtualProtect(commons->base + (SIZE_T)first * page_bytes,
                                 (SIZE_T)(end - first) * page_bytes, protection, &before),
                  "protect", first, end);
    if (before != commons->pages[first].protection)
        soak_wrong("page %d: old protection 0x%x, expected 0x%x", first, (unsigned)before,
                   (unsigned)commons->pages[first].protection);
    for (int page = first; page < end; page++)
        commons->pages[page].protection = protection;
}

static void reset(struct commons *commons, int first, int end) {
    check_granted(VirtualAlloc(commons->base + (SIZE_T)first * page_bytes,
                               (SIZE_T)(end - first) * page_bytes, MEM_RESET,
                               PAGE_READWRITE) != NULL,
                  "reset", first, end);
    for (int page = first; page < end; page++)
        commons->pages[page].was_reset = 1;
}

// A block of its own, fresh and zero, which nobody else may be given meanwhile.
static void use_own_block(struct member *member) {
    SIZE_T pages = 1 + random_below(&member->random, 40);
    uint64_t *words =
        VirtualAlloc(NULL, pages * page_bytes, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    check_granted(words != NULL, "a new block", 0, (int)pages);
    if (words == NULL)
        return;
    uint64_t *last = words + (pages - 1) * (page_bytes / 8);
    uint64_t tag = random_word(&member->random) | 1;
    if (*words != 0 || *last != 0)
        soak_wrong("a new block of %d pages holds 0x%llx", (int)pages, (unsigned long long)*words);
    *words = *last = tag;
    Sleep(0);
    if (*words != tag || *last != tag)
        soak_wrong("a block changed while its owner slept");
    check_granted(VirtualFree(words, 0, MEM_RELEASE), "release", 0, (int)pages);
}

static void work_on(struct commons *commons, struct member *member, int first, int end) {
    static const DWORD protections[] = {PAGE_READWRITE, PAGE_READWRITE, PAGE_READONLY,
                                        PAGE_NOACCESS};
    uint64_t tag = random_word(&member->random) | 1;
    DWORD protection = protections[random_below(&member->random, 4)];
    for (int page = first; page < end; page++)
        check_page(commons, page);
    switch (random_below(&member->random, 6)) {
    case 0:
    case 1:
        commit(commons, first, end, protection);
        break;
    case 2:
        decommit(commons, first, end);
        break;
    case 3:
        protect(commons, first, end, protection);
        break;
    case 4:
        reset(commons, first, end);
        break;
    default:
        use_own_block(member);
    }
    for (int page = first; page < end; page++) {
        check_page(commons, page);
        write_page(commons, page, tag + (uint64_t)page);
    }
}

void share_commons(struct member *member) {
    struct commons *commons = member->argument;
    member->doing = "working on pages of its own";
    while (!crew_stop) {
        int first = (int)random_below(&member->random, (uint64_t)commons->page_count);
        int most = random_below(&member->random, 8) == 0 ? 300 : 12;
        int count = 1 + (int)random_below(&member->random, (uint64_t)most);
        int end = take(commons, first, count, member->index + 1);
        if (end > first)
            work_on(commons, member, first, end);
        let_go(commons, first, end);
        member->steps++;
    }
}

void commons_begin(struct commons *commons, int page_count) {
    memset(commons, 0, sizeof *commons);
    commons->page_count = page_count;
    commons->base =
        VirtualAlloc(NULL, (SIZE_T)page_count * page_bytes, MEM_RESERVE, PAGE_READWRITE);
}

void commons_end(struct commons *commons) {
    for (int page = 0; page < commons->page_count; page++)
        check_page(commons, page);
    check_granted(VirtualFree(commons->base, 0, MEM_RELEASE), "release", 0, commons->page_count);
}
