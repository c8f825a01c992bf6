// VirtualAlloc2: the parameters, the limits on addresses, and that it is VirtualAlloc without them.
#include "memory_checks.h"

static MEM_EXTENDED_PARAMETER requirements(MEM_ADDRESS_REQUIREMENTS *limits) {
    MEM_EXTENDED_PARAMETER parameter = {0};
    parameter.Type = MemExtendedParameterAddressRequirements;
    parameter.Pointer = limits;
    return parameter;
}

static MEM_EXTENDED_PARAMETER number(DWORD64 type, DWORD64 value) {
    MEM_EXTENDED_PARAMETER parameter = {0};
    parameter.Type = type & 0xFF;
    parameter.ULong64 = value;
    return parameter;
}

static void *limited(SIZE_T byte_count, ULONG_PTR lowest, ULONG_PTR highest, SIZE_T alignment) {
    MEM_ADDRESS_REQUIREMENTS limits = {(void *)lowest, (void *)highest, alignment};
    MEM_EXTENDED_PARAMETER parameter = requirements(&limits);
    return VirtualAlloc2(NULL, NULL, byte_count, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE,
                         &parameter, 1);
}

// 10.1, 10.2, 13.4, S20
static void no_process_and_no_parameters_is_virtual_alloc(void) {
    HANDLE processes[] = {NULL, GetCurrentProcess()};
    for (int i = 0; i < 2; i++) {
        BYTE *base = (BYTE *)GRANTED(
            VirtualAlloc2(processes[i], NULL, 0x1800, MEM_COMMIT, PAGE_EXECUTE_READWRITE, NULL, 0));
        CHECK_COMMITTED(base, PAGE_EXECUTE_READWRITE, 2 * page_size);
        CHECK_ALLOCATION(base, base, PAGE_EXECUTE_READWRITE);
        base[0x1FFF] = 1;
        GRANTED(VirtualAlloc2(processes[i], base, page_size, MEM_COMMIT, PAGE_READONLY, NULL, 0));
        CHECK_COMMITTED(base, PAGE_READONLY, page_size);
        release(base);
    }
}

// 13.11, 3.5
static void an_unknown_process_is_refused(void) {
    REFUSED(VirtualAlloc2((HANDLE)0x7FFFFFFC, NULL, page_size, MEM_RESERVE, PAGE_NOACCESS, NULL, 0),
            ERROR_INVALID_HANDLE);
}

// 10.3
static void parameters_that_are_announced_must_be_there(void) {
    REFUSED(VirtualAlloc2(NULL, NULL, page_size, MEM_RESERVE, PAGE_NOACCESS, NULL, 1),
            ERROR_INVALID_PARAMETER);
}

// 10.4
static void an_unknown_parameter_type_is_refused(void) {
    static const DWORD64 types[] = {0, MemExtendedParameterMax, 0x80, 0xFF};
    for (SIZE_T i = 0; i < sizeof types / sizeof types[0]; i++) {
        MEM_EXTENDED_PARAMETER parameter = number(types[i], 0);
        check_row("type %u", (unsigned)types[i]);
        REFUSED(VirtualAlloc2(NULL, NULL, page_size, MEM_RESERVE, PAGE_NOACCESS, &parameter, 1),
                ERROR_INVALID_PARAMETER);
    }
}

// 10.4
static void a_parameter_type_comes_once(void) {
    MEM_ADDRESS_REQUIREMENTS limits = {0};
    MEM_EXTENDED_PARAMETER twice[] = {requirements(&limits), requirements(&limits)};
    REFUSED(VirtualAlloc2(NULL, NULL, page_size, MEM_RESERVE, PAGE_NOACCESS, twice, 2),
            ERROR_INVALID_PARAMETER);
    twice[0] = twice[1] = number(MemExtendedParameterAttributeFlags, 0);
    REFUSED(VirtualAlloc2(NULL, NULL, page_size, MEM_RESERVE, PAGE_NOACCESS, twice, 2),
            ERROR_INVALID_PARAMETER);
}

