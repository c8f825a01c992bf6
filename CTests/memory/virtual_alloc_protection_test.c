// VirtualAlloc's protection argument: which values are well formed, what the processor then
// allows, and how VirtualQuery reports them.
#include "fault_probe.h"
#include "memory_checks.h"

// The rule of 3.11 to 3.15 for private memory.
static int is_well_formed(DWORD protection) {
    DWORD base = protection & 0xFF;
    DWORD modifier = protection & ~0xFFu;
    switch (base) {
    case PAGE_NOACCESS:
        return modifier == 0;
    case PAGE_READONLY:
    case PAGE_READWRITE:
    case PAGE_EXECUTE:
    case PAGE_EXECUTE_READ:
    case PAGE_EXECUTE_READWRITE:
        return modifier == 0 || modifier == PAGE_GUARD || modifier == PAGE_NOCACHE ||
               modifier == PAGE_WRITECOMBINE;
    default:
        return 0;
    }
}

static void check_value(BYTE *base, DWORD protection) {
    check_row("protection 0x%x", (unsigned)protection);
    if (is_well_formed(protection)) {
        release(GRANTED(VirtualAlloc(NULL, page_size, MEM_RESERVE, protection)));
        GRANTED(VirtualAlloc(base, page_size, MEM_COMMIT, protection));
        GRANTED(VirtualFree(base, page_size, MEM_DECOMMIT));
    } else {
        REFUSED(VirtualAlloc(NULL, page_size, MEM_RESERVE, protection), ERROR_INVALID_PARAMETER);
        REFUSED_UNCHANGED(base, page_size, VirtualAlloc(base, page_size, MEM_COMMIT, protection),
                          ERROR_INVALID_PARAMETER);
    }
}

// All low bytes with this modifier, except PAGE_NOACCESS, which has its own rules.
static void check_every_value_with(DWORD modifier) {
    BYTE *base = reserved_pages(1);
    for (DWORD low = 0; low < 0x100; low++)
        if (low != PAGE_NOACCESS || modifier == 0)
            check_value(base, low | modifier);
    release(base);
}

// 3.11, 3.12, 3.13
static void one_base_protection_of_six_is_needed(void) {
    check_every_value_with(0);
}

// 3.14
static void guard_goes_with_one_accessible_base_protection(void) {
    check_every_value_with(PAGE_GUARD);
}

// 3.14, 14.23
static void guard_with_noaccess_is_refused(void) {
    BYTE *base = reserved_pages(1);
    check_value(base, PAGE_NOACCESS | PAGE_GUARD);
    release(base);
}

// 3.15
static void a_caching_modifier_goes_with_one_accessible_base_protection(void) {
    check_every_value_with(PAGE_NOCACHE);
    check_every_value_with(PAGE_WRITECOMBINE);
}

// 3.15
static void a_caching_modifier_with_noaccess_is_refused(void) {
    BYTE *base = reserved_pages(1);
    check_value(base, PAGE_NOACCESS | PAGE_NOCACHE);
    check_value(base, PAGE_NOACCESS | PAGE_WRITECOMBINE);
    release(base);
}

// 3.15
static void guard_nocache_and_writecombine_exclude_each_other(void) {
    check_every_value_with(PAGE_GUARD | PAGE_NOCACHE);
    check_every_value_with(PAGE_GUARD | PAGE_WRITECOMBINE);
    check_every_value_with(PAGE_NOCACHE | PAGE_WRITECOMBINE);
    check_every_value_with(PAGE_GUARD | PAGE_NOCACHE | PAGE_WRITECOMBINE);
}

// 3.16
static void higher_bits_are_refused(void) {
    for (DWORD bit = 0x800; bit != 0; bit <<= 1) {
        if (bit == PAGE_TARGETS_INVALID)
            continue;
        check_row("bit 0x%x", (unsigned)bit);
        REFUSED(VirtualAlloc(NULL, page_size, MEM_RESERVE, PAGE_READWRITE | bit),
                ERROR_INVALID_PARAMETER);
        REFUSED(VirtualAlloc(NULL, page_size, MEM_COMMIT, PAGE_EXECUTE_READWRITE | bit),
                ERROR_INVALID_PARAMETER);
    }
}

// 3.16
static void targets_invalid_goes_with_an_executable_protection_and_is_not_reported(void) {
    static const DWORD bases[] = {PAGE_EXECUTE, PAGE_EXECUTE_READ, PAGE_EXECUTE_READWRITE};
    for (SIZE_T i = 0; i < sizeof bases / sizeof bases[0]; i++) {
        check_row("protection 0x%x", (unsigned)bases[i]);
        void *base =
            GRANTED(VirtualAlloc(NULL, page_size, MEM_COMMIT, bases[i] | PAGE_TARGETS_INVALID));
        CHECK_COMMITTED(base, bases[i], page_size);
        release(base);
    }
}

// 3.16
static void targets_invalid_without_an_executable_protection_is_refused(void) {
    static const DWORD bases[] = {PAGE_NOACCESS, PAGE_READONLY, PAGE_READWRITE};
    for (SIZE_T i = 0; i < sizeof bases / sizeof bases[0]; i++) {
        check_row("protection 0x%x", (unsigned)bases[i]);
        REFUSED(VirtualAlloc(NULL, page_size, MEM_COMMIT, bases[i] | PAGE_TARGETS_INVALID),
                ERROR_INVALID_PARAMETER);
    }
}

