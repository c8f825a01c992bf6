// VirtualProtect's refusals of malformed arguments, and its work on memory of others.
#include "fault_probe.h"
#include "memory_checks.h"

static void check_protection_refused(BYTE *base, DWORD protection) {
    DWORD before;
    check_row("protection 0x%x", (unsigned)protection);
    REFUSED_UNCHANGED(base, page_size, VirtualProtect(base, page_size, protection, &before),
                      ERROR_INVALID_PARAMETER);
}

// 5.9
static void private_memory_takes_exactly_six_base_protections(void) {
    BYTE *base = committed_pages(1);
    base[0] = 0x53;
    for (DWORD protection = 0; protection < 0x100; protection++) {
        int is_one_of_six = protection == PAGE_NOACCESS || protection == PAGE_READONLY ||
                            protection == PAGE_READWRITE || protection == PAGE_EXECUTE ||
                            protection == PAGE_EXECUTE_READ || protection == PAGE_EXECUTE_READWRITE;
        DWORD before;
        if (is_one_of_six) {
            check_row("protection 0x%x", (unsigned)protection);
            GRANTED(VirtualProtect(base, page_size, protection, &before));
            CHECK_COMMITTED(base, protection, page_size);
        } else {
            check_protection_refused(base, protection);
        }
    }
    release(base);
}

// 5.9, 3.14
static void guard_with_noaccess_is_refused(void) {
    BYTE *base = committed_pages(1);
    check_protection_refused(base, PAGE_NOACCESS | PAGE_GUARD);
    release(base);
}

// 5.9, 5.19, 3.15
static void caching_modifiers_exclude_noaccess_guard_and_each_other(void) {
    BYTE *base = committed_pages(1);
    check_protection_refused(base, PAGE_NOACCESS | PAGE_NOCACHE);
    check_protection_refused(base, PAGE_NOACCESS | PAGE_WRITECOMBINE);
    check_protection_refused(base, PAGE_READWRITE | PAGE_NOCACHE | PAGE_GUARD);
    check_protection_refused(base, PAGE_READWRITE | PAGE_WRITECOMBINE | PAGE_GUARD);
    check_protection_refused(base, PAGE_READWRITE | PAGE_NOCACHE | PAGE_WRITECOMBINE);
    release(base);
}

// 5.2
static void a_null_old_protection_is_refused_and_nothing_changes(void) {
    BYTE *base = committed_pages(1);
    base[0] = 0x55;
    REFUSED_UNCHANGED(base, page_size, VirtualProtect(base, page_size, PAGE_READONLY, NULL),
                      ERROR_NOACCESS);
    release(base);
}

// 5.1, 5.6
static void an_unwritable_old_protection_is_refused_and_nothing_changes(void) {
    static const DWORD constant = 7;
    BYTE *base = committed_pages(1);
    BYTE *reserved = reserved_pages(1);
    PDWORD targets[] = {(PDWORD)(void *)8, (PDWORD)(uintptr_t)&constant, (PDWORD)reserved,
                        (PDWORD)0xFFFF800000000000ull};
    base[0] = 0x54;
    for (SIZE_T i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        check_row("target %d", (int)i);
        REFUSED_UNCHANGED(base, page_size,
                          VirtualProtect(base, page_size, PAGE_READONLY, targets[i]),
                          ERROR_NOACCESS);
    }
    release(reserved);
    release(base);
}

// 5.1: a malformed protection is found before the old protection is looked at, and that before
// the range.
static void the_protection_is_checked_first_and_the_range_last(void) {
    BYTE *space = free_space(page_size);
    REFUSED(VirtualProtect(space, page_size, PAGE_READONLY | PAGE_READWRITE, NULL),
            ERROR_INVALID_PARAMETER);
    REFUSED(VirtualProtect(space, page_size, PAGE_READONLY, NULL), ERROR_NOACCESS);
    REFUSED(VirtualProtect(NULL, 0, PAGE_READONLY, NULL), ERROR_NOACCESS);
}

// 5.3
static void a_size_of_zero_is_refused(void) {
    BYTE *base = committed_pages(1);
    DWORD before;
    REFUSED_UNCHANGED(base, page_size, VirtualProtect(base, 0, PAGE_READONLY, &before),
                      ERROR_INVALID_PARAMETER);
    REFUSED_UNCHANGED(base, page_size, VirtualProtect(base + 1, 0, PAGE_READONLY, &before),
                      ERROR_INVALID_PARAMETER);
    release(base);
}

static void check_range_refused(ULONG_PTR address, SIZE_T byte_count) {
    DWORD before;
    check_row("address 0x%" PRIx64 " size 0x%" PRIx64, (uint64_t)address, (uint64_t)byte_count);
    REFUSED(VirtualProtect((void *)address, byte_count, PAGE_READONLY, &before),
            ERROR_INVALID_PARAMETER);
}