// 10.5
static void no_attribute_flags_change_nothing(void) {
    MEM_EXTENDED_PARAMETER parameter = number(MemExtendedParameterAttributeFlags, 0);
    BYTE *base = (BYTE *)GRANTED(VirtualAlloc2(NULL, NULL, page_size, MEM_RESERVE | MEM_COMMIT,
                                               PAGE_READWRITE, &parameter, 1));
    CHECK_COMMITTED(base, PAGE_READWRITE, page_size);
    release(base);
}

// 10.7, 10.8
static void requirements_of_zero_constrain_nothing(void) {
    MEM_ADDRESS_REQUIREMENTS limits = {0};
    MEM_EXTENDED_PARAMETER parameter = requirements(&limits);
    BYTE *base = free_space(allocation_granularity);
    GRANTED(VirtualAlloc2(NULL, base, page_size, MEM_RESERVE, PAGE_NOACCESS, &parameter, 1));
    CHECK_RESERVED(base, page_size);
    release(base);
    base = (BYTE *)GRANTED(limited(page_size, 0, 0, 0));
    release(base);
}

// 10.8
static void an_address_and_requirements_exclude_each_other(void) {
    static const MEM_ADDRESS_REQUIREMENTS rows[] = {
        {(void *)0x10000, NULL, 0}, {NULL, (void *)0x7FFFFFFEFFFF, 0}, {NULL, NULL, 0x10000}};
    BYTE *base = reserved_pages(16);
    for (SIZE_T i = 0; i < 3; i++) {
        MEM_ADDRESS_REQUIREMENTS limits = rows[i];
        MEM_EXTENDED_PARAMETER parameter = requirements(&limits);
        check_row("row %u", (unsigned)i);
        REFUSED_UNCHANGED(
            base, 16 * page_size,
            VirtualAlloc2(NULL, base, page_size, MEM_COMMIT, PAGE_READWRITE, &parameter, 1),
            ERROR_INVALID_PARAMETER);
    }
    release(base);
}

// 10.9
static void an_alignment_is_a_power_of_two_from_64_kib(void) {
    static const SIZE_T wrong[] = {1, 0x1000, 0x8000, 0x30000, 0x10001, 0x8000000000000001ull};
    for (SIZE_T i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        check_row("alignment 0x%" PRIx64, (uint64_t)wrong[i]);
        REFUSED(limited(page_size, 0, 0, wrong[i]), ERROR_INVALID_PARAMETER);
    }
}

// 10.9, S20 (rpmalloc's spans)
static void every_alignment_up_to_a_tebibyte_is_honoured(void) {
    for (SIZE_T alignment = 0x10000; alignment <= (SIZE_T)1 << 40; alignment <<= 1) {
        check_row("alignment 0x%" PRIx64, (uint64_t)alignment);
        BYTE *first = (BYTE *)GRANTED(limited(0x3000, 0, 0, alignment));
        BYTE *second = (BYTE *)GRANTED(limited(0x3000, 0, 0, alignment));
        CHECK_EQUAL((SIZE_T)first & (alignment - 1), 0);
        CHECK_EQUAL((SIZE_T)second & (alignment - 1), 0);
        CHECK(first != second);
        if (first == NULL || second == NULL)
            continue;
        first[0] = second[0x2FFF] = 1;
        release(first);
        release(second);
    }
}

// 10.10
static void the_highest_address_ends_a_page(void) {
    static const ULONG_PTR wrong[] = {0x20001001,           0x20000FFE,     0x200007FF,
                                      0x20001000,           USER_SPACE_END, USER_SPACE_END + 0xFFF,
                                      0x8000000000000FFFull};
    for (SIZE_T i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        check_row("highest 0x%" PRIx64, (uint64_t)wrong[i]);
        REFUSED(limited(page_size, 0, wrong[i], 0), ERROR_INVALID_PARAMETER);
    }
    release(GRANTED(limited(page_size, 0, USER_SPACE_END - 1, 0)));
}

