// QueryWorkingSetEx: which pages are in RAM, with what protection, shared or locked.
#include "memory_checks.h"

#include <psapi.h>

static PSAPI_WORKING_SET_EX_BLOCK attributes_of(const void *address) {
    PSAPI_WORKING_SET_EX_INFORMATION entry;
    memset(&entry, 0xEE, sizeof entry);
    entry.VirtualAddress = (PVOID)(ULONG_PTR)address;
    GRANTED(QueryWorkingSetEx(GetCurrentProcess(), &entry, sizeof entry));
    CHECK_EQUAL((ULONG_PTR)entry.VirtualAddress, (ULONG_PTR)address);
    return entry.VirtualAttributes;
}

// 12.8
static void pages_are_valid_once_they_are_touched(void) {
    BYTE *base = committed_pages(3);
    CHECK_EQUAL(attributes_of(base).Flags, 0);
    base[0] = 1;
    volatile BYTE read = base[page_size];
    CHECK_EQUAL(read, 0);
    for (int i = 0; i < 2; i++) {
        PSAPI_WORKING_SET_EX_BLOCK page = attributes_of(base + i * page_size + 77);
        CHECK_EQUAL(page.Valid, 1);
        CHECK_EQUAL(page.Win32Protection, PAGE_READWRITE);
        CHECK(page.Shared == 0 && page.ShareCount == 0 && page.Locked == 0 && page.Bad == 0);
        CHECK(page.Node == 0 && page.LargePage == 0);
    }
    CHECK_EQUAL(attributes_of(base + 2 * page_size).Flags, 0);
    release(base);
}

// 12.8, 12.9
static void the_protection_is_that_of_now(void) {
    static const DWORD protections[] = {PAGE_READONLY, PAGE_EXECUTE_READ, PAGE_EXECUTE_READWRITE};
    BYTE *base = committed_pages(1);
    DWORD before;
    base[0] = 1;
    for (SIZE_T i = 0; i < sizeof protections / sizeof protections[0]; i++) {
        check_row("protection 0x%x", (unsigned)protections[i]);
        GRANTED(VirtualProtect(base, page_size, protections[i], &before));
        CHECK_EQUAL(attributes_of(base).Valid, 1);
        CHECK_EQUAL(attributes_of(base).Win32Protection, protections[i]);
    }
    GRANTED(VirtualProtect(base, page_size, PAGE_NOACCESS, &before));
    CHECK_EQUAL(attributes_of(base).Flags, 0);
    GRANTED(VirtualProtect(base, page_size, PAGE_READWRITE | PAGE_GUARD, &before));
    CHECK_EQUAL(attributes_of(base).Flags, 0);
    CHECK_COMMITTED(base, PAGE_READWRITE | PAGE_GUARD, page_size);
    GRANTED(VirtualProtect(base, page_size, PAGE_READWRITE, &before));
    base[0] = 2;
    CHECK_EQUAL(attributes_of(base).Win32Protection, PAGE_READWRITE);
    release(base);
}

// 12.10
static void pages_that_are_not_committed_have_no_attributes(void) {
    BYTE *base = reserved_pages(2), *space = free_space(page_size);
    GRANTED(VirtualAlloc(base, page_size, MEM_COMMIT, PAGE_READWRITE));
    base[0] = 1;
    PSAPI_WORKING_SET_EX_INFORMATION entries[5];
    const void *addresses[5] = {base + page_size, space, base, NULL, (void *)(LONG_PTR)-1};
    memset(entries, 0xEE, sizeof entries);
    for (int i = 0; i < 5; i++)
        entries[i].VirtualAddress = (PVOID)(ULONG_PTR)addresses[i];
    GRANTED(QueryWorkingSetEx(GetCurrentProcess(), entries, sizeof entries));
    for (int i = 0; i < 5; i++) {
        check_row("entry %d", i);
        CHECK_EQUAL(entries[i].VirtualAttributes.Valid, i == 2);
        CHECK(i == 2 || entries[i].VirtualAttributes.Flags == 0);
    }
    GRANTED(VirtualFree(base, page_size, MEM_DECOMMIT));
    CHECK_EQUAL(attributes_of(base).Flags, 0);
    release(base);
    CHECK_EQUAL(attributes_of(base).Flags, 0);
}

