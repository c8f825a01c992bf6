// Placeholders that are joined, and placeholders through the NT calls.
#include "placeholder_checks.h"

static NTSTATUS allocate_ex(struct native_range *range, ULONG type, ULONG protection) {
    return NtAllocateVirtualMemoryEx(GetCurrentProcess(), &range->base, &range->byte_count, type,
                                     protection, NULL, 0);
}

// `count` pieces of `each` pages.
static BYTE *pieces(SIZE_T count, SIZE_T each) {
    BYTE *base = new_placeholder(count * each);
    for (SIZE_T i = 0; i + 1 < count; i++)
        GRANTED(preserve(base + i * each * page_size, each));
    return base;
}

// 10.21
static void adjacent_placeholders_become_one(void) {
    static const SIZE_T counts[] = {2, 3, 64, 3000}, sizes[] = {16, 3, 1, 1};
    for (int i = 0; i < 4; i++) {
        check_row("%u pieces", (unsigned)counts[i]);
        BYTE *base = pieces(counts[i], sizes[i]);
        GRANTED(join(base, counts[i] * sizes[i]));
        CHECK_PLACEHOLDER(base, counts[i] * sizes[i]);
        GRANTED(replace(base, counts[i] * sizes[i], MEM_COMMIT, PAGE_READWRITE));
        CHECK(every_byte_is(base, 0, counts[i] * sizes[i] * page_size));
        release(base);
        CHECK_FREE(base);
    }
}

// 10.21: those on both sides stay apart
static void only_the_named_placeholders_are_joined(void) {
    BYTE *base = pieces(6, 4);
    GRANTED(VirtualFree(base + 4 * page_size + 5, 12 * page_size - 5, coalesce));
    CHECK_PLACEHOLDER(base, 4);
    CHECK_PLACEHOLDER(base + 4 * page_size, 12);
    CHECK_PLACEHOLDER(base + 16 * page_size, 4);
    GRANTED(join(base, 24));
    CHECK_PLACEHOLDER(base, 24);
    release(base);
}

// 10.21, with placeholders that were made one by one at chosen addresses, the first with a
// mapping of its own
static void placeholders_that_were_never_one_are_joined_too(void) {
    BYTE *base = (BYTE *)0x5A2000000000;
    GRANTED(placeholder_at(base, 16));
    GRANTED(placeholder_at(base + 16 * page_size, 20));
    GRANTED(join(base, 36));
    CHECK_PLACEHOLDER(base, 36);
    GRANTED(replace(base, 36, MEM_COMMIT, PAGE_READWRITE));
    memset(base, 0x51, 36 * page_size);
    GRANTED(preserve(base, 36));
    release(base);
    CHECK_FREE(base);
    GRANTED(VirtualAlloc(base, 40 * page_size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE));
    CHECK(every_byte_is(base, 0, 40 * page_size));
    release(base);
}

// 10.13, 10.16, 10.20, 10.21, whatever the size
static void placeholders_of_a_tebibyte_come_and_go(void) {
    SIZE_T count = (SIZE_T)1 << 28;
    BYTE *base = new_placeholder(count), *upper = base + count / 2 * page_size;
    GRANTED(preserve(upper, count / 4));
    CHECK_PLACEHOLDER(base, count / 2);
    GRANTED(replace(upper, count / 4, 0, PAGE_READWRITE));
    GRANTED(VirtualAlloc(upper + 5 * page_size, page_size, MEM_COMMIT, PAGE_READWRITE));
    upper[5 * page_size] = 1;
    GRANTED(preserve(upper, count / 4));
    GRANTED(join(base, count));
    CHECK_PLACEHOLDER(base, count);
    release(base);
    CHECK_FREE(base);
}

