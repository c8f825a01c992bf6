// Memory in the place of a placeholder, and the way back.
#include "enforcement_checks.h"
#include "placeholder_checks.h"

// 10.16
static void memory_replaces_a_placeholder_of_the_same_pages(void) {
    static const SIZE_T starts[] = {0, 16, 5}, counts[] = {16, 40, 3};
    for (int i = 0; i < 3; i++) {
        for (DWORD commit = 0; commit <= MEM_COMMIT; commit += MEM_COMMIT) {
            check_row("pages %u, %u, type 0x%x", (unsigned)starts[i], (unsigned)counts[i],
                      (unsigned)commit);
            BYTE *base = new_placeholder(64), *part = base + starts[i] * page_size;
            GRANTED(preserve(part, counts[i]));
            CHECK(GRANTED(replace(part, counts[i], commit, PAGE_READWRITE)) == part);
            if (commit == 0) {
                CHECK_RESERVED(part, counts[i] * page_size);
                GRANTED(VirtualAlloc(part, counts[i] * page_size, MEM_COMMIT, PAGE_READWRITE));
            }
            CHECK_COMMITTED(part, PAGE_READWRITE, counts[i] * page_size);
            CHECK_ALLOCATION(part, part, PAGE_READWRITE);
            CHECK(every_byte_is(part, 0, counts[i] * page_size));
            memset(part, 0x41, counts[i] * page_size);
            if (starts[i] > 0)
                CHECK_PLACEHOLDER(base, starts[i]);
            CHECK_PLACEHOLDER(part + counts[i] * page_size, 64 - starts[i] - counts[i]);
            release(part);
            CHECK_FREE(part);
            if (starts[i] > 0)
                release(base);
            release(part + counts[i] * page_size);
        }
    }
}

// 10.16, 3.19: every protection, guard included, is that of the replacing call
static void the_protection_is_that_of_the_replacement(void) {
    static const DWORD protections[] = {PAGE_NOACCESS,
                                        PAGE_READONLY,
                                        PAGE_EXECUTE,
                                        PAGE_EXECUTE_READ,
                                        PAGE_EXECUTE_READWRITE,
                                        PAGE_READWRITE | PAGE_GUARD,
                                        PAGE_READWRITE | PAGE_NOCACHE};
    for (SIZE_T i = 0; i < sizeof protections / sizeof protections[0]; i++) {
        check_row("protection 0x%x", (unsigned)protections[i]);
        BYTE *base = new_placeholder(20);
        GRANTED(preserve(base, 18));
        GRANTED(replace(base, 18, MEM_COMMIT, protections[i]));
        CHECK_COMMITTED(base, protections[i], 18 * page_size);
        CHECK_ALLOCATION(base, base, protections[i]);
        GRANTED(preserve(base, 18));
        CHECK_PLACEHOLDER(base, 18);
        release(base);
        release(base + 18 * page_size);
    }
}

