// Linux only: where results go. A result that cannot be stored when the call begins refuses the call
// with 998; one whose page the call itself, or another thread, has closed meanwhile is dropped. No
// pointer ends the process. The same holds where process_vm_writev(2) is refused.
#include "sandbox.h"

#include <pthread.h>
#include <ucontext.h>
#include <winternl.h>

static BYTE *block; // 16 pages, committed
static const HANDLE self = (HANDLE)-1;

static const struct refusal no_copies[] = {
    {"nothing", 0, {0}},
    {"EPERM", EPERM, {SYS_process_vm_writev, SYS_process_vm_readv}},
    {"ENOSYS", ENOSYS, {SYS_process_vm_writev, SYS_process_vm_readv}},
    {"EACCES", EACCES, {SYS_process_vm_writev, SYS_process_vm_readv}},
};

static void in_every_sandbox(void (*work)(void)) {
    for (size_t i = 0; i < sizeof no_copies / sizeof no_copies[0]; i++) {
        check_row("refused: %s", no_copies[i].name);
        block = committed_pages(16);
        in_child_with(&no_copies[i], work);
        release(block);
    }
}

static NTSTATUS native_protect(void *base, void *size, ULONG protection, void *old) {
    return NtProtectVirtualMemory(self, (PVOID *)base, (SIZE_T *)size, protection, (PULONG)old);
}

// Base and size for a native call, 8 bytes behind the beginning of `page`.
static void **native_pair(BYTE *page, SIZE_T byte_count) {
    void **pair = (void **)(page + 8);
    pair[0] = page;
    pair[1] = (void *)byte_count;
    return pair;
}

static void into_changed_pages(void) {
    DWORD old = 0;
    void **pair;
    GRANTED(VirtualProtect(block, page_size, PAGE_READONLY, (DWORD *)(block + 100)));
    CHECK_COMMITTED(block, PAGE_READONLY, page_size);
    GRANTED(VirtualProtect(block, page_size, PAGE_READWRITE, &old));
    CHECK_EQUAL(old, PAGE_READONLY);
    GRANTED(VirtualProtectEx(self, block, page_size, PAGE_NOACCESS, (DWORD *)(block + 4092)));
    CHECK_COMMITTED(block, PAGE_NOACCESS, page_size);
    BYTE *page = block + page_size;
    GRANTED(VirtualProtect(page, page_size, PAGE_READWRITE | PAGE_GUARD, (DWORD *)page));
    CHECK_COMMITTED(page, PAGE_READWRITE | PAGE_GUARD, page_size);
    page += page_size;
    pair = native_pair(page, page_size);
    CHECK_EQUAL(native_protect(pair, pair + 1, PAGE_READONLY, pair + 2), 0);
    CHECK_COMMITTED(page, PAGE_READONLY, page_size);
    page += page_size;
    pair = native_pair(page, page_size);
    CHECK_EQUAL(NtFreeVirtualMemory(self, pair, (SIZE_T *)(pair + 1), MEM_DECOMMIT), 0);
    CHECK_RESERVED(page, page_size);
    page += page_size;
    pair = native_pair(page, page_size);
    CHECK_EQUAL(
        NtAllocateVirtualMemory(self, pair, 0, (SIZE_T *)(pair + 1), MEM_COMMIT, PAGE_READONLY), 0);
    CHECK_COMMITTED(page, PAGE_READONLY, page_size);
    BYTE *other = committed_pages(1);
    pair = native_pair(other, 0);
    CHECK_EQUAL(NtFreeVirtualMemory(self, pair, (SIZE_T *)(pair + 1), MEM_RELEASE), 0);
    CHECK_FREE(other);
}

// Observed: the kernel of Windows stores results last, and ignores that it cannot.
static void a_result_inside_the_changed_pages_is_dropped(void) {
    in_every_sandbox(into_changed_pages);
}

// 5.1, 6.3: checked before anything is done.
static void to_closed_pages(void) {
    static const DWORD protections[] = {PAGE_READONLY, PAGE_NOACCESS, PAGE_EXECUTE_READ};
    BYTE *target = block, *closed = block + 8 * page_size;
    DWORD old;
    for (int i = 0; i < 3; i++) {
        GRANTED(VirtualProtect(closed, page_size, protections[i], &old));
        BYTE *across = closed - 2;
        memset(closed - 40, 0x31, 40);
        REFUSED_UNCHANGED(target, page_size,
                          VirtualProtect(target, page_size, PAGE_READONLY, (DWORD *)closed),
                          ERROR_NOACCESS);
        REFUSED_UNCHANGED(target, page_size,
                          VirtualProtect(target, page_size, PAGE_READONLY, (DWORD *)across),
                          ERROR_NOACCESS);
        for (int shift = 0; shift < 48; shift += 15)
            REFUSED(VirtualQuery(target, (MEMORY_BASIC_INFORMATION *)(closed - shift),
                                 sizeof(MEMORY_BASIC_INFORMATION)),
                    ERROR_NOACCESS);
        REFUSED(VirtualQueryEx(self, target, (MEMORY_BASIC_INFORMATION *)(closed - 16),
                               sizeof(MEMORY_BASIC_INFORMATION)),
                ERROR_NOACCESS);
        CHECK(every_byte_is(closed - 40, 0x31, 40));
        void *base = target;
        SIZE_T size = page_size;
        CHECK_EQUAL((DWORD)native_protect(&base, closed, PAGE_READONLY, &old),
                    STATUS_ACCESS_VIOLATION);
        CHECK_EQUAL((DWORD)native_protect(closed, &size, PAGE_READONLY, &old),
                    STATUS_ACCESS_VIOLATION);
        CHECK_EQUAL((DWORD)native_protect(&base, &size, PAGE_READONLY, closed),
                    STATUS_ACCESS_VIOLATION);
        CHECK_COMMITTED(target, PAGE_READWRITE, 8 * page_size);
        DWORD length = sizeof(MEMORYSTATUSEX);
        memcpy(closed - 4, &length, sizeof length);
        REFUSED(GlobalMemoryStatusEx((MEMORYSTATUSEX *)(void *)(closed - 4)), ERROR_NOACCESS);
        GetSystemInfo((SYSTEM_INFO *)closed);
    }
}