// 10.22
static void what_is_not_exactly_several_placeholders_is_not_joined(void) {
    static const struct {
        int start, count;
    } rows[] = {{1, 11}, {0, 11}, {0, 13}, {0, 4}, {4, 4}, {2, 6}, {4, 9}, {-4, 8}};
    BYTE *base = pieces(3, 4);
    for (SIZE_T i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        check_row("pages %d, %d", rows[i].start, rows[i].count);
        REFUSED_PAGES(base, 12, join(base + rows[i].start * page_size, (SIZE_T)rows[i].count),
                      ERROR_INVALID_ADDRESS);
    }
    REFUSED_PAGES(base, 12, VirtualFree(base, 0, coalesce), ERROR_INVALID_PARAMETER);
    REFUSED_PAGES(base, 12, VirtualFree(base, 12 * page_size, MEM_COALESCE_PLACEHOLDERS),
                  ERROR_INVALID_PARAMETER);
    REFUSED_PAGES(base, 12, VirtualFree(base, 12 * page_size, coalesce | split_off),
                  ERROR_INVALID_PARAMETER);
    GRANTED(join(base, 12));
    release(base);
    REFUSED(join(base, 12), ERROR_INVALID_ADDRESS);
}

// 10.22
static void memory_or_a_hole_in_between_is_refused(void) {
    BYTE *base = pieces(3, 4), *middle = base + 4 * page_size;
    GRANTED(replace(middle, 4, 0, PAGE_READWRITE));
    REFUSED_PAGES(base, 12, join(base, 12), ERROR_INVALID_ADDRESS);
    GRANTED(VirtualAlloc(middle, page_size, MEM_COMMIT, PAGE_READWRITE));
    REFUSED_PAGES(base, 12, join(base, 12), ERROR_INVALID_ADDRESS);
    release(middle);
    REFUSED_PAGES(base, 12, join(base, 12), ERROR_INVALID_ADDRESS);
    release(base);
    release(base + 8 * page_size);
}

// 10.13, 10.20 to 10.22, 4.35, 1B
static void native_calls_divide_replace_restore_and_join(void) {
    struct native_range all = native_range(NULL, 0x1FFFF);
    CHECK_STATUS(allocate_ex(&all, MEM_RESERVE | MEM_RESERVE_PLACEHOLDER, PAGE_NOACCESS),
                 STATUS_SUCCESS);
    CHECK_EQUAL(all.byte_count, 0x20000);
    BYTE *base = (BYTE *)all.base;
    struct native_range part = native_range(base + 0x4010, 0x3000);
    CHECK_STATUS(free_range(&part, split_off), STATUS_SUCCESS);
    CHECK_RANGE(part, base + 0x4000, 0x4000);
    CHECK_STATUS(allocate_ex(&part, in_place | MEM_COMMIT, PAGE_READWRITE), STATUS_SUCCESS);
    CHECK_RANGE(part, base + 0x4000, 0x4000);
    CHECK_COMMITTED(base + 0x4000, PAGE_READWRITE, 0x4000);
    CHECK_STATUS(free_range(&part, split_off), STATUS_SUCCESS);
    CHECK_STATUS(free_range(&part, split_off), STATUS_CONFLICTING_ADDRESSES);
    all = native_range(base + 1, 0x20000 - 1);
    CHECK_STATUS(free_range(&all, coalesce), STATUS_SUCCESS);
    CHECK_RANGE(all, base, 0x20000);
    CHECK_PLACEHOLDER(base, 32);
    release(base);
}