// 5.1
static void a_range_outside_user_space_is_refused(void) {
    BYTE *base = committed_pages(1);
    struct snapshot unchanged = snapshot_of(base, page_size);
    check_range_refused(USER_SPACE_END, page_size);
    check_range_refused(0x8000000000000000ull, page_size);
    check_range_refused(0xFFFF800000000000ull, page_size);
    check_range_refused(0xFFFFFFFFFFFFFFFFull, 1);
    check_range_refused((ULONG_PTR)base, USER_SPACE_END);
    check_range_refused((ULONG_PTR)base, 0x8000000000000000ull);
    check_range_refused((ULONG_PTR)base, 0xFFFFFFFFFFFFF000ull);
    CHECK_UNCHANGED(&unchanged);
    release(base);
}

// 5.1
static void a_size_that_rounds_up_past_the_last_address_is_refused(void) {
    BYTE *base = committed_pages(1);
    check_range_refused((ULONG_PTR)base, 0xFFFFFFFFFFFFFFFFull);
    CHECK_COMMITTED(base, PAGE_READWRITE, page_size);
    release(base);
}

// A15.3: the state of the pages as the reason of a refusal shows as PAGE_NOACCESS.
static void a_refusal_for_the_state_of_the_pages_says_noaccess(void) {
    BYTE *base = reserved_pages(4), *free_page = free_space(page_size);
    GRANTED(VirtualAlloc(base, page_size, MEM_COMMIT, PAGE_READWRITE));
    BYTE *addresses[] = {base + page_size, base, base + 3 * page_size, free_page};
    for (int i = 0; i < 4; i++)
        for (int is_guarded = 0; is_guarded < 2; is_guarded++) {
            DWORD before = 0xDEADBEEF;
            check_row("row %d, %s", i, is_guarded ? "guarded" : "plain");
            REFUSED_UNCHANGED(base, 4 * page_size,
                              VirtualProtect(addresses[i], 2 * page_size,
                                             PAGE_READONLY | (is_guarded ? PAGE_GUARD : 0),
                                             &before),
                              ERROR_INVALID_ADDRESS);
            CHECK_EQUAL(before, PAGE_NOACCESS);
        }
    release(base);
}

// A15.3: any other refusal leaves it alone.
static void other_refusals_leave_the_old_protection_alone(void) {
    BYTE *base = committed_pages(1);
    DWORD before = 0xDEADBEEF;
    REFUSED(VirtualProtect(base, page_size, PAGE_WRITECOPY, &before), ERROR_INVALID_PARAMETER);
    REFUSED(VirtualProtect(base, 0, PAGE_READONLY, &before), ERROR_INVALID_PARAMETER);
    REFUSED(VirtualProtectEx(NULL, base, page_size, PAGE_READONLY, &before), ERROR_INVALID_HANDLE);
    CHECK_EQUAL(before, 0xDEADBEEF);
    release(base);
}

// Two pages of the program's image, apart from everything else that is written to.
static _Alignas(0x1000) BYTE image_pages[2 * page_size] = {1};

// 5.5, 6.23 and porting of code patchers: foreign memory can be protected, and tells the truth.
static void memory_of_the_program_image_can_be_protected(void) {
    DWORD original = 0, before = 0;
    GRANTED(VirtualProtect(image_pages, page_size, PAGE_READONLY, &original));
    CHECK(original == PAGE_READWRITE || original == PAGE_WRITECOPY);
    CHECK(faults_on_write(image_pages));
    CHECK(!faults_on_write(image_pages + page_size));
    CHECK_EQUAL(region_at(image_pages).Protect, PAGE_READONLY);
    GRANTED(VirtualProtect(image_pages, page_size, original, &before));
    CHECK_EQUAL(before, PAGE_READONLY);
    CHECK(!faults_on_write(image_pages));
    CHECK_EQUAL(image_pages[0], 1);
}

static __attribute__((noinline)) int function_to_patch(void) {
    return 1;
}

// 5.5: code is made writable and put back as a code patcher does it.
static void code_of_the_program_can_be_made_writable_and_put_back(void) {
    int (*code)(void) = function_to_patch;
    BYTE *address;
    DWORD original = 0, before = 0;
    memcpy(&address, &code, sizeof address);
    GRANTED(VirtualProtect(address, 1, PAGE_EXECUTE_READWRITE, &original));
    CHECK_EQUAL(original, PAGE_EXECUTE_READ);
    CHECK(!faults_on_write(address));
    GRANTED(VirtualProtect(address, 1, original, &before));
    CHECK(faults_on_write(address));
    CHECK_EQUAL(region_at(address).Protect, PAGE_EXECUTE_READ);
    CHECK_EQUAL(code(), 1);
}

TEST_PROGRAM(TEST(private_memory_takes_exactly_six_base_protections),
             TEST(guard_with_noaccess_is_refused),
             TEST(caching_modifiers_exclude_noaccess_guard_and_each_other),
             TEST(a_null_old_protection_is_refused_and_nothing_changes),
             TEST(an_unwritable_old_protection_is_refused_and_nothing_changes),
             TEST(the_protection_is_checked_first_and_the_range_last),
             TEST(a_size_of_zero_is_refused), TEST(a_range_outside_user_space_is_refused),
             TEST(a_size_that_rounds_up_past_the_last_address_is_refused),
             TEST(a_refusal_for_the_state_of_the_pages_says_noaccess),
             TEST(other_refusals_leave_the_old_protection_alone),
             TEST(memory_of_the_program_image_can_be_protected),
             TEST(code_of_the_program_can_be_made_writable_and_put_back))
