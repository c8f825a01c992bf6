// ReadProcessMemory of this process: all or nothing of the source, a prefix into a bad buffer.
#include "memory_checks.h"

static BYTE target[8 * page_size];

static BYTE *filled_pages(SIZE_T page_count) {
    BYTE *base = committed_pages(page_count);
    for (SIZE_T i = 0; i < page_count * page_size; i++)
        base[i] = (BYTE)(i * 7 + i / page_size);
    memset(target, 0xEE, sizeof target);
    return base;
}

static HANDLE self_with(DWORD access) {
    HANDLE self = GetCurrentProcess(), copy = NULL;
    GRANTED(DuplicateHandle(self, self, self, &copy, access, FALSE, 0));
    return copy;
}

static void set_protection(void *address, SIZE_T byte_count, DWORD protection) {
    DWORD before;
    GRANTED(VirtualProtect(address, byte_count, protection, &before));
}

// A read that fails with this error after it has copied so many bytes, and changes no other byte.
#define REFUSED_READ(source, buffer, size, error, expected_count)                                  \
    do {                                                                                           \
        SIZE_T count = 77;                                                                         \
        REFUSED(ReadProcessMemory(GetCurrentProcess(), source, buffer, size, &count), error);      \
        CHECK_EQUAL(count, expected_count);                                                        \
    } while (0)

// 13.8, A13.1
static void bytes_of_the_own_process_are_copied(void) {
    BYTE *base = filled_pages(4);
    HANDLE real = self_with(PROCESS_VM_READ);
    SIZE_T count = 0;
    GRANTED(ReadProcessMemory(GetCurrentProcess(), base + 5, target + 1, 3 * page_size, &count));
    CHECK_EQUAL(count, 3 * page_size);
    CHECK(memcmp(target + 1, base + 5, 3 * page_size) == 0);
    CHECK(target[0] == 0xEE && target[3 * page_size + 1] == 0xEE);
    GRANTED(ReadProcessMemory(real, base, target, 100, NULL));
    CHECK(memcmp(target, base, 100) == 0);
    GRANTED(CloseHandle(real));
    release(base);
}

// 12.20
static void an_inaccessible_page_of_the_source_means_that_nothing_is_copied(void) {
    BYTE *base = filled_pages(4);
    set_protection(base + 2 * page_size, page_size, PAGE_NOACCESS);
    REFUSED_READ(base, target, 4 * page_size, ERROR_PARTIAL_COPY, 0);
    REFUSED_READ(base + page_size, target, page_size + 1, ERROR_PARTIAL_COPY, 0);
    CHECK(every_byte_is(target, 0xEE, sizeof target));
    GRANTED(VirtualFree(base + 2 * page_size, page_size, MEM_DECOMMIT));
    REFUSED_READ(base, target, 4 * page_size, ERROR_PARTIAL_COPY, 0);
    CHECK(every_byte_is(target, 0xEE, sizeof target));
    release(base);
    REFUSED_READ(base, target, 16, ERROR_PARTIAL_COPY, 0);
    CHECK(every_byte_is(target, 0xEE, sizeof target));
}

// 12.20: over the end of an allocation into free space
static void a_range_may_cover_several_allocations_but_no_gap(void) {
    BYTE *base = free_space(allocation_granularity * 4);
    for (SIZE_T i = 0; i < 2; i++)
        GRANTED(VirtualAlloc(base + i * allocation_granularity, allocation_granularity,
                             MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE));
    base[allocation_granularity] = 0x31;
    memset(target, 0xEE, sizeof target);
    GRANTED(
        ReadProcessMemory(GetCurrentProcess(), base + allocation_granularity - 1, target, 2, NULL));
    CHECK(target[0] == 0 && target[1] == 0x31);
    REFUSED_READ(base + 2 * allocation_granularity - 1, target + 4, 2, ERROR_PARTIAL_COPY, 0);
    CHECK(target[4] == 0xEE);
    release(base);
    release(base + allocation_granularity);
}

// 12.21
static void a_bad_buffer_receives_the_bytes_before_the_bad_page(void) {
    BYTE *base = filled_pages(4), *buffer = committed_pages(4);
    set_protection(buffer + 2 * page_size, page_size, PAGE_READONLY);
    REFUSED_READ(base, buffer, 4 * page_size, ERROR_PARTIAL_COPY, 2 * page_size);
    CHECK(memcmp(base, buffer, 2 * page_size) == 0);
    CHECK(every_byte_is(buffer + 2 * page_size, 0, 2 * page_size));
    REFUSED_READ(base, NULL, 16, ERROR_PARTIAL_COPY, 0);
    release(buffer);
    REFUSED_READ(base, buffer, 16, ERROR_PARTIAL_COPY, 0);
    release(base);
}

// 12.22
static void no_bytes_are_always_copied(void) {
    SIZE_T count = 5;
    GRANTED(ReadProcessMemory(GetCurrentProcess(), NULL, NULL, 0, &count));
    CHECK_EQUAL(count, 0);
    GRANTED(ReadProcessMemory(GetCurrentProcess(), (void *)0x1234, target, 0, NULL));
}