// 10.10
static void the_highest_address_is_inclusive(void) {
    BYTE *base = (BYTE *)GRANTED(limited(page_size, 0x20000000, 0x20000FFF, 0));
    CHECK_EQUAL((ULONG_PTR)base, 0x20000000);
    base[0xFFF] = 1;
    release(base);
    REFUSED(limited(2 * page_size, 0x20000000, 0x20000FFF, 0), ERROR_NOT_ENOUGH_MEMORY);
}

// 10.11
static void the_lowest_address_is_a_multiple_of_64_kib_below_the_top(void) {
    static const ULONG_PTR wrong[] = {0x20001000, 0x20000FFF, 0x20001001, USER_SPACE_END,
                                      0x8000000000000000ull};
    for (SIZE_T i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        check_row("lowest 0x%" PRIx64, (uint64_t)wrong[i]);
        REFUSED(limited(page_size, wrong[i], 0, 0), ERROR_INVALID_PARAMETER);
    }
    REFUSED(limited(page_size, 0x20010000, 0x2000FFFF, 0), ERROR_INVALID_PARAMETER);
}

// 10.11
static void limits_without_room_are_a_lack_of_memory(void) {
    REFUSED(limited(0x20000, 0x20000000, 0x2000FFFF, 0), ERROR_NOT_ENOUGH_MEMORY);
    REFUSED(limited(page_size, 0x20010000, 0x2001FFFF, 0x40000), ERROR_NOT_ENOUGH_MEMORY);
}

// 10.10, 10.11: a program that needs the lowest 4 GiB, and fills a stretch of it
static void limits_hold_for_every_allocation_until_the_room_is_used_up(void) {
    enum { most = 64 };
    BYTE *blocks[most];
    int count = 0;
    while (count < most) {
        BYTE *block = (BYTE *)limited(0x18000, 0x30000000, 0x300FFFFF, 0);
        if (block == NULL)
            break;
        CHECK((ULONG_PTR)block >= 0x30000000 && (ULONG_PTR)block + 0x18000 <= 0x30100000);
        CHECK_ALLOCATION(block, block, PAGE_READWRITE);
        block[0x17FFF] = 1;
        blocks[count++] = block;
    }
    CHECK_EQUAL(count, 8);
    CHECK_EQUAL(GetLastError(), ERROR_NOT_ENOUGH_MEMORY);
    for (int i = 0; i < count; i++)
        release(blocks[i]);
    release(GRANTED(limited(0x100000, 0x30000000, 0x300FFFFF, 0)));
}

// 10.5, 3.63: node 0 is everywhere
static void a_numa_node_is_a_hint(void) {
    MEM_EXTENDED_PARAMETER parameter = number(MemExtendedParameterNumaNode, 0);
    BYTE *base = (BYTE *)GRANTED(
        VirtualAlloc2(NULL, NULL, 0x5000, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE, &parameter, 1));
    CHECK_COMMITTED(base, PAGE_READWRITE, 0x5000);
    CHECK_EQUAL((SIZE_T)base & 0xFFFF, 0);
    memset(base, 7, 0x5000);
    release(base);
    CHECK_FREE(base);
}

TEST_PROGRAM(TEST(no_process_and_no_parameters_is_virtual_alloc),
             TEST(an_unknown_process_is_refused), TEST(parameters_that_are_announced_must_be_there),
             TEST(an_unknown_parameter_type_is_refused), TEST(a_parameter_type_comes_once),
             TEST(no_attribute_flags_change_nothing), TEST(requirements_of_zero_constrain_nothing),
             TEST(an_address_and_requirements_exclude_each_other),
             TEST(an_alignment_is_a_power_of_two_from_64_kib),
             TEST(every_alignment_up_to_a_tebibyte_is_honoured),
             TEST(the_highest_address_ends_a_page), TEST(the_highest_address_is_inclusive),
             TEST(the_lowest_address_is_a_multiple_of_64_kib_below_the_top),
             TEST(limits_without_room_are_a_lack_of_memory),
             TEST(limits_hold_for_every_allocation_until_the_room_is_used_up),
             TEST(a_numa_node_is_a_hint))
