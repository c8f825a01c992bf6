// Handles of this process and its threads: real ones from DuplicateHandle, their rights, closing.
#include "memory_checks.h"

static HANDLE duplicate(HANDLE source, DWORD access, DWORD options) {
    HANDLE self = GetCurrentProcess(), copy = NULL;
    GRANTED(DuplicateHandle(self, source, self, &copy, access, FALSE, options));
    CHECK(copy != NULL && copy != source);
    return copy;
}

// 13.7
static void a_real_handle_to_the_own_process_serves_as_the_pseudo_handle_does(void) {
    HANDLE process = duplicate(GetCurrentProcess(), 0, DUPLICATE_SAME_ACCESS);
    MEMORY_BASIC_INFORMATION region;
    DWORD before = 0;
    BYTE *base = (BYTE *)GRANTED(
        VirtualAllocEx(process, NULL, page_size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE));
    GRANTED(VirtualProtectEx(process, base, page_size, PAGE_READONLY, &before));
    CHECK_EQUAL((SIZE_T)GRANTED(VirtualQueryEx(process, base, &region, sizeof region)), 48);
    GRANTED(VirtualFreeEx(process, base, 0, MEM_RELEASE));
    CHECK_FREE(base);
    GRANTED(CloseHandle(process));
    REFUSED(VirtualAllocEx(process, NULL, page_size, MEM_RESERVE, PAGE_READWRITE),
            ERROR_INVALID_HANDLE);
}

// 13.6, 6.22
static void a_process_handle_allows_what_it_was_made_for(void) {
    HANDLE query = duplicate(GetCurrentProcess(), PROCESS_QUERY_INFORMATION, 0);
    HANDLE change = duplicate(GetCurrentProcess(), PROCESS_VM_OPERATION, 0);
    MEMORY_BASIC_INFORMATION region;
    DWORD before = 0;
    BYTE *base = committed_pages(1);
    GRANTED(VirtualQueryEx(query, base, &region, sizeof region));
    REFUSED(VirtualQueryEx(change, base, &region, sizeof region), ERROR_ACCESS_DENIED);
    REFUSED(VirtualAllocEx(query, NULL, page_size, MEM_RESERVE, PAGE_READWRITE),
            ERROR_ACCESS_DENIED);
    REFUSED_UNCHANGED(base, page_size,
                      VirtualProtectEx(query, base, page_size, PAGE_READONLY, &before),
                      ERROR_ACCESS_DENIED);
    REFUSED_UNCHANGED(base, page_size, VirtualFreeEx(query, base, 0, MEM_RELEASE),
                      ERROR_ACCESS_DENIED);
    GRANTED(VirtualProtectEx(change, base, page_size, PAGE_READONLY, &before));
    GRANTED(CloseHandle(query));
    GRANTED(CloseHandle(change));
    release(base);
}

// 13.5
static void a_thread_or_token_is_no_process(void) {
    HANDLE thread = duplicate(GetCurrentThread(), 0, DUPLICATE_SAME_ACCESS), token = NULL;
    GRANTED(OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token));
    REFUSED(VirtualAllocEx(thread, NULL, page_size, MEM_RESERVE, PAGE_READWRITE),
            ERROR_INVALID_HANDLE);
    REFUSED(VirtualAllocEx(token, NULL, page_size, MEM_RESERVE, PAGE_READWRITE),
            ERROR_INVALID_HANDLE);
    GRANTED(CloseHandle(thread));
    GRANTED(CloseHandle(token));
}

// 13.1; Learn, GetCurrentThread
static void pseudo_handles_are_constants_and_need_no_closing(void) {
    CHECK_EQUAL((LONG_PTR)GetCurrentThread(), (LONG_PTR)-2);
    GRANTED(CloseHandle(GetCurrentProcess()));
    GRANTED(CloseHandle(GetCurrentProcess()));
    GRANTED(CloseHandle(GetCurrentThread()));
    // A15.8
    for (LONG_PTR value = -1; value >= -6; value--)
        GRANTED(CloseHandle((HANDLE)value));
    REFUSED(CloseHandle((HANDLE)(LONG_PTR)-7), ERROR_INVALID_HANDLE);
}

// Learn, CloseHandle
static void what_is_no_handle_cannot_be_closed(void) {
    static const ULONG_PTR values[] = {0, 0x7FFFFFFC, 0x123456789ABCull, 0x8000000000000000ull};
    for (SIZE_T i = 0; i < sizeof values / sizeof values[0]; i++) {
        check_row("handle 0x%" PRIx64, (uint64_t)values[i]);
        REFUSED(CloseHandle((HANDLE)values[i]), ERROR_INVALID_HANDLE);
    }
    HANDLE process = duplicate(GetCurrentProcess(), 0, DUPLICATE_SAME_ACCESS);
    GRANTED(CloseHandle(process));
    REFUSED(CloseHandle(process), ERROR_INVALID_HANDLE);
}

// Learn, DuplicateHandle
static void a_closed_source_is_gone_and_its_copy_stays(void) {
    HANDLE self = GetCurrentProcess(), second = NULL;
    HANDLE first = duplicate(GetCurrentThread(), 0, DUPLICATE_SAME_ACCESS);
    GRANTED(DuplicateHandle(self, first, self, &second, 0, FALSE,
                            DUPLICATE_SAME_ACCESS | DUPLICATE_CLOSE_SOURCE));
    CHECK(second != NULL);
    if (second != first)
        REFUSED(CloseHandle(first), ERROR_INVALID_HANDLE);
    GRANTED(DuplicateHandle(self, second, NULL, NULL, 0, FALSE, DUPLICATE_CLOSE_SOURCE));
    REFUSED(CloseHandle(second), ERROR_INVALID_HANDLE);
}

// Learn, DuplicateHandle
static void duplicating_needs_a_process_and_a_handle(void) {
    HANDLE self = GetCurrentProcess(), copy = NULL;
    REFUSED(DuplicateHandle(NULL, self, self, &copy, 0, FALSE, DUPLICATE_SAME_ACCESS),
            ERROR_INVALID_HANDLE);
    REFUSED(DuplicateHandle(self, NULL, self, &copy, 0, FALSE, DUPLICATE_SAME_ACCESS),
            ERROR_INVALID_HANDLE);
    REFUSED(DuplicateHandle(self, self, NULL, &copy, 0, FALSE, DUPLICATE_SAME_ACCESS),
            ERROR_INVALID_HANDLE);
    CHECK(copy == NULL);
}

// 4096 handles, one at a time and all at once, none given out twice
static void closed_handles_are_given_out_again(void) {
    HANDLE copies[1000];
    for (int round = 0; round < 20; round++) {
        for (int i = 0; i < 1000; i++)
            copies[i] = duplicate(GetCurrentProcess(), 0, DUPLICATE_SAME_ACCESS);
        for (int i = 1; i < 1000; i++)
            CHECK(copies[i] != copies[i - 1]);
        for (int i = 0; i < 1000; i++)
            GRANTED(CloseHandle(copies[i]));
    }
}

TEST_PROGRAM(TEST(a_real_handle_to_the_own_process_serves_as_the_pseudo_handle_does),
             TEST(a_process_handle_allows_what_it_was_made_for),
             TEST(a_thread_or_token_is_no_process),
             TEST(pseudo_handles_are_constants_and_need_no_closing),
             TEST(what_is_no_handle_cannot_be_closed),
             TEST(a_closed_source_is_gone_and_its_copy_stays),
             TEST(duplicating_needs_a_process_and_a_handle),
             TEST(closed_handles_are_given_out_again))