// 12.5
static void locked_pages_are_valid_and_locked(void) {
    BYTE *base = committed_pages(2);
    GRANTED(VirtualLock(base, page_size));
    CHECK(attributes_of(base).Valid && attributes_of(base).Locked);
    CHECK_EQUAL(attributes_of(base + page_size).Flags, 0);
    GRANTED(VirtualUnlock(base, page_size));
    CHECK(!attributes_of(base).Locked);
    release(base);
}

// 12.11
static void pages_of_a_program_are_shared(void) {
    static int own_data = 3;
    const void *code = (const void *)(ULONG_PTR)pages_of_a_program_are_shared;
    PSAPI_WORKING_SET_EX_BLOCK page = attributes_of(code);
    CHECK(page.Valid && page.Shared && page.ShareCount >= 1);
    CHECK_EQUAL(page.Win32Protection, PAGE_EXECUTE_READ);
    own_data++;
    page = attributes_of(&own_data);
    CHECK(page.Valid && !page.Shared && page.ShareCount == 0);
    page = attributes_of(&page);
    CHECK(page.Valid && !page.Shared);
}

// 12.7
static void a_buffer_without_room_for_an_entry_is_refused(void) {
    PSAPI_WORKING_SET_EX_INFORMATION entries[2];
    BYTE *base = committed_pages(1);
    base[0] = 1;
    entries[0].VirtualAddress = entries[1].VirtualAddress = base;
    entries[0].VirtualAttributes.Flags = entries[1].VirtualAttributes.Flags = 0x77;
    REFUSED(QueryWorkingSetEx(GetCurrentProcess(), entries, 0), ERROR_BAD_LENGTH);
    REFUSED(QueryWorkingSetEx(GetCurrentProcess(), entries, 15), ERROR_BAD_LENGTH);
    REFUSED(QueryWorkingSetEx(GetCurrentProcess(), NULL, 0), ERROR_BAD_LENGTH);
    CHECK_EQUAL(entries[0].VirtualAttributes.Flags, 0x77);
    GRANTED(QueryWorkingSetEx(GetCurrentProcess(), entries, 31));
    CHECK_EQUAL(entries[0].VirtualAttributes.Valid, 1);
    CHECK_EQUAL(entries[1].VirtualAttributes.Flags, 0x77);
    release(base);
}

// 13.3, 13.6; README, Results and bad pointers
static void the_handle_and_the_buffer_are_checked(void) {
    HANDLE self = GetCurrentProcess(), handle = NULL;
    PSAPI_WORKING_SET_EX_INFORMATION entry = {&entry, {0}};
    GRANTED(DuplicateHandle(self, self, self, &handle, PROCESS_VM_READ, FALSE, 0));
    REFUSED(QueryWorkingSetEx(handle, &entry, sizeof entry), ERROR_ACCESS_DENIED);
    REFUSED(QueryWorkingSetEx(NULL, &entry, sizeof entry), ERROR_INVALID_HANDLE);
    REFUSED(QueryWorkingSetEx(GetCurrentThread(), &entry, sizeof entry), ERROR_INVALID_HANDLE);
    REFUSED(QueryWorkingSetEx(self, NULL, sizeof entry), ERROR_NOACCESS);
    REFUSED(QueryWorkingSetEx(self, (void *)(ULONG_PTR)the_handle_and_the_buffer_are_checked,
                              sizeof entry),
            ERROR_NOACCESS);
    CHECK_EQUAL(entry.VirtualAttributes.Flags, 0);
    GRANTED(CloseHandle(handle));
}

TEST_PROGRAM(TEST(pages_are_valid_once_they_are_touched), TEST(the_protection_is_that_of_now),
             TEST(pages_that_are_not_committed_have_no_attributes),
             TEST(locked_pages_are_valid_and_locked), TEST(pages_of_a_program_are_shared),
             TEST(a_buffer_without_room_for_an_entry_is_refused),
             TEST(the_handle_and_the_buffer_are_checked))
