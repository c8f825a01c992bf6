// WriteProcessMemory to this process: writable pages, code, and where a write ends.
#include "memory_checks.h"

static BYTE source[8 * page_size];

static BYTE *fresh_pages(SIZE_T page_count) {
    memset(source, 0x5A, sizeof source);
    return committed_pages(page_count);
}

static void set_protection(void *address, SIZE_T byte_count, DWORD protection) {
    DWORD before;
    GRANTED(VirtualProtect(address, byte_count, protection, &before));
}

static BOOL write_own(void *address, const void *buffer, SIZE_T byte_count, SIZE_T *count) {
    return WriteProcessMemory(GetCurrentProcess(), address, buffer, byte_count, count);
}

// Learn, WriteProcessMemory; 12.22
static void bytes_are_written_to_writable_pages(void) {
    BYTE *base = fresh_pages(3);
    SIZE_T count = 0;
    GRANTED(write_own(base + 5, source, 2 * page_size, &count));
    CHECK_EQUAL(count, 2 * page_size);
    CHECK(every_byte_is(base, 0, 5) && every_byte_is(base + 5, 0x5A, 2 * page_size));
    CHECK(every_byte_is(base + 5 + 2 * page_size, 0, page_size - 5));
    GRANTED(write_own(NULL, NULL, 0, &count));
    CHECK_EQUAL(count, 0);
    release(base);
}

// 12.24
static void pages_that_are_neither_writable_nor_executable_are_refused(void) {
    static const DWORD protections[] = {PAGE_READONLY, PAGE_NOACCESS};
    for (SIZE_T i = 0; i < sizeof protections / sizeof protections[0]; i++) {
        check_row("protection 0x%x", (unsigned)protections[i]);
        BYTE *base = fresh_pages(2);
        SIZE_T count = 77;
        set_protection(base, page_size, protections[i]);
        REFUSED_UNCHANGED(base, 2 * page_size, write_own(base, source, 2 * page_size, &count),
                          ERROR_NOACCESS);
        CHECK_EQUAL(count, 77);
        release(base);
        REFUSED(write_own(base, source, 8, &count), ERROR_NOACCESS);
        CHECK_EQUAL(count, 77);
    }
    BYTE *base = reserved_pages(1);
    SIZE_T count = 77;
    REFUSED_UNCHANGED(base, page_size, write_own(base, source, 8, &count), ERROR_NOACCESS);
    CHECK_EQUAL(count, 77);
    REFUSED(write_own((void *)0x1234, source, 8, &count), ERROR_NOACCESS);
    CHECK_EQUAL(count, 77);
    release(base);
}

// 12.25
static void code_is_written_and_keeps_its_protection(void) {
    static const DWORD protections[] = {PAGE_EXECUTE, PAGE_EXECUTE_READ, PAGE_EXECUTE_READWRITE};
    for (SIZE_T i = 0; i < sizeof protections / sizeof protections[0]; i++) {
        check_row("protection 0x%x", (unsigned)protections[i]);
        BYTE *base = fresh_pages(4);
        SIZE_T count = 0;
        set_protection(base, 3 * page_size, protections[i]);
        GRANTED(write_own(base + page_size - 8, source, 16, &count));
        CHECK_EQUAL(count, 16);
        CHECK_COMMITTED(base, protections[i], 3 * page_size);
        set_protection(base, 3 * page_size, PAGE_READWRITE);
        CHECK(every_byte_is(base + page_size - 8, 0x5A, 16) && base[page_size - 9] == 0);
        release(base);
    }
}

// 12.25, 12.26: the pages behind the code must be writable themselves
static void a_write_continues_behind_code_if_it_may(void) {
    BYTE *base = fresh_pages(3);
    SIZE_T count = 0;
    set_protection(base, page_size, PAGE_EXECUTE_READ);
    GRANTED(write_own(base, source, 2 * page_size, &count));
    CHECK_EQUAL(count, 2 * page_size);
    CHECK(every_byte_is(base, 0x5A, 2 * page_size));
    CHECK_COMMITTED(base, PAGE_EXECUTE_READ, page_size);
    CHECK_COMMITTED(base + page_size, PAGE_READWRITE, 2 * page_size);
    set_protection(base + page_size, page_size, PAGE_READONLY);
    memset(source, 0x66, sizeof source);
    REFUSED(write_own(base, source, 2 * page_size, &count), ERROR_PARTIAL_COPY);
    CHECK_EQUAL(count, page_size);
    CHECK(every_byte_is(base, 0x66, page_size) && every_byte_is(base + page_size, 0x5A, page_size));
    CHECK_COMMITTED(base, PAGE_EXECUTE_READ, page_size);
    release(base);
}

