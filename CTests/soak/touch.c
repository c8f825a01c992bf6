// Accesses of a history to pages of any kind, with the exceptions that they must raise (section 8).
#include "access.h"
#include "calls.h"

#include <string.h>

// 8.4: whether a write to a read-only guard page meets the guard first is not pinned.
static int is_open(const struct page *page, int stores) {
    struct page without = *page;
    without.protection &= ~(DWORD)PAGE_GUARD;
    return stores && (page->protection & PAGE_GUARD) != 0 && !is_writable(&without);
}

static void compare(const struct page *page, int stores, int through, ULONG_PTR address) {
    int guards = (page->protection & PAGE_GUARD) != 0;
    struct page after = *page;
    after.protection &= ~(DWORD)PAGE_GUARD;
    int expected = stores ? is_writable(&after) : is_readable(&after);
    if (through != expected || raised.guards != guards || raised.violations != !expected ||
        raised.others != 0)
        fail("touch",
             "%s of state 0x%x protection 0x%x: went through %d, %d guard exceptions, %d access "
             "violations, %d others",
             stores ? "store" : "load", (unsigned)page->state, (unsigned)page->protection, through,
             raised.guards, raised.violations, raised.others);
    if ((guards || !expected) && (raised.kind != (ULONG_PTR)stores || raised.address != address))
        fail("touch", "exception information %llx, %llx; expected %d, %llx",
             (unsigned long long)raised.kind, (unsigned long long)raised.address, stores,
             (unsigned long long)address);
}

void touch_page(struct call *call) {
    ULONG_PTR number = address_of(call) / page_bytes, address = number * page_bytes + 8;
    struct page *page = model_page(number);
    int stores = call->what == call_store;
    uint64_t word = 0;
    if (number >= USABLE_END / page_bytes || is_open(page, stores))
        return;
    memset(&raised, 0, sizeof raised);
    int through = stores ? try_store(address, call->tag) : try_load(address, &word);
    // An in-page error says that the kernel has no mapping to open the page with; the guard stays.
    if (history->at_limit && raised.others == 1 && !through && (page->protection & PAGE_GUARD) != 0)
        return;
    compare(page, stores, through, address);
    if (page->state == MEM_COMMIT)
        page->protection &= ~(DWORD)PAGE_GUARD;
    if (stores && through) {
        for (int i = 0; i < page_bytes / 8; i++)
            ((uint64_t *)(number * page_bytes))[i] = call->tag;
        model_write(number, call->tag);
    }
}
