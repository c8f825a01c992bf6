// The slow, obvious model of an address space: one record a page, changed one by one. Each function
// answers what the call must: 0 for success, else the error code; a refused call changes nothing.
#ifndef SOAK_MODEL_H
#define SOAK_MODEL_H

#include "soak.h"

#define USABLE_END 0x7FFFFFFE0000ull // the last 64 KiB below the top are nobody's (6.12)
#define USER_END 0x7FFFFFFF0000ull

enum reset {
    not_reset,
    may_be_lost, // reads as before the reset, or as zero
    seen_lost,   // has read as zero: an undo must fail
    told_lost    // an undo has failed because of it
};

enum sort {
    ordinary,
    placeholder,
    replacing // memory in the place of a placeholder
};

struct page {
    ULONG_PTR number;            // address / page size
    ULONG_PTR base;              // number of its allocation's first page; 0 if the page is free
    DWORD state;                 // MEM_RESERVE or MEM_COMMIT; 0 if the page is free
    DWORD protection;            // as VirtualQuery shows it; 0 unless committed
    DWORD allocation_protection; // of its allocation
    enum sort sort;              // of its allocation
    enum reset reset;
    int locked;
    uint64_t tag; // every word of the page
};

// Forgets all pages.
void model_clear(void);

// The record of the page with this number. That of a page never reserved is one that all such share.
struct page *model_page(ULONG_PTR number);

// All pages that were ever reserved: `count` of them, in no order.
struct page **model_pages(size_t *count);

// A range in bytes as the calls take it, and the pages that hold a byte of it.
struct range {
    ULONG_PTR address;
    SIZE_T size;
};
ULONG_PTR first_page(struct range range);
ULONG_PTR end_page(struct range range);

// How many pages from this one on are like it and of one allocation: VirtualQuery's run. Of free ones
// 64 are looked at.
ULONG_PTR model_run(ULONG_PTR number);

ULONG_PTR allocation_end(ULONG_PTR number);
int is_readable(const struct page *page);
int is_writable(const struct page *page);
int is_executable(const struct page *page);

// Whether the pages are of one allocation, and are all of it.
int is_one_allocation(ULONG_PTR first, ULONG_PTR end);
int is_whole_allocation(ULONG_PTR first, ULONG_PTR end);

// A page of the allocation at `base` without memory.
void set_uncommitted(struct page *page, DWORD state);
void set_committed(struct page *page, DWORD protection);

DWORD model_reserve(struct range range, DWORD type, DWORD protection);
DWORD model_commit(struct range range, DWORD protection);
DWORD model_reset(struct range range);
DWORD model_decommit(struct range range);
DWORD model_release(struct range range, int of_parts);
DWORD model_protect(struct range range, DWORD protection, DWORD *before);
DWORD model_replace(struct range range, DWORD type, DWORD protection);
DWORD model_preserve(struct range range);
DWORD model_coalesce(struct range range);
DWORD model_lock(struct range range);
DWORD model_unlock(struct range range);

// Whether a guard page or a page that cannot be read comes first is not pinned.
int lock_is_open(struct range range);

// What the pages hold: all of them are written with `tag`.
void model_write(ULONG_PTR number, uint64_t tag);

SIZE_T model_committed_bytes(void);
SIZE_T model_locked_pages(void);

// The lowest, or highest, place that the limits allow among pages that are all known; 0 for none.
ULONG_PTR model_place(struct range limits, SIZE_T byte_count, SIZE_T alignment, int highest);

#endif
