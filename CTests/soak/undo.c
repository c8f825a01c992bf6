// MEM_RESET_UNDO: what it may answer depends on what the kernel took.
#include "calls.h"

static int is_inside(struct range range, ULONG_PTR number) {
    return number * page_bytes >= range.address &&
           (number + 1) * page_bytes <= range.address + range.size;
}

// Whether the page may have been replaced by zeros. What cannot be read is not known.
static int can_be_called_lost(const struct page *page) {
    uint64_t word;
    if (page->state != MEM_COMMIT || page->reset == not_reset)
        return 0;
    return page->reset != may_be_lost || page->tag == 0 || !peek(page->number, &word) || word == 0;
}

static void note_success(struct range range) {
    for (ULONG_PTR number = first_page(range); number < end_page(range); number++) {
        struct page *page = model_page(number);
        if (page->reset == not_reset || !is_inside(range, number))
            continue;
        if (page->reset == seen_lost)
            fail("undo", "success, though the page at 0x%llx has read as zero",
                 (unsigned long long)number * page_bytes);
        page->reset = not_reset;
    }
}

static void note_loss(struct range range) {
    for (ULONG_PTR number = first_page(range); number < end_page(range); number++) {
        struct page *page = model_page(number);
        uint64_t word;
        if (page->reset == not_reset || !peek(number, &word) || word != 0)
            continue;
        page->reset = told_lost;
        page->tag = 0;
    }
}

// 7.10
DWORD undo_answer(struct range range, DWORD error) {
    ULONG_PTR first = first_page(range), base = model_page(first)->base;
    int may_fail = 0;
    if (model_page(first)->sort == placeholder)
        return ERROR_INVALID_ADDRESS;
    for (ULONG_PTR number = first; number < end_page(range); number++) {
        if (base == 0 || model_page(number)->base != base)
            return ERROR_INVALID_ADDRESS;
        may_fail |= can_be_called_lost(model_page(number));
    }
    if (error == 0)
        note_success(range);
    if (error == 0 || !may_fail)
        return 0;
    note_loss(range);
    return ERROR_PARTIAL_COPY;
}
