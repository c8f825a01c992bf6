// The rest of the model: locks, contents, sums, and places.
#include "model.h"

static int cannot_be_read(const struct page *page) {
    return page->state != MEM_COMMIT || (page->protection & PAGE_NOACCESS) != 0;
}

int lock_is_open(struct range range) {
    int guards = 0, others = 0;
    for (ULONG_PTR number = first_page(range); number < end_page(range); number++) {
        others |= cannot_be_read(model_page(number));
        guards |= (model_page(number)->protection & PAGE_GUARD) != 0;
    }
    return guards && others;
}

// 12.1, 12.2, 8.31, A15.13
DWORD model_lock(struct range range) {
    for (ULONG_PTR number = first_page(range); number < end_page(range); number++) {
        struct page *page = model_page(number);
        if (cannot_be_read(page))
            return ERROR_NOACCESS;
        if ((page->protection & PAGE_GUARD) != 0) {
            page->protection &= ~(DWORD)PAGE_GUARD;
            return (DWORD)STATUS_GUARD_PAGE_VIOLATION;
        }
    }
    for (ULONG_PTR number = first_page(range); number < end_page(range); number++)
        model_page(number)->locked = 1;
    return 0;
}

// 12.4
DWORD model_unlock(struct range range) {
    for (ULONG_PTR number = first_page(range); number < end_page(range); number++)
        if (!model_page(number)->locked)
            return ERROR_NOT_LOCKED;
    for (ULONG_PTR number = first_page(range); number < end_page(range); number++)
        model_page(number)->locked = 0;
    return 0;
}

void model_write(ULONG_PTR number, uint64_t tag) {
    model_page(number)->tag = tag;
    model_page(number)->reset = not_reset;
}

SIZE_T model_committed_bytes(void) {
    size_t count;
    struct page **pages = model_pages(&count);
    SIZE_T committed = 0;
    for (size_t i = 0; i < count; i++)
        committed += pages[i]->state == MEM_COMMIT;
    return committed * page_bytes;
}

SIZE_T model_locked_pages(void) {
    size_t count;
    struct page **pages = model_pages(&count);
    SIZE_T locked = 0;
    for (size_t i = 0; i < count; i++)
        locked += pages[i]->locked != 0;
    return locked;
}

static int is_free(ULONG_PTR address, SIZE_T byte_count) {
    struct range range = {address, byte_count};
    for (ULONG_PTR number = first_page(range); number < end_page(range); number++)
        if (model_page(number)->state != 0)
            return 0;
    return 1;
}

// Looks at every aligned address between the limits.
ULONG_PTR model_place(struct range limits, SIZE_T byte_count, SIZE_T alignment, int highest) {
    ULONG_PTR end = limits.address + limits.size, found = 0;
    SIZE_T bytes = (byte_count + page_bytes - 1) / page_bytes * page_bytes;
    for (ULONG_PTR address = (limits.address + alignment - 1) / alignment * alignment;
         address < end && end - address >= bytes; address += alignment) {
        if (!is_free(address, bytes))
            continue;
        found = address;
        if (!highest)
            break;
    }
    return found;
}