static void a_result_that_cannot_be_stored_refuses_the_call(void) {
    in_every_sandbox(to_closed_pages);
}

static void to_open_pages(void) {
    BYTE *answers = block + page_size - 20;
    MEMORY_BASIC_INFORMATION answer;
    DWORD *old = (DWORD *)(void *)(block + page_size - 1);
    void **pair = native_pair(block, 0);
    memset(answers, 0xAA, 20 + sizeof answer);
    CHECK_EQUAL(VirtualQuery(block, (MEMORY_BASIC_INFORMATION *)(void *)answers, sizeof answer),
                sizeof answer);
    memcpy(&answer, answers, sizeof answer);
    CHECK_EQUAL((uintptr_t)answer.BaseAddress, (uintptr_t)block);
    CHECK_EQUAL(answer.State, MEM_COMMIT);
    CHECK_EQUAL(answer.RegionSize, 16 * page_size);
    CHECK_EQUAL(answers[sizeof answer], 0xAA);
    GRANTED(VirtualProtect(block + 4 * page_size, 1, PAGE_READONLY, old));
    DWORD value;
    memcpy(&value, old, sizeof value);
    CHECK_EQUAL(value, PAGE_READWRITE);
    pair[0] = block + 4 * page_size + 5;
    pair[1] = (void *)1;
    CHECK_EQUAL(native_protect(pair, pair + 1, PAGE_EXECUTE_READ, pair + 2), 0);
    CHECK_EQUAL((uintptr_t)pair[0], (uintptr_t)(block + 4 * page_size));
    CHECK_EQUAL((uintptr_t)pair[1], page_size);
    CHECK_EQUAL(*(DWORD *)(pair + 2), PAGE_READONLY);
}

static void results_arrive_whole_wherever_they_go(void) {
    in_every_sandbox(to_open_pages);
}

static volatile int race_is_over;

static void *close_and_open(void *page) {
    DWORD old;
    while (!race_is_over) {
        VirtualProtect(page, page_size, PAGE_NOACCESS, &old);
        VirtualProtect(page, page_size, PAGE_READWRITE, &old);
    }
    return NULL;
}

static void into_a_page_that_comes_and_goes(void) {
    pthread_t thread;
    int granted = 0, refused = 0;
    BYTE *page = block + 8 * page_size, *target = block;
    race_is_over = 0;
    CHECK_EQUAL(pthread_create(&thread, NULL, close_and_open, page), 0);
    for (int i = 0; i < 6000; i++) {
        MEM_EXTENDED_PARAMETER *parameter = (MEM_EXTENDED_PARAMETER *)page;
        SetLastError(0);
        BOOL done = VirtualProtect(target, 1, PAGE_READWRITE, (DWORD *)(page - i % 2 * 2));
        CHECK(done || GetLastError() == ERROR_NOACCESS);
        done ? granted++ : refused++;
        SetLastError(0);
        SIZE_T size = VirtualQuery(target, (MEMORY_BASIC_INFORMATION *)page, 48);
        CHECK(size == 48 || GetLastError() == ERROR_NOACCESS);
        void *got = VirtualAlloc2(NULL, NULL, 1, MEM_RESERVE, PAGE_NOACCESS, parameter, 1);
        if (got != NULL)
            release(got);
        void *base = target;
        NTSTATUS status = native_protect(&base, page + 8, PAGE_READWRITE, page + 16);
        CHECK(status == 0 || status == (NTSTATUS)STATUS_ACCESS_VIOLATION ||
              status == (NTSTATUS)STATUS_INVALID_PARAMETER);
    }
    race_is_over = 1;
    pthread_join(thread, NULL);
    CHECK(granted > 0 && refused > 0);
}

static void a_page_that_another_thread_opens_and_closes_ends_nobody(void) {
    in_every_sandbox(into_a_page_that_comes_and_goes);
}

TEST_PROGRAM(TEST(a_result_inside_the_changed_pages_is_dropped),
             TEST(a_result_that_cannot_be_stored_refuses_the_call),
             TEST(results_arrive_whole_wherever_they_go),
             TEST(a_page_that_another_thread_opens_and_closes_ends_nobody))
