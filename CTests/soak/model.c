#include "model.h"

#include <string.h>

enum { capacity = 1 << 18 };

static struct page table[capacity];
static struct page *used[capacity];
static size_t used_count;

void model_clear(void) {
    for (size_t i = 0; i < used_count; i++)
        memset(used[i], 0, sizeof *used[i]);
    used_count = 0;
}

// Where the page's record is, or would be.
static struct page *slot_of(ULONG_PTR number) {
    size_t index = (size_t)(number * 0x9E3779B97F4A7C15ull >> 40) % capacity;
    while (table[index].number != 0 && table[index].number != number)
        index = (index + 1) % capacity;
    return &table[index];
}

struct page *model_page(ULONG_PTR number) {
    static struct page never_reserved;
    struct page *slot = slot_of(number);
    return slot->number == 0 ? &never_reserved : slot;
}

static struct page *new_page(ULONG_PTR number) {
    struct page *slot = slot_of(number);
    if (slot->number == 0) {
        slot->number = number;
        used[used_count++] = slot;
    }
    return slot;
}

struct page **model_pages(size_t *count) {
    *count = used_count;
    return used;
}

ULONG_PTR first_page(struct range range) {
    return range.address / page_bytes;
}

ULONG_PTR end_page(struct range range) {
    return (range.address + range.size + page_bytes - 1) / page_bytes;
}

ULONG_PTR allocation_end(ULONG_PTR number) {
    ULONG_PTR base = model_page(number)->base;
    while (base != 0 && model_page(number)->base == base)
        number++;
    return number;
}

ULONG_PTR model_run(ULONG_PTR number) {
    struct page first = *model_page(number);
    ULONG_PTR end = number + 1;
    for (struct page *page = model_page(end);
         page->base == first.base && page->state == first.state &&
         page->protection == first.protection && (first.base != 0 || end - number < 64);
         page = model_page(++end)) {
    }
    return end - number;
}

int is_readable(const struct page *page) {
    return page->state == MEM_COMMIT && (page->protection & (PAGE_GUARD | PAGE_NOACCESS)) == 0;
}

int is_writable(const struct page *page) {
    return is_readable(page) && (page->protection & (PAGE_READWRITE | PAGE_EXECUTE_READWRITE)) != 0;
}

int is_executable(const struct page *page) {
    return is_readable(page) &&
           (page->protection & (PAGE_EXECUTE | PAGE_EXECUTE_READ | PAGE_EXECUTE_READWRITE)) != 0;
}

int is_one_allocation(ULONG_PTR first, ULONG_PTR end) {
    ULONG_PTR base = model_page(first)->base;
    for (ULONG_PTR number = first; number < end; number++)
        if (model_page(number)->base != base)
            return 0;
    return base != 0;
}

void set_committed(struct page *page, DWORD protection) {
    if (page->state != MEM_COMMIT)
        page->tag = 0, page->reset = not_reset, page->locked = 0;
    page->state = MEM_COMMIT;
    page->protection = protection;
    if ((protection & (PAGE_NOACCESS | PAGE_GUARD)) != 0)
        page->locked = 0; // A15.14
}

void set_uncommitted(struct page *page, DWORD state) {
    page->state = state;
    page->protection = 0;
    page->tag = 0;
    page->reset = not_reset;
    page->locked = 0;
    if (state == 0)
        page->base = page->allocation_protection = page->sort = 0;
}

// 3.23, 3.32
DWORD model_reserve(struct range range, DWORD type, DWORD protection) {
    ULONG_PTR first = first_page(range) / granule_pages * granule_pages;
    ULONG_PTR end = end_page(range);
    for (ULONG_PTR number = first; number < end; number++)
        if (model_page(number)->state != 0)
            return ERROR_INVALID_ADDRESS;
    for (ULONG_PTR number = first; number < end; number++) {
        struct page *page = new_page(number);
        set_uncommitted(page, MEM_RESERVE);
        page->base = first;
        page->allocation_protection = protection;
        page->sort = type & MEM_RESERVE_PLACEHOLDER ? placeholder : ordinary;
        if (type & MEM_COMMIT)
            set_committed(page, protection);
    }
    return 0;
}

// 3.40 to 3.46
DWORD model_commit(struct range range, DWORD protection) {
    if (!is_one_allocation(first_page(range), end_page(range)) ||
        model_page(first_page(range))->sort == placeholder) // 10.19
        return ERROR_INVALID_ADDRESS;
    for (ULONG_PTR number = first_page(range); number < end_page(range); number++)
        set_committed(model_page(number), protection);
    return 0;
}

// 7.3, 7.4, 7.7: pages wholly inside may lose what they hold.
DWORD model_reset(struct range range) {
    if (!is_one_allocation(first_page(range), end_page(range)) ||
        model_page(first_page(range))->sort == placeholder) // 10.19
        return ERROR_INVALID_ADDRESS;
    ULONG_PTR first = (range.address + page_bytes - 1) / page_bytes;
    ULONG_PTR end = (range.address + range.size) / page_bytes;
    for (ULONG_PTR number = first; number < end; number++) {
        struct page *page = model_page(number);
        if (page->state != MEM_COMMIT)
            continue;
        if (page->reset == seen_lost)
            page->tag = 0;
        page->reset = may_be_lost;
    }
    return 0;
}

// 4.23 to 4.28
DWORD model_decommit(struct range range) {
    ULONG_PTR first = first_page(range), end = end_page(range);
    if (model_page(first)->base == 0)
        return ERROR_INVALID_ADDRESS;
    if (range.size == 0) {
        if (first != model_page(first)->base)
            return ERROR_INVALID_ADDRESS;
        end = allocation_end(first);
    }
    if (!is_one_allocation(first, end))
        return ERROR_INVALID_PARAMETER;
    for (ULONG_PTR number = first; number < end; number++)
        set_uncommitted(model_page(number), MEM_RESERVE);
    return 0;
}

// 4.11 to 4.16; with parts, as the NT call has them, 4.31 to 4.34
DWORD model_release(struct range range, int of_parts) {
    ULONG_PTR first = first_page(range), end = end_page(range);
    ULONG_PTR base = model_page(first)->base;
    if (range.size != 0 && !of_parts)
        return ERROR_INVALID_PARAMETER;
    if (base == 0 || (range.size == 0 && first != base))
        return ERROR_INVALID_ADDRESS;
    ULONG_PTR all = allocation_end(first);
    if (range.size == 0)
        end = all;
    if (!is_one_allocation(first, end))
        return ERROR_INVALID_PARAMETER;
    for (ULONG_PTR number = first; number < end; number++)
        set_uncommitted(model_page(number), 0);
    for (ULONG_PTR number = end; number < all; number++)
        model_page(number)->base = end;
    return 0;
}

// 5.7 to 5.11
DWORD model_protect(struct range range, DWORD protection, DWORD *before) {
    ULONG_PTR first = first_page(range), end = end_page(range);
    *before = PAGE_NOACCESS; // A15.3
    if (!is_one_allocation(first, end))
        return ERROR_INVALID_ADDRESS;
    for (ULONG_PTR number = first; number < end; number++)
        if (model_page(number)->state != MEM_COMMIT)
            return ERROR_INVALID_ADDRESS;
    *before = model_page(first)->protection;
    for (ULONG_PTR number = first; number < end; number++)
        set_committed(model_page(number), protection);
    return 0;
}
