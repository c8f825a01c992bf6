// The slow, obvious model of a stretch of address space: one element per page. Says what each
// call must answer (zero for success, else the error code) and what each page then holds.
#ifndef REFERENCE_MODEL_H
#define REFERENCE_MODEL_H

#include <windows.h>

#include <string.h>

enum { model_pages = 1024, pages_per_slot = 16, model_page_bytes = 0x1000 };

struct model_page {
    int allocation; // one more than the index of its allocation's first page; zero if free
    DWORD state, protection;
    BYTE value;      // every byte of the page
    int may_be_zero; // it was reset, and not written since
};

static struct {
    struct model_page pages[model_pages];
    DWORD allocation_protection[model_pages + 1]; // by `allocation`
} model;

// Whole pages with a byte of [offset, offset + byte_count).
static inline int first_page(SIZE_T offset) {
    return (int)(offset / model_page_bytes);
}
static inline int end_page(SIZE_T offset, SIZE_T byte_count) {
    return (int)((offset + byte_count + model_page_bytes - 1) / model_page_bytes);
}

// Whether the pages are all of one allocation.
static inline int is_one_allocation(int first, int end) {
    if (end > model_pages || model.pages[first].allocation == 0)
        return 0;
    for (int page = first; page < end; page++)
        if (model.pages[page].allocation != model.pages[first].allocation)
            return 0;
    return 1;
}

static inline void commit_pages(int first, int end, DWORD protection) {
    for (int page = first; page < end; page++) {
        struct model_page *target = &model.pages[page];
        if (target->state != MEM_COMMIT)
            target->value = 0, target->may_be_zero = 0;
        target->state = MEM_COMMIT;
        target->protection = protection;
    }
}

static inline DWORD model_reserve(SIZE_T offset, SIZE_T byte_count, DWORD type, DWORD protection) {
    int first = first_page(offset) / pages_per_slot * pages_per_slot;
    int end = end_page(offset, byte_count);
    for (int page = first; page < end; page++)
        if (model.pages[page].allocation != 0)
            return ERROR_INVALID_ADDRESS;
    for (int page = first; page < end; page++)
        model.pages[page] = (struct model_page){first + 1, MEM_RESERVE, 0, 0, 0};
    model.allocation_protection[first + 1] = protection;
    if (type & MEM_COMMIT)
        commit_pages(first, end, protection);
    return 0;
}

static inline DWORD model_commit(SIZE_T offset, SIZE_T byte_count, DWORD protection) {
    int first = first_page(offset), end = end_page(offset, byte_count);
    if (!is_one_allocation(first, end))
        return ERROR_INVALID_ADDRESS;
    commit_pages(first, end, protection);
    return 0;
}

static inline DWORD model_decommit(SIZE_T offset, SIZE_T byte_count) {
    int first = first_page(offset), end = end_page(offset, byte_count);
    int allocation = model.pages[first].allocation;
    if (allocation == 0)
        return ERROR_INVALID_ADDRESS;
    if (byte_count == 0) {
        if (first != allocation - 1)
            return ERROR_INVALID_ADDRESS;
        while (end < model_pages && model.pages[end].allocation == allocation)
            end++;
    }
    if (!is_one_allocation(first, end))
        return ERROR_INVALID_PARAMETER;
    for (int page = first; page < end; page++)
        model.pages[page] = (struct model_page){allocation, MEM_RESERVE, 0, 0, 0};
    return 0;
}

static inline DWORD model_release(SIZE_T offset, SIZE_T byte_count) {
    int first = first_page(offset);
    int allocation = model.pages[first].allocation;
    if (byte_count != 0)
        return ERROR_INVALID_PARAMETER;
    if (allocation == 0 || first != allocation - 1)
        return ERROR_INVALID_ADDRESS;
    for (int page = first; page < model_pages && model.pages[page].allocation == allocation; page++)
        memset(&model.pages[page], 0, sizeof model.pages[page]);
    return 0;
}

static inline DWORD model_protect(SIZE_T offset, SIZE_T byte_count, DWORD protection,
                                  DWORD *before) {
    int first = first_page(offset), end = end_page(offset, byte_count);
    if (byte_count == 0)
        return ERROR_INVALID_PARAMETER;
    if (!is_one_allocation(first, end))
        return ERROR_INVALID_ADDRESS;
    for (int page = first; page < end; page++)
        if (model.pages[page].state != MEM_COMMIT)
            return ERROR_INVALID_ADDRESS;
    *before = model.pages[first].protection;
    for (int page = first; page < end; page++)
        model.pages[page].protection = protection;
    return 0;
}

// Pages wholly inside the range may lose what they hold.
static inline DWORD model_reset(SIZE_T offset, SIZE_T byte_count) {
    if (!is_one_allocation(first_page(offset), end_page(offset, byte_count)))
        return ERROR_INVALID_ADDRESS;
    int end = first_page(offset + byte_count);
    for (int page = end_page(offset, 0); page < end; page++)
        if (model.pages[page].state == MEM_COMMIT)
            model.pages[page].may_be_zero = 1;
    return 0;
}

// VirtualQuery's answer for the page, without the addresses: the length of its run in pages.
static inline int model_run(int page) {
    int end = page + 1;
    const struct model_page *first = &model.pages[page];
    while (end < model_pages && model.pages[end].allocation == first->allocation &&
           model.pages[end].state == first->state &&
           model.pages[end].protection == first->protection)
        end++;
    return end - page;
}

#endif
