// The privilege dance before large pages, as every allocator does it; and what it refuses.
#include "memory_checks.h"

static HANDLE open_token(DWORD access) {
    HANDLE token = NULL;
    GRANTED(OpenProcessToken(GetCurrentProcess(), access, &token));
    CHECK(token != NULL);
    return token;
}

static TOKEN_PRIVILEGES one_privilege(const char *name, DWORD attributes) {
    TOKEN_PRIVILEGES state;
    memset(&state, 0, sizeof state);
    state.PrivilegeCount = 1;
    state.Privileges[0].Attributes = attributes;
    GRANTED(LookupPrivilegeValueA(NULL, name, &state.Privileges[0].Luid));
    return state;
}

// S27; 10 of section 3
static void the_dance_for_large_pages_ends_in_success_or_not_all_assigned(void) {
    HANDLE token = open_token(TOKEN_ADJUST_PRIVILEGES | TOKEN_QUERY);
    TOKEN_PRIVILEGES state = one_privilege("SeLockMemoryPrivilege", SE_PRIVILEGE_ENABLED);
    SetLastError(UNTOUCHED_ERROR);
    CHECK(AdjustTokenPrivileges(token, FALSE, &state, 0, NULL, NULL));
    DWORD error = GetLastError();
    CHECK(error == ERROR_SUCCESS || error == ERROR_NOT_ALL_ASSIGNED);
    void *pages = VirtualAlloc(NULL, GetLargePageMinimum(),
                               MEM_RESERVE | MEM_COMMIT | MEM_LARGE_PAGES, PAGE_READWRITE);
    if (error == ERROR_NOT_ALL_ASSIGNED)
        CHECK(pages == NULL);
    if (pages != NULL)
        release(pages);
    GRANTED(CloseHandle(token));
}

// S27: the last error is set by success too
static void the_last_error_says_whether_all_were_assigned(void) {
    HANDLE token = open_token(TOKEN_ADJUST_PRIVILEGES);
    TOKEN_PRIVILEGES state = one_privilege("SeChangeNotifyPrivilege", SE_PRIVILEGE_ENABLED);
    SetLastError(UNTOUCHED_ERROR);
    CHECK(AdjustTokenPrivileges(token, FALSE, &state, sizeof state, NULL, NULL));
    CHECK_EQUAL(GetLastError(), ERROR_SUCCESS);
    state = one_privilege("SeCreateTokenPrivilege", SE_PRIVILEGE_ENABLED);
    CHECK(AdjustTokenPrivileges(token, FALSE, &state, sizeof state, NULL, NULL));
    CHECK_EQUAL(GetLastError(), ERROR_NOT_ALL_ASSIGNED);
    GRANTED(CloseHandle(token));
}

// Learn, AdjustTokenPrivileges, PreviousState
static void the_previous_state_lists_what_changed(void) {
    HANDLE token = open_token(TOKEN_ADJUST_PRIVILEGES | TOKEN_QUERY);
    TOKEN_PRIVILEGES enable = one_privilege("SeChangeNotifyPrivilege", SE_PRIVILEGE_ENABLED);
    TOKEN_PRIVILEGES disable = one_privilege("SeChangeNotifyPrivilege", 0);
    TOKEN_PRIVILEGES before;
    DWORD length = 0;
    CHECK(AdjustTokenPrivileges(token, FALSE, &disable, 0, NULL, NULL));
    CHECK(AdjustTokenPrivileges(token, FALSE, &enable, sizeof before, &before, &length));
    CHECK_EQUAL(GetLastError(), ERROR_SUCCESS);
    CHECK_EQUAL(length, sizeof before);
    CHECK_EQUAL(before.PrivilegeCount, 1);
    CHECK_EQUAL(before.Privileges[0].Luid.LowPart, enable.Privileges[0].Luid.LowPart);
    CHECK_EQUAL(before.Privileges[0].Attributes & SE_PRIVILEGE_ENABLED, 0);
    CHECK(AdjustTokenPrivileges(token, FALSE, &enable, sizeof before, &before, &length));
    CHECK_EQUAL(before.PrivilegeCount, 0);
    GRANTED(CloseHandle(token));
}

