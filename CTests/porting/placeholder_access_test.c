// Placeholders are no memory: nothing but a replacement makes their pages usable.
#include "placeholder_checks.h"

// 10.19, 3.50
static void a_placeholder_is_neither_reserved_nor_committed(void) {
    BYTE *base = new_placeholder(16);
    GRANTED(preserve(base, 4));
    for (int page = 0; page < 16; page += 4) {
        check_row("page %d", page);
        BYTE *address = base + page * page_size;
        REFUSED_PAGES(base, 16, VirtualAlloc(address, page_size, MEM_RESERVE, PAGE_READWRITE),
                      ERROR_INVALID_ADDRESS);
        REFUSED_PAGES(base, 16, placeholder_at(address, 1), ERROR_INVALID_ADDRESS);
        REFUSED_PAGES(base, 16,
                      VirtualAlloc(address, page_size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE),
                      ERROR_INVALID_ADDRESS);
        REFUSED_PAGES(base, 16, VirtualAlloc(address, page_size, MEM_COMMIT, PAGE_READWRITE),
                      ERROR_INVALID_ADDRESS);
        REFUSED_PAGES(base, 16, VirtualAlloc(address, page_size, MEM_COMMIT, PAGE_READONLY),
                      ERROR_INVALID_ADDRESS);
    }
    release(base);
    release(base + 4 * page_size);
}

// 10.19 in granules that are prepared already: the shortest way to commit must not take it for
// reserved
static void a_placeholder_beside_committed_pages_is_not_committed(void) {
    BYTE *base = new_placeholder(16);
    GRANTED(preserve(base, 4));
    GRANTED(replace(base, 4, MEM_COMMIT, PAGE_READWRITE));
    memset(base, 0x33, 4 * page_size);
    for (int page = 4; page < 16; page += 3)
        REFUSED_PAGES(base, 16,
                      VirtualAlloc(base + page * page_size, page_size, MEM_COMMIT, PAGE_READWRITE),
                      ERROR_INVALID_ADDRESS);
    REFUSED_PAGES(base, 16,
                  VirtualAlloc(base + 3 * page_size, 2 * page_size, MEM_COMMIT, PAGE_READWRITE),
                  ERROR_INVALID_ADDRESS);
    GRANTED(preserve(base, 4));
    REFUSED_PAGES(base, 16, VirtualAlloc(base, page_size, MEM_COMMIT, PAGE_READWRITE),
                  ERROR_INVALID_ADDRESS);
    release(base);
    release(base + 4 * page_size);
}

// 10.28; reset and lock: derived, as for reserved pages
static void a_placeholder_cannot_be_protected_locked_or_read(void) {
    DWORD before = 0x5555;
    BYTE *base = new_placeholder(4);
    REFUSED_PAGES(base, 4, VirtualProtect(base, page_size, PAGE_READWRITE, &before),
                  ERROR_INVALID_ADDRESS);
    CHECK_EQUAL(before, PAGE_NOACCESS);
    REFUSED_PAGES(base, 4, VirtualLock(base, page_size), ERROR_NOACCESS);
    CHECK(IsBadReadPtr(base, 1) && IsBadWritePtr(base + page_size, 1));
    CHECK_PLACEHOLDER(base, 4);
    release(base);
}

// 7.3, 10.19: derived; a reset needs memory that can be committed
static void a_placeholder_cannot_be_reset(void) {
    BYTE *base = new_placeholder(4);
    REFUSED_PAGES(base, 4, VirtualAlloc(base, page_size, MEM_RESET, PAGE_NOACCESS),
                  ERROR_INVALID_ADDRESS);
    release(base);
}

// 4.26: a decommit of pages that are not committed changes nothing
static void a_decommit_leaves_a_placeholder_alone(void) {
    BYTE *base = new_placeholder(4);
    GRANTED(VirtualFree(base, page_size, MEM_DECOMMIT));
    GRANTED(VirtualFree(base, 0, MEM_DECOMMIT));
    CHECK_PLACEHOLDER(base, 4);
    GRANTED(replace(base, 4, MEM_COMMIT, PAGE_READWRITE));
    release(base);
}

TEST_PROGRAM(TEST(a_placeholder_is_neither_reserved_nor_committed),
             TEST(a_placeholder_beside_committed_pages_is_not_committed),
             TEST(a_placeholder_cannot_be_protected_locked_or_read),
             TEST(a_placeholder_cannot_be_reset), TEST(a_decommit_leaves_a_placeholder_alone))