// 12.23
static void an_address_that_was_never_mapped_is_a_partial_copy(void) {
    memset(target, 0xEE, sizeof target);
    REFUSED_READ((void *)0x1234, target, 4, ERROR_PARTIAL_COPY, 0);
    REFUSED_READ(NULL, target, 4, ERROR_PARTIAL_COPY, 0);
    CHECK(every_byte_is(target, 0xEE, sizeof target));
}

// Learn, ReadProcessMemory; 1.2
static void ranges_that_leave_user_space_are_refused(void) {
    BYTE *base = filled_pages(1);
    REFUSED_READ(base, target, (SIZE_T)-1, ERROR_NOACCESS, 0);
    REFUSED_READ(base, target, (SIZE_T) - (LONG_PTR)base, ERROR_NOACCESS, 0);
    REFUSED_READ((void *)(ULONG_PTR)0xFFFF800000000000ull, target, 8, ERROR_NOACCESS, 0);
    REFUSED_READ(base, (void *)(LONG_PTR)-4, 8, ERROR_NOACCESS, 0);
    CHECK(every_byte_is(target, 0xEE, sizeof target));
    release(base);
}

// 13.3, 13.5, 13.6
static void the_handle_needs_the_right_to_read(void) {
    BYTE *base = filled_pages(1);
    HANDLE query = self_with(PROCESS_QUERY_INFORMATION | PROCESS_VM_WRITE | PROCESS_VM_OPERATION);
    SIZE_T count = 77;
    REFUSED(ReadProcessMemory(query, base, target, 8, &count), ERROR_ACCESS_DENIED);
    CHECK_EQUAL(count, 0);
    REFUSED(ReadProcessMemory(NULL, base, target, 8, NULL), ERROR_INVALID_HANDLE);
    REFUSED(ReadProcessMemory(GetCurrentThread(), base, target, 8, NULL), ERROR_INVALID_HANDLE);
    REFUSED(ReadProcessMemory((HANDLE)0x7FFFFFFC, base, target, 8, NULL), ERROR_INVALID_HANDLE);
    CHECK(every_byte_is(target, 0xEE, sizeof target));
    GRANTED(CloseHandle(query));
    release(base);
}

// README, Results and bad pointers
static void a_bad_pointer_to_the_count_is_refused_first(void) {
    BYTE *base = filled_pages(1);
    REFUSED(ReadProcessMemory(GetCurrentProcess(), base, target, 8, (SIZE_T *)8), ERROR_NOACCESS);
    CHECK(every_byte_is(target, 0xEE, sizeof target));
    release(base);
}

// 8.30
static void an_armed_guard_page_fails_once_and_is_disarmed(void) {
    BYTE *base = filled_pages(3), *buffer = committed_pages(3);
    set_protection(base + page_size, page_size, PAGE_READWRITE | PAGE_GUARD);
    REFUSED_READ(base, target, 3 * page_size, ERROR_PARTIAL_COPY, 0);
    CHECK_COMMITTED(base, PAGE_READWRITE, 3 * page_size);
    CHECK(every_byte_is(target, 0xEE, sizeof target));
    GRANTED(ReadProcessMemory(GetCurrentProcess(), base, target, 3 * page_size, NULL));
    set_protection(buffer + page_size, page_size, PAGE_READWRITE | PAGE_GUARD);
    REFUSED_READ(base, buffer, 3 * page_size, ERROR_PARTIAL_COPY, page_size);
    CHECK_COMMITTED(buffer, PAGE_READWRITE, 3 * page_size);
    release(base);
    release(buffer);
}

// 12.20: pages without write access, and executable ones
static void whatever_can_be_read_can_be_copied(void) {
    static const DWORD protections[] = {PAGE_READONLY, PAGE_EXECUTE_READ, PAGE_EXECUTE_READWRITE};
    for (SIZE_T i = 0; i < sizeof protections / sizeof protections[0]; i++) {
        check_row("protection 0x%x", (unsigned)protections[i]);
        BYTE *base = filled_pages(1);
        set_protection(base, page_size, protections[i]);
        GRANTED(ReadProcessMemory(GetCurrentProcess(), base, target, page_size, NULL));
        CHECK(memcmp(base, target, page_size) == 0);
        release(base);
    }
    const void *code = (const void *)(ULONG_PTR)whatever_can_be_read_can_be_copied;
    GRANTED(ReadProcessMemory(GetCurrentProcess(), code, target, 8, NULL));
    CHECK(memcmp(code, target, 8) == 0);
}

TEST_PROGRAM(TEST(bytes_of_the_own_process_are_copied),
             TEST(an_inaccessible_page_of_the_source_means_that_nothing_is_copied),
             TEST(a_range_may_cover_several_allocations_but_no_gap),
             TEST(a_bad_buffer_receives_the_bytes_before_the_bad_page),
             TEST(no_bytes_are_always_copied),
             TEST(an_address_that_was_never_mapped_is_a_partial_copy),
             TEST(ranges_that_leave_user_space_are_refused),
             TEST(the_handle_needs_the_right_to_read),
             TEST(a_bad_pointer_to_the_count_is_refused_first),
             TEST(an_armed_guard_page_fails_once_and_is_disarmed),
             TEST(whatever_can_be_read_can_be_copied))