// Learn, AdjustTokenPrivileges, BufferLength
static void a_short_buffer_changes_nothing(void) {
    HANDLE token = open_token(TOKEN_ADJUST_PRIVILEGES | TOKEN_QUERY);
    TOKEN_PRIVILEGES enable = one_privilege("SeChangeNotifyPrivilege", SE_PRIVILEGE_ENABLED);
    TOKEN_PRIVILEGES before;
    DWORD length = 0;
    CHECK(AdjustTokenPrivileges(token, TRUE, NULL, 0, NULL, NULL));
    REFUSED(AdjustTokenPrivileges(token, FALSE, &enable, 4, &before, &length),
            ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQUAL(length, sizeof before);
    CHECK(AdjustTokenPrivileges(token, FALSE, &enable, sizeof before, &before, &length));
    CHECK_EQUAL(before.PrivilegeCount, 1);
    GRANTED(CloseHandle(token));
}

// Learn, AdjustTokenPrivileges, TokenHandle
static void a_token_needs_the_rights_it_is_used_with(void) {
    HANDLE query = open_token(TOKEN_QUERY), adjust = open_token(TOKEN_ADJUST_PRIVILEGES);
    TOKEN_PRIVILEGES state = one_privilege("SeChangeNotifyPrivilege", SE_PRIVILEGE_ENABLED), before;
    DWORD length = 0;
    REFUSED(AdjustTokenPrivileges(query, FALSE, &state, 0, NULL, NULL), ERROR_ACCESS_DENIED);
    REFUSED(AdjustTokenPrivileges(adjust, FALSE, &state, sizeof before, &before, &length),
            ERROR_ACCESS_DENIED);
    REFUSED(AdjustTokenPrivileges(GetCurrentProcess(), FALSE, &state, 0, NULL, NULL),
            ERROR_INVALID_HANDLE);
    GRANTED(CloseHandle(query));
    GRANTED(CloseHandle(adjust));
    REFUSED(AdjustTokenPrivileges(adjust, FALSE, &state, 0, NULL, NULL), ERROR_INVALID_HANDLE);
}

// Learn, LookupPrivilegeValueA; numbers from the SDK's wdm.h
static void privileges_have_the_numbers_of_windows(void) {
    static const struct {
        const char *name;
        const wchar_t *wide_name;
        DWORD number;
    } rows[] = {{"SeLockMemoryPrivilege", L"SeLockMemoryPrivilege", 4},
                {"selockmemoryprivilege", L"SELOCKMEMORYPRIVILEGE", 4},
                {"SeDebugPrivilege", L"SeDebugPrivilege", 20},
                {"SeCreateTokenPrivilege", L"SeCreateTokenPrivilege", 2},
                {"SeCreateGlobalPrivilege", L"SeCreateGlobalPrivilege", 30}};
    for (SIZE_T i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        LUID narrow = {1, 1}, wide = {1, 1};
        check_row("%s", rows[i].name);
        GRANTED(LookupPrivilegeValueA(NULL, rows[i].name, &narrow));
        GRANTED(LookupPrivilegeValueW(NULL, rows[i].wide_name, &wide));
        CHECK_EQUAL(narrow.LowPart, rows[i].number);
        CHECK_EQUAL(narrow.HighPart, 0);
        CHECK_EQUAL(wide.LowPart, rows[i].number);
    }
}

// Learn, LookupPrivilegeValueA
static void a_name_that_is_no_privilege_is_refused(void) {
    LUID number = {7, 7};
    static const char *const names[] = {"",
                                        "SeLockMemory",
                                        "LockMemoryPrivilege",
                                        "SePrivilege",
                                        "SeNoSuchPrivilege",
                                        "SeLockMemoryPrivilegeX"};
    for (SIZE_T i = 0; i < sizeof names / sizeof names[0]; i++) {
        check_row("%s", names[i]);
        REFUSED(LookupPrivilegeValueA(NULL, names[i], &number), ERROR_NO_SUCH_PRIVILEGE);
        // A15.12
        REFUSED(LookupPrivilegeValueA(NULL, NULL, &number), ERROR_NO_SUCH_PRIVILEGE);
        REFUSED(LookupPrivilegeValueW(NULL, NULL, &number), ERROR_NO_SUCH_PRIVILEGE);
    }
    CHECK_EQUAL(number.LowPart, 7);
}

TEST_PROGRAM(TEST(the_dance_for_large_pages_ends_in_success_or_not_all_assigned),
             TEST(the_last_error_says_whether_all_were_assigned),
             TEST(the_previous_state_lists_what_changed), TEST(a_short_buffer_changes_nothing),
             TEST(a_token_needs_the_rights_it_is_used_with),
             TEST(privileges_have_the_numbers_of_windows),
             TEST(a_name_that_is_no_privilege_is_refused))
