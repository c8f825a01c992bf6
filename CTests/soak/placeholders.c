// Placeholders: the model, and which calls are chosen.
#include "calls.h"

int is_whole_allocation(ULONG_PTR first, ULONG_PTR end) {
    return is_one_allocation(first, end) && model_page(first)->base == first &&
           allocation_end(first) == end;
}

// 10.16, 10.17
DWORD model_replace(struct range range, DWORD type, DWORD protection) {
    ULONG_PTR first = first_page(range), end = end_page(range);
    if (!is_whole_allocation(first, end) || model_page(first)->sort != placeholder)
        return ERROR_INVALID_ADDRESS;
    for (ULONG_PTR number = first; number < end; number++) {
        struct page *page = model_page(number);
        page->sort = replacing;
        page->allocation_protection = protection;
        if (type & MEM_COMMIT)
            set_committed(page, protection);
    }
    return 0;
}

// 10.13 to 10.15, 10.20, A10.9
DWORD model_preserve(struct range range) {
    ULONG_PTR first = first_page(range), end = end_page(range);
    enum sort sort = model_page(first)->sort;
    if (!is_one_allocation(first, end) || sort == ordinary ||
        (sort == placeholder && is_whole_allocation(first, end)))
        return ERROR_INVALID_ADDRESS;
    ULONG_PTR all = allocation_end(first);
    for (ULONG_PTR number = first; number < end; number++) {
        struct page *page = model_page(number);
        set_uncommitted(page, MEM_RESERVE);
        page->base = first;
        page->allocation_protection = PAGE_NOACCESS;
        page->sort = placeholder;
    }
    for (ULONG_PTR number = end; number < all; number++)
        model_page(number)->base = end;
    return 0;
}

// 10.21, 10.22
DWORD model_coalesce(struct range range) {
    ULONG_PTR first = first_page(range), end = end_page(range);
    if (model_page(first)->base != first || is_one_allocation(first, end) ||
        model_page(end)->base == model_page(end - 1)->base)
        return ERROR_INVALID_ADDRESS;
    for (ULONG_PTR number = first; number < end; number++)
        if (model_page(number)->sort != placeholder)
            return ERROR_INVALID_ADDRESS;
    for (ULONG_PTR number = first; number < end; number++)
        model_page(number)->base = first;
    return 0;
}

// Makes the call's range that of the allocation at its address, and of up to `count` in all of
// its kind.
static void take_allocations(struct call *call, int count) {
    ULONG_PTR number = address_of(call) / page_bytes, base = model_page(number)->base, end = base;
    if (base == 0)
        return;
    for (int i = 0; i < count && end - base < 4096 && model_page(end)->base == end &&
                    model_page(end)->sort == model_page(base)->sort;
         i++)
        end = allocation_end(end);
    call->offset -= (int32_t)(address_of(call) - base * page_bytes);
    call->size = (uint32_t)((end - base) * page_bytes);
}

void choose_placeholder(struct call *call, uint64_t *state) {
    static const DWORD types[] = {MEM_RESERVE | MEM_RESERVE_PLACEHOLDER,
                                  MEM_RESERVE | MEM_REPLACE_PLACEHOLDER,
                                  MEM_RESERVE | MEM_COMMIT | MEM_REPLACE_PLACEHOLDER};
    static const DWORD bad[] = {MEM_RESERVE_PLACEHOLDER, MEM_COMMIT | MEM_REPLACE_PLACEHOLDER,
                                MEM_RESERVE | MEM_COMMIT | MEM_RESERVE_PLACEHOLDER};
    call->type = types[random_below(state, 3)];
    if (random_below(state, 100) == 0)
        call->type = bad[random_below(state, 3)];
    if (call->type & MEM_RESERVE_PLACEHOLDER) {
        if (random_below(state, 20) != 0)
            call->protection = PAGE_NOACCESS;
        if (random_below(state, 2) == 0)
            call->anchor = no_anchor;
    } else if (random_below(state, 8) != 0) {
        take_allocations(call, 1);
    }
}

// Of several adjacent placeholders one is made, of a single one two.
static void choose_join(struct call *call, uint64_t *state) {
    take_allocations(call, 2 + (int)random_below(state, 3));
    ULONG_PTR first = first_page(range_of(call)), end = end_page(range_of(call));
    if (!is_whole_allocation(first, end) || end - first < 2 || random_below(state, 8) == 0)
        return;
    call->type = MEM_RELEASE | MEM_PRESERVE_PLACEHOLDER;
    call->size = (uint32_t)(1 + random_below(state, end - first - 1)) * page_bytes;
}

// Memory goes back whole or in part, placeholders are divided inside, and joined from border
// to border.
void choose_placeholder_free(struct call *call, uint64_t *state) {
    ULONG_PTR number = address_of(call) / page_bytes;
    enum sort sort = model_page(number)->sort;
    int is_join = random_below(state, sort == placeholder ? 2 : 16) == 0;
    call->type = MEM_RELEASE | (is_join ? MEM_COALESCE_PLACEHOLDERS : MEM_PRESERVE_PLACEHOLDER);
    if (random_below(state, 8) == 0)
        return;
    if (is_join)
        choose_join(call, state);
    else if (sort == replacing && random_below(state, 2) == 0)
        take_allocations(call, 1);
    else if (model_page(number)->base != 0 && allocation_end(number) - number < 1024 &&
             call->size > (allocation_end(number) - number) * page_bytes)
        call->size = (uint32_t)(allocation_end(number) * page_bytes - address_of(call));
}