// 10.14, 10.17, 10.19, 10.22, 10.27, 4.35
static void refused_native_calls_leave_base_and_size_alone(void) {
    BYTE *base = pieces(2, 4);
    const struct {
        ULONG type;
        SIZE_T start, size;
        ULONG status;
    } rows[] = {{split_off, 0, 0, STATUS_INVALID_PARAMETER_3},
                {coalesce, 0, 0, STATUS_INVALID_PARAMETER_3},
                {split_off, 0, 0x4000, STATUS_CONFLICTING_ADDRESSES},
                {split_off, 0x1000, 0x4000, STATUS_CONFLICTING_ADDRESSES},
                {coalesce, 0, 0x4000, STATUS_CONFLICTING_ADDRESSES},
                {MEM_RELEASE, 0, 0x5000, STATUS_UNABLE_TO_FREE_VM},
                {MEM_PRESERVE_PLACEHOLDER, 0, 0x1000, STATUS_INVALID_PARAMETER_4}};
    for (SIZE_T i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        check_row("row %u", (unsigned)i);
        struct snapshot before = snapshot_of(base, 8 * page_size);
        struct native_range range = native_range(base + rows[i].start, rows[i].size);
        CHECK_STATUS(free_range(&range, rows[i].type), rows[i].status);
        CHECK_RANGE(range, base + rows[i].start, rows[i].size);
        CHECK_UNCHANGED(&before);
    }
    struct native_range range = native_range(base, 0x3000);
    CHECK_STATUS(allocate_ex(&range, in_place, PAGE_READWRITE), STATUS_CONFLICTING_ADDRESSES);
    CHECK_STATUS(allocate_ex(&range, MEM_COMMIT, PAGE_READWRITE), STATUS_CONFLICTING_ADDRESSES);
    CHECK_STATUS(allocate(&range, in_place, PAGE_READWRITE), STATUS_INVALID_PARAMETER);
    CHECK_STATUS(NtAllocateVirtualMemoryEx(NULL, &range.base, &range.byte_count, in_place,
                                           PAGE_READWRITE, NULL, 0),
                 STATUS_INVALID_HANDLE);
    CHECK_RANGE(range, base, 0x3000);
    release(base);
    release(base + 4 * page_size);
}

// 4.31, 10.27: a part of a placeholder is released; the rests stay placeholders
static void a_part_of_a_placeholder_is_released(void) {
    BYTE *base = new_placeholder(20);
    struct native_range part = native_range(base + 5 * page_size, 6 * page_size);
    CHECK_STATUS(free_range(&part, MEM_RELEASE), STATUS_SUCCESS);
    CHECK_PLACEHOLDER(base, 5);
    CHECK_FREE(base + 5 * page_size);
    CHECK_PLACEHOLDER(base + 11 * page_size, 9);
    GRANTED(replace(base + 11 * page_size, 9, MEM_COMMIT, PAGE_READWRITE));
    CHECK(every_byte_is(base + 11 * page_size, 0, 9 * page_size));
    release(base);
    release(base + 11 * page_size);
}

// 10.3 to 10.11: NtAllocateVirtualMemoryEx takes the parameters of VirtualAlloc2
static void the_native_call_takes_extended_parameters(void) {
    MEM_ADDRESS_REQUIREMENTS limits = {NULL, NULL, 0x100000};
    MEM_EXTENDED_PARAMETER parameter = {0};
    parameter.Type = MemExtendedParameterAddressRequirements;
    parameter.Pointer = &limits;
    PVOID base = NULL;
    SIZE_T size = page_size;
    CHECK_STATUS(NtAllocateVirtualMemoryEx(GetCurrentProcess(), &base, &size,
                                           MEM_RESERVE | MEM_RESERVE_PLACEHOLDER, PAGE_NOACCESS,
                                           &parameter, 1),
                 STATUS_SUCCESS);
    CHECK_EQUAL((ULONG_PTR)base % 0x100000, 0);
    CHECK_STATUS(NtAllocateVirtualMemoryEx(GetCurrentProcess(), &base, &size, MEM_RESERVE,
                                           PAGE_NOACCESS, NULL, 1),
                 STATUS_INVALID_PARAMETER);
    CHECK_STATUS(
        NtAllocateVirtualMemoryEx(GetCurrentProcess(), &base, &size, MEM_RESERVE, 3, NULL, 0),
        STATUS_INVALID_PAGE_PROTECTION);
    release(base);
}

TEST_PROGRAM(TEST(adjacent_placeholders_become_one), TEST(only_the_named_placeholders_are_joined),
             TEST(placeholders_that_were_never_one_are_joined_too),
             TEST(placeholders_of_a_tebibyte_come_and_go),
             TEST(what_is_not_exactly_several_placeholders_is_not_joined),
             TEST(memory_or_a_hole_in_between_is_refused),
             TEST(native_calls_divide_replace_restore_and_join),
             TEST(refused_native_calls_leave_base_and_size_alone),
             TEST(a_part_of_a_placeholder_is_released),
             TEST(the_native_call_takes_extended_parameters))