// 12.26
static void a_write_ends_at_the_first_page_that_cannot_be_written(void) {
    static const DWORD protections[] = {PAGE_READONLY, PAGE_NOACCESS, PAGE_EXECUTE_READ};
    for (SIZE_T i = 0; i < sizeof protections / sizeof protections[0]; i++) {
        check_row("protection 0x%x", (unsigned)protections[i]);
        BYTE *base = fresh_pages(4);
        SIZE_T count = 0;
        set_protection(base + 2 * page_size, page_size, protections[i]);
        REFUSED(write_own(base + 8, source, 4 * page_size - 8, &count), ERROR_PARTIAL_COPY);
        CHECK_EQUAL(count, 2 * page_size - 8);
        CHECK(every_byte_is(base + 8, 0x5A, 2 * page_size - 8));
        CHECK_COMMITTED(base + 2 * page_size, protections[i], page_size);
        CHECK(every_byte_is(base + 3 * page_size, 0, page_size));
        release(base);
    }
}

// 12.27
static void an_unreadable_buffer_writes_nothing(void) {
    BYTE *base = fresh_pages(3), *buffer = committed_pages(3);
    SIZE_T count = 77;
    set_protection(buffer + 2 * page_size, page_size, PAGE_NOACCESS);
    REFUSED_UNCHANGED(base, 3 * page_size, write_own(base, buffer, 3 * page_size, &count),
                      ERROR_PARTIAL_COPY);
    CHECK_EQUAL(count, 0);
    count = 77;
    REFUSED_UNCHANGED(base, 3 * page_size, write_own(base, NULL, 8, &count), ERROR_PARTIAL_COPY);
    CHECK_EQUAL(count, 0);
    release(base);
    release(buffer);
}

// 13.6, A13.4, 13.3
static void the_handle_needs_both_rights(void) {
    static const DWORD rights[] = {PROCESS_VM_WRITE, PROCESS_VM_OPERATION, PROCESS_VM_READ};
    HANDLE self = GetCurrentProcess(), handle = NULL;
    BYTE *base = fresh_pages(1);
    SIZE_T count = 77;
    for (SIZE_T i = 0; i < sizeof rights / sizeof rights[0]; i++) {
        check_row("rights 0x%x", (unsigned)rights[i]);
        GRANTED(DuplicateHandle(self, self, self, &handle, rights[i], FALSE, 0));
        REFUSED_UNCHANGED(base, page_size, WriteProcessMemory(handle, base, source, 8, &count),
                          ERROR_ACCESS_DENIED);
        CHECK_EQUAL(count, 77);
        GRANTED(CloseHandle(handle));
    }
    GRANTED(DuplicateHandle(self, self, self, &handle, PROCESS_VM_WRITE | PROCESS_VM_OPERATION,
                            FALSE, 0));
    GRANTED(WriteProcessMemory(handle, base, source, 8, &count));
    GRANTED(CloseHandle(handle));
    REFUSED(WriteProcessMemory(NULL, base, source, 8, NULL), ERROR_INVALID_HANDLE);
    REFUSED(WriteProcessMemory(GetCurrentThread(), base, source, 8, NULL), ERROR_INVALID_HANDLE);
    release(base);
}

// 1.2; README, Results and bad pointers
static void bad_ranges_and_a_bad_count_change_nothing(void) {
    BYTE *base = fresh_pages(2);
    SIZE_T count = 77;
    REFUSED_UNCHANGED(base, 2 * page_size, write_own(base, source, (SIZE_T)-1, &count),
                      ERROR_NOACCESS);
    REFUSED_UNCHANGED(base, 2 * page_size, write_own((void *)(LONG_PTR)-8, source, 16, &count),
                      ERROR_NOACCESS);
    REFUSED_UNCHANGED(base, 2 * page_size, write_own(base, source, 8, (SIZE_T *)8), ERROR_NOACCESS);
    CHECK_EQUAL(count, 77);
    release(base);
}

// 8.30
static void an_armed_guard_page_ends_the_write_and_is_disarmed(void) {
    BYTE *base = fresh_pages(3);
    SIZE_T count = 77;
    set_protection(base + page_size, page_size, PAGE_READWRITE | PAGE_GUARD);
    REFUSED(write_own(base, source, 3 * page_size, &count), ERROR_PARTIAL_COPY);
    CHECK_EQUAL(count, page_size);
    CHECK_COMMITTED(base, PAGE_READWRITE, 3 * page_size);
    CHECK(every_byte_is(base + page_size, 0, 2 * page_size));
    set_protection(base, page_size, PAGE_READWRITE | PAGE_GUARD);
    REFUSED(write_own(base, source, 8, &count), ERROR_PARTIAL_COPY);
    CHECK_EQUAL(count, 0);
    CHECK_COMMITTED(base, PAGE_READWRITE, 3 * page_size);
    GRANTED(write_own(base, source, 3 * page_size, &count));
    release(base);
}

TEST_PROGRAM(TEST(bytes_are_written_to_writable_pages),
             TEST(pages_that_are_neither_writable_nor_executable_are_refused),
             TEST(code_is_written_and_keeps_its_protection),
             TEST(a_write_continues_behind_code_if_it_may),
             TEST(a_write_ends_at_the_first_page_that_cannot_be_written),
             TEST(an_unreadable_buffer_writes_nothing), TEST(the_handle_needs_both_rights),
             TEST(bad_ranges_and_a_bad_count_change_nothing),
             TEST(an_armed_guard_page_ends_the_write_and_is_disarmed))