// 3.18
static void a_committed_page_reports_the_protection_it_was_given(void) {
    static const DWORD protections[] = {
        PAGE_NOACCESS,
        PAGE_READONLY,
        PAGE_READWRITE,
        PAGE_EXECUTE,
        PAGE_EXECUTE_READ,
        PAGE_EXECUTE_READWRITE,
        PAGE_READONLY | PAGE_GUARD,
        PAGE_READWRITE | PAGE_GUARD,
        PAGE_EXECUTE_READWRITE | PAGE_GUARD,
    };
    for (SIZE_T i = 0; i < sizeof protections / sizeof protections[0]; i++) {
        check_row("protection 0x%x", (unsigned)protections[i]);
        void *base = GRANTED(VirtualAlloc(NULL, page_size, MEM_COMMIT, protections[i]));
        CHECK_COMMITTED(base, protections[i], page_size);
        CHECK_ALLOCATION(base, base, protections[i]);
        release(base);
    }
}

// 3.18
static void writing_does_not_change_the_reported_protection(void) {
    BYTE *base = committed_pages(2);
    memset(base, 1, page_size);
    CHECK_COMMITTED(base, PAGE_READWRITE, 2 * page_size);
    release(base);
}

// 3.18, 8.5, 8.12: what each protection lets the processor do.
static void access_is_what_the_protection_says(void) {
    static const struct {
        DWORD protection;
        int reads, writes, executes;
    } rows[] = {
        {PAGE_NOACCESS, 0, 0, 0}, {PAGE_READONLY, 1, 0, 0},     {PAGE_READWRITE, 1, 1, 0},
        {PAGE_EXECUTE, 1, 0, 1},  {PAGE_EXECUTE_READ, 1, 0, 1}, {PAGE_EXECUTE_READWRITE, 1, 1, 1},
    };
    for (SIZE_T i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        check_row("protection 0x%x", (unsigned)rows[i].protection);
        BYTE *base = committed_pages(1);
        base[0] = RETURN_INSTRUCTION;
        GRANTED(VirtualAlloc(base, page_size, MEM_COMMIT, rows[i].protection));
        CHECK_EQUAL(!faults_on_read(base), rows[i].reads);
        CHECK_EQUAL(!faults_on_write(base), rows[i].writes);
        CHECK_EQUAL(!faults_on_execute(base), rows[i].executes);
        release(base);
    }
}

// 3.19
static void the_protection_of_the_reserve_never_changes(void) {
    BYTE *base = (BYTE *)GRANTED(
        VirtualAlloc(NULL, 2 * page_size, MEM_RESERVE, PAGE_READWRITE | PAGE_GUARD));
    DWORD before;
    GRANTED(VirtualAlloc(base, page_size, MEM_COMMIT, PAGE_READONLY));
    CHECK_ALLOCATION(base, base, PAGE_READWRITE | PAGE_GUARD);
    GRANTED(VirtualProtect(base, page_size, PAGE_EXECUTE_READ, &before));
    CHECK_ALLOCATION(base, base, PAGE_READWRITE | PAGE_GUARD);
    GRANTED(VirtualFree(base, 0, MEM_DECOMMIT));
    CHECK_ALLOCATION(base, base, PAGE_READWRITE | PAGE_GUARD);
    release(base);
}

// 3.20, 14.16
static void nocache_given_at_the_reserve_belongs_to_the_whole_allocation(void) {
    BYTE *base = (BYTE *)GRANTED(
        VirtualAlloc(NULL, page_size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE | PAGE_NOCACHE));
    DWORD before = 0;
    CHECK_COMMITTED(base, PAGE_READWRITE | PAGE_NOCACHE, page_size);
    CHECK_ALLOCATION(base, base, PAGE_READWRITE | PAGE_NOCACHE);
    GRANTED(VirtualProtect(base, page_size, PAGE_READONLY, &before));
    CHECK_EQUAL(before, PAGE_READWRITE | PAGE_NOCACHE);
    CHECK_COMMITTED(base, PAGE_READONLY | PAGE_NOCACHE, page_size);
    GRANTED(VirtualProtect(base, page_size, PAGE_READWRITE, &before));
    CHECK_COMMITTED(base, PAGE_READWRITE | PAGE_NOCACHE, page_size);
    release(base);
}

// 3.21
static void nocache_asked_for_later_is_accepted_and_dropped(void) {
    BYTE *base = committed_pages(1);
    DWORD before;
    GRANTED(VirtualProtect(base, page_size, PAGE_READONLY | PAGE_NOCACHE, &before));
    CHECK_EQUAL(before, PAGE_READWRITE);
    CHECK_COMMITTED(base, PAGE_READONLY, page_size);
    release(base);
}

TEST_PROGRAM(TEST(one_base_protection_of_six_is_needed),
             TEST(guard_goes_with_one_accessible_base_protection),
             TEST(guard_with_noaccess_is_refused),
             TEST(a_caching_modifier_goes_with_one_accessible_base_protection),
             TEST(a_caching_modifier_with_noaccess_is_refused),
             TEST(guard_nocache_and_writecombine_exclude_each_other), TEST(higher_bits_are_refused),
             TEST(targets_invalid_goes_with_an_executable_protection_and_is_not_reported),
             TEST(targets_invalid_without_an_executable_protection_is_refused),
             TEST(a_committed_page_reports_the_protection_it_was_given),
             TEST(writing_does_not_change_the_reported_protection),
             TEST(access_is_what_the_protection_says),
             TEST(the_protection_of_the_reserve_never_changes),
             TEST(nocache_given_at_the_reserve_belongs_to_the_whole_allocation),
             TEST(nocache_asked_for_later_is_accepted_and_dropped))