// 10.17, 10.16: the pages must be exactly one placeholder's
static void a_replacement_of_other_pages_is_refused(void) {
    static const struct {
        int start, count;
    } rows[] = {{8, 7}, {8, 9}, {9, 7}, {7, 9}, {0, 16}, {0, 7}, {8, 16}};
    BYTE *base = new_placeholder(16);
    GRANTED(preserve(base + 8 * page_size, 8));
    for (SIZE_T i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (DWORD commit = 0; commit <= MEM_COMMIT; commit += MEM_COMMIT) {
            check_row("pages %d, %d, type 0x%x", rows[i].start, rows[i].count, (unsigned)commit);
            REFUSED_PAGES(
                base, 16,
                replace(base + rows[i].start * page_size, rows[i].count, commit, PAGE_READWRITE),
                ERROR_INVALID_ADDRESS);
        }
    release(base);
    REFUSED(replace(base, 8, MEM_COMMIT, PAGE_READWRITE), ERROR_INVALID_ADDRESS);
    release(base + 8 * page_size);
}

// 10.16, 10.19: no other memory is replaced
static void what_is_no_placeholder_is_not_replaced(void) {
    BYTE *reserved = reserved_pages(4), *committed = committed_pages(4), *base = new_placeholder(4);
    GRANTED(replace(base, 4, MEM_COMMIT, PAGE_READWRITE));
    memset(base, 0x42, 4 * page_size);
    BYTE *const all[] = {reserved, committed, base};
    for (int i = 0; i < 3; i++) {
        check_row("kind %d", i);
        REFUSED_PAGES(all[i], 4, replace(all[i], 4, 0, PAGE_READWRITE), ERROR_INVALID_ADDRESS);
        REFUSED_PAGES(all[i], 4, replace(all[i], 4, MEM_COMMIT, PAGE_READWRITE),
                      ERROR_INVALID_ADDRESS);
        release(all[i]);
    }
}

// 10.8, 3.1; no address at all: derived
static void a_replacement_names_its_place(void) {
    BYTE *base = new_placeholder(16);
    MEM_ADDRESS_REQUIREMENTS limits = {NULL, NULL, 0x10000};
    MEM_EXTENDED_PARAMETER parameter = {0};
    parameter.Type = MemExtendedParameterAddressRequirements;
    parameter.Pointer = &limits;
    REFUSED_PAGES(
        base, 16,
        VirtualAlloc2(NULL, base, 16 * page_size, in_place, PAGE_READWRITE, &parameter, 1),
        ERROR_INVALID_PARAMETER);
    REFUSED(replace(NULL, 16, 0, PAGE_READWRITE), ERROR_INVALID_PARAMETER);
    REFUSED(replace((void *)0x1000, 1, 0, PAGE_READWRITE), ERROR_INVALID_PARAMETER);
    REFUSED_PAGES(base, 16, replace(base, 0, 0, PAGE_READWRITE), ERROR_INVALID_PARAMETER);
    REFUSED_PAGES(base, 16, replace(base, 16, 0, PAGE_WRITECOPY), ERROR_INVALID_PARAMETER);
    REFUSED_PAGES(base, 16, replace(base, 16, 0, 0), ERROR_INVALID_PARAMETER);
    release(base);
}

// 3.5, 10.1
static void a_replacement_checks_the_process_before_the_pages(void) {
    BYTE *base = new_placeholder(16);
    REFUSED_PAGES(
        base, 16,
        VirtualAlloc2((HANDLE)0x7FFFFFFC, base, page_size, in_place, PAGE_READWRITE, NULL, 0),
        ERROR_INVALID_HANDLE);
    release(base);
}

// 10.20
static void replacing_memory_becomes_a_placeholder_again(void) {
    for (SIZE_T count = 4; count <= 600; count *= 12) {
        check_row("%u pages", (unsigned)count);
        BYTE *base = new_placeholder(count + 2);
        GRANTED(preserve(base + page_size, count));
        for (BYTE round = 1; round <= 3; round++) {
            BYTE *part = base + page_size;
            GRANTED(replace(part, count, MEM_COMMIT, PAGE_READWRITE));
            CHECK(every_byte_is(part, 0, count * page_size));
            memset(part, round, count * page_size);
            GRANTED(preserve(part, count));
            CHECK_PLACEHOLDER(base, 1);
            CHECK_PLACEHOLDER(part, count);
            CHECK_PLACEHOLDER(part + count * page_size, 1);
            CHECK(IsBadReadPtr(part, 1));
        }
        release(base);
        release(base + page_size);
        release(base + (count + 1) * page_size);
    }
}

// 10.20, whatever states its pages are in
static void memory_in_any_state_becomes_a_placeholder_again(void) {
    DWORD before;
    BYTE *base = new_placeholder(80);
    GRANTED(preserve(base, 70));
    GRANTED(replace(base, 70, 0, PAGE_READWRITE));
    for (int page = 0; page < 70; page += 3)
        GRANTED(VirtualAlloc(base + page * page_size, page_size, MEM_COMMIT, PAGE_READWRITE));
    GRANTED(VirtualProtect(base, 1, PAGE_READONLY, &before));
    GRANTED(VirtualAlloc(base + page_size, page_size, MEM_COMMIT, PAGE_READWRITE | PAGE_GUARD));
    memset(base + 3 * page_size, 0x43, page_size);
    GRANTED(VirtualLock(base + 3 * page_size, page_size));
    GRANTED(VirtualAlloc(base + 6 * page_size, page_size, MEM_RESET, PAGE_READWRITE));
    GRANTED(preserve(base, 70));
    CHECK_PLACEHOLDER(base, 70);
    CHECK_PLACEHOLDER(base + 70 * page_size, 10);
    GRANTED(replace(base, 70, MEM_COMMIT, PAGE_READWRITE));
    CHECK(every_byte_is(base, 0, 70 * page_size));
    release(base);
    release(base + 70 * page_size);
}

// 10.20, 4.32; that a part may become one: reported by users of Windows
static void a_part_of_replacing_memory_becomes_a_placeholder(void) {
    BYTE *base = new_placeholder(32);
    GRANTED(replace(base, 32, MEM_COMMIT, PAGE_READWRITE));
    memset(base, 0x44, 32 * page_size);
    GRANTED(preserve(base + 10 * page_size, 12));
    CHECK_COMMITTED(base, PAGE_READWRITE, 10 * page_size);
    CHECK_PLACEHOLDER(base + 10 * page_size, 12);
    CHECK_COMMITTED(base + 22 * page_size, PAGE_READWRITE, 10 * page_size);
    CHECK_ALLOCATION(base + 22 * page_size, base + 22 * page_size, PAGE_READWRITE);
    CHECK(every_byte_is(base, 0x44, 10 * page_size));
    CHECK(every_byte_is(base + 22 * page_size, 0x44, 10 * page_size));
    GRANTED(preserve(base + 22 * page_size, 10));
    GRANTED(join(base + 10 * page_size, 22));
    CHECK_PLACEHOLDER(base + 10 * page_size, 22);
    release(base);
    release(base + 10 * page_size);
}

// A10.9, 10.14
static void memory_and_placeholder_do_not_become_one(void) {
    BYTE *base = new_placeholder(12);
    GRANTED(preserve(base + 4 * page_size, 4));
    GRANTED(replace(base, 4, MEM_COMMIT, PAGE_READWRITE));
    memset(base, 0x45, 4 * page_size);
    REFUSED_PAGES(base, 12, preserve(base, 8), ERROR_INVALID_ADDRESS);
    REFUSED_PAGES(base, 12, preserve(base + 3 * page_size, 2), ERROR_INVALID_ADDRESS);
    GRANTED(replace(base + 4 * page_size, 4, MEM_COMMIT, PAGE_READWRITE));
    REFUSED_PAGES(base, 12, preserve(base, 8), ERROR_INVALID_ADDRESS);
    REFUSED_PAGES(base, 12, VirtualFree(base, 0, split_off), ERROR_INVALID_PARAMETER);
    GRANTED(preserve(base, 4));
    REFUSED_PAGES(base, 12, preserve(base, 4), ERROR_INVALID_ADDRESS);
    release(base);
    release(base + 4 * page_size);
    release(base + 8 * page_size);
}

// 3.40 to 3.44, 4.23, 5.7: it is ordinary memory otherwise
static void replacing_memory_is_ordinary_memory(void) {
    DWORD before = 0;
    BYTE *base = new_placeholder(40), *part = base + 3 * page_size;
    GRANTED(preserve(part, 30));
    GRANTED(replace(part, 30, 0, PAGE_READONLY));
    GRANTED(VirtualAlloc(part + 10 * page_size, 4 * page_size, MEM_COMMIT, PAGE_READWRITE));
    memset(part + 10 * page_size, 0x46, 4 * page_size);
    GRANTED(VirtualProtect(part + 11 * page_size, page_size, PAGE_READONLY, &before));
    CHECK_EQUAL(before, PAGE_READWRITE);
    GRANTED(VirtualFree(part + 12 * page_size, page_size, MEM_DECOMMIT));
    CHECK_COMMITTED(part + 11 * page_size, PAGE_READONLY, page_size);
    CHECK_RESERVED(part + 12 * page_size, page_size);
    CHECK(every_byte_is(part + 10 * page_size, 0x46, 2 * page_size));
    REFUSED_PAGES(base, 40, VirtualFree(part + page_size, 0, MEM_RELEASE), ERROR_INVALID_ADDRESS);
    REFUSED_PAGES(base, 40,
                  VirtualAlloc(part + 29 * page_size, 2 * page_size, MEM_COMMIT, PAGE_READWRITE),
                  ERROR_INVALID_ADDRESS);
    release(part);
    CHECK_FREE(part);
    REFUSED(replace(part, 30, 0, PAGE_READWRITE), ERROR_INVALID_ADDRESS);
    release(base);
    release(base + 33 * page_size);
}

// 10.16, 4.31: pieces of 6 pages share granules with their neighbours. They lie where nothing was
// committed before.
static void replacing_memory_is_accessible_after_its_neighbour_was_released_in_part(void) {
    enum { unused = 16384 };
    BYTE *below = new_placeholder(unused + 48), *base = below + unused * page_size;
    GRANTED(preserve(below, unused));
    for (int piece = 0; piece < 7; piece++)
        GRANTED(preserve(base + 6 * piece * page_size, 6));
    for (int piece = 0; piece < 8; piece += 2) {
        BYTE *at = base + 6 * piece * page_size;
        GRANTED(replace(at, 6, 0, PAGE_READWRITE));
        struct native_range middle = native_range(at + 2 * page_size, page_size);
        CHECK(free_range(&middle, MEM_RELEASE) >= 0);
        CHECK_RESERVED(at, 2 * page_size);
    }
    for (int piece = 1; piece < 8; piece += 2) {
        BYTE *at = base + 6 * piece * page_size;
        check_row("piece %d", piece);
        GRANTED(replace(at, 6, MEM_COMMIT, PAGE_READWRITE));
        CHECK_ENFORCED(at, 6 * page_size);
        CHECK(every_byte_is(at, 0, 6 * page_size));
        memset(at, 0x47, 6 * page_size);
    }
    for (int piece = 0; piece < 8; piece++) {
        BYTE *at = base + 6 * piece * page_size;
        release(at);
        if (piece % 2 == 0)
            release(at + 3 * page_size);
    }
    release(below);
}

TEST_PROGRAM(TEST(memory_replaces_a_placeholder_of_the_same_pages),
             TEST(the_protection_is_that_of_the_replacement),
             TEST(a_replacement_of_other_pages_is_refused),
             TEST(what_is_no_placeholder_is_not_replaced), TEST(a_replacement_names_its_place),
             TEST(a_replacement_checks_the_process_before_the_pages),
             TEST(replacing_memory_becomes_a_placeholder_again),
             TEST(memory_in_any_state_becomes_a_placeholder_again),
             TEST(a_part_of_replacing_memory_becomes_a_placeholder),
             TEST(memory_and_placeholder_do_not_become_one),
             TEST(replacing_memory_is_ordinary_memory),
             TEST(replacing_memory_is_accessible_after_its_neighbour_was_released_in_part))
