// Linux only: other processes by OpenProcess: whom it opens, reading, writing and querying there.
#include "sandbox.h"

#include <sys/mman.h>

// What the child has at the same addresses as this process, which made them before the fork.
static BYTE *shared_place;
static int gate[2];

// A child that waits until the gate closes.
static pid_t waiting_child(void) {
    fflush(stdout);
    CHECK(pipe(gate) == 0);
    pid_t child = fork();
    if (child == 0) {
        char byte;
        alarm(60);
        close(gate[1]);
        memset(shared_place, 0x42, page_size);
        kill(getpid(), SIGSTOP);
        _exit(read(gate[0], &byte, 1) < 0);
    }
    close(gate[0]);
    int status;
    CHECK_EQUAL(waitpid(child, &status, WUNTRACED), child);
    return child;
}

static void end_child(pid_t child) {
    kill(child, SIGKILL);
    close(gate[1]);
    CHECK_EQUAL(waitpid(child, NULL, 0), child);
}

static HANDLE open_child(pid_t child, DWORD access) {
    return (HANDLE)GRANTED(OpenProcess(access, FALSE, (DWORD)child));
}

// 13.7, A13.5
static void the_own_identifier_opens_the_own_process(void) {
    HANDLE self = (HANDLE)GRANTED(OpenProcess(PROCESS_ALL_ACCESS, FALSE, GetCurrentProcessId()));
    int value = 0x1234, copy = 0;
    GRANTED(ReadProcessMemory(self, &value, &copy, sizeof copy, NULL));
    CHECK_EQUAL(copy, 0x1234);
    BYTE *base = (BYTE *)GRANTED(
        VirtualAllocEx(self, NULL, page_size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE));
    GRANTED(VirtualFreeEx(self, base, 0, MEM_RELEASE));
    CHECK_EQUAL((ULONG_PTR)GRANTED(GetProcessId(self)), GetCurrentProcessId());
    CHECK_EQUAL((ULONG_PTR)GRANTED(GetProcessId(GetCurrentProcess())), GetCurrentProcessId());
    GRANTED(CloseHandle(self));
    REFUSED(GetProcessId(self), ERROR_INVALID_HANDLE);
    REFUSED(GetProcessId(NULL), ERROR_INVALID_HANDLE);
    HANDLE reader = (HANDLE)GRANTED(OpenProcess(PROCESS_VM_READ, FALSE, GetCurrentProcessId()));
    REFUSED(GetProcessId(reader), ERROR_ACCESS_DENIED);
    REFUSED(VirtualFreeEx(reader, base, 0, MEM_RELEASE), ERROR_ACCESS_DENIED);
    GRANTED(CloseHandle(reader));
}

// A13.2
static void what_is_no_process_cannot_be_opened(void) {
    shared_place = committed_pages(1);
    pid_t child = waiting_child();
    end_child(child);
    release(shared_place);
    REFUSED(OpenProcess(PROCESS_ALL_ACCESS, FALSE, 0), ERROR_INVALID_PARAMETER);
    REFUSED(OpenProcess(PROCESS_VM_READ, FALSE, (DWORD)child), ERROR_INVALID_PARAMETER);
    REFUSED(OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, 0xFFFFFFFFu),
            ERROR_INVALID_PARAMETER);
    REFUSED(OpenProcess(PROCESS_VM_READ, FALSE, 0x7FFFFFFF), ERROR_INVALID_PARAMETER);
}

// A13.7, 12.20
static void bytes_of_another_process_are_read(void) {
    shared_place = committed_pages(4);
    memset(shared_place, 0x17, 4 * page_size);
    GRANTED(VirtualFree(shared_place + 3 * page_size, page_size, MEM_DECOMMIT));
    pid_t child = waiting_child();
    HANDLE process = open_child(child, PROCESS_VM_READ);
    static BYTE buffer[4 * page_size];
    SIZE_T count = 0;
    GRANTED(ReadProcessMemory(process, shared_place, buffer, 2 * page_size, &count));
    CHECK_EQUAL(count, 2 * page_size);
    CHECK(every_byte_is(buffer, 0x42, page_size));
    CHECK(every_byte_is(buffer + page_size, 0x17, page_size));
    memset(buffer, 0xEE, sizeof buffer);
    REFUSED(ReadProcessMemory(process, shared_place, buffer, 4 * page_size, &count),
            ERROR_PARTIAL_COPY);
    CHECK_EQUAL(count, 0);
    CHECK(every_byte_is(buffer, 0xEE, sizeof buffer));
    REFUSED(WriteProcessMemory(process, shared_place, buffer, 8, &count), ERROR_ACCESS_DENIED);
    GRANTED(CloseHandle(process));
    end_child(child);
    release(shared_place);
}

// 12.24 to 12.27
static void bytes_of_another_process_are_written(void) {
    DWORD before;
    shared_place = committed_pages(4);
    GRANTED(VirtualProtect(shared_place + 2 * page_size, page_size, PAGE_READONLY, &before));
    GRANTED(VirtualProtect(shared_place + 3 * page_size, page_size, PAGE_EXECUTE_READ, &before));
    pid_t child = waiting_child();
    HANDLE process = open_child(child, PROCESS_ALL_ACCESS);
    static BYTE buffer[4 * page_size], got[8];
    memset(buffer, 0x61, sizeof buffer);
    SIZE_T count = 77;
    GRANTED(WriteProcessMemory(process, shared_place + 4, buffer, 8, &count));
    CHECK_EQUAL(count, 8);
    CHECK(every_byte_is(shared_place, 0, page_size));
    GRANTED(ReadProcessMemory(process, shared_place + 4, got, 8, NULL));
    CHECK(memcmp(got, buffer, 8) == 0);
    REFUSED(WriteProcessMemory(process, shared_place, buffer, 3 * page_size, &count),
            ERROR_PARTIAL_COPY);
    CHECK_EQUAL(count, 2 * page_size);
    count = 77;
    REFUSED(WriteProcessMemory(process, shared_place + 2 * page_size, buffer, 8, &count),
            ERROR_NOACCESS);
    CHECK_EQUAL(count, 77);
    GRANTED(WriteProcessMemory(process, shared_place + 3 * page_size, buffer, 8, &count));
    CHECK_EQUAL(count, 8);
    GRANTED(ReadProcessMemory(process, shared_place + 3 * page_size, got, 8, NULL));
    CHECK(memcmp(got, buffer, 8) == 0);
    CHECK(every_byte_is(shared_place + 3 * page_size, 0, page_size));
    GRANTED(CloseHandle(process));
    end_child(child);
    release(shared_place);
}

// 6.22, 6.24
static void regions_of_another_process_come_from_its_mappings(void) {
    DWORD before;
    MEMORY_BASIC_INFORMATION region;
    shared_place = committed_pages(4);
    GRANTED(VirtualProtect(shared_place + page_size, 2 * page_size, PAGE_READONLY, &before));
    pid_t child = waiting_child();
    HANDLE process = open_child(child, PROCESS_QUERY_INFORMATION);
    GRANTED(VirtualQueryEx(process, shared_place + page_size, &region, sizeof region));
    CHECK_EQUAL(region.State, MEM_COMMIT);
    CHECK_EQUAL(region.Protect, PAGE_READONLY);
    CHECK_EQUAL(region.RegionSize, 2 * page_size);
    CHECK_EQUAL((ULONG_PTR)region.BaseAddress, (ULONG_PTR)shared_place + page_size);
    void *code = (void *)(ULONG_PTR)waiting_child;
    GRANTED(VirtualQueryEx(process, code, &region, sizeof region));
    CHECK_EQUAL(region.Type, MEM_IMAGE);
    CHECK_EQUAL(region.Protect, PAGE_EXECUTE_READ);
    CHECK_EQUAL((ULONG_PTR)region.AllocationBase, (ULONG_PTR)GetModuleHandleA(NULL));
    GRANTED(VirtualQueryEx(process, NULL, &region, sizeof region));
    CHECK_EQUAL(region.State, MEM_FREE);
    CHECK_EQUAL(region.Protect, PAGE_NOACCESS);
    REFUSED(
        VirtualQueryEx(process, (void *)(ULONG_PTR)0xFFFF800000000000ull, &region, sizeof region),
        ERROR_INVALID_PARAMETER);
    REFUSED(VirtualQueryEx(process, NULL, &region, 47), ERROR_BAD_LENGTH);
    GRANTED(CloseHandle(process));
    end_child(child);
    release(shared_place);
}

// 13.11
static void memory_of_another_process_cannot_be_allocated_freed_or_protected(void) {
    DWORD before;
    shared_place = committed_pages(2);
    pid_t child = waiting_child();
    HANDLE process = open_child(child, PROCESS_ALL_ACCESS);
    REFUSED(VirtualAllocEx(process, NULL, page_size, MEM_RESERVE, PAGE_READWRITE),
            ERROR_NOT_SUPPORTED);
    REFUSED_UNCHANGED(shared_place, 2 * page_size,
                      VirtualFreeEx(process, shared_place, 0, MEM_RELEASE), ERROR_NOT_SUPPORTED);
    REFUSED_UNCHANGED(shared_place, 2 * page_size,
                      VirtualProtectEx(process, shared_place, page_size, PAGE_READONLY, &before),
                      ERROR_NOT_SUPPORTED);
    CHECK_EQUAL((ULONG_PTR)GRANTED(GetProcessId(process)), (ULONG_PTR)child);
    GRANTED(CloseHandle(process));
    end_child(child);
    release(shared_place);
}

// 13.9
static void a_process_that_has_ended_is_denied(void) {
    int value;
    MEMORY_BASIC_INFORMATION region;
    shared_place = committed_pages(1);
    pid_t child = waiting_child();
    HANDLE process = open_child(child, PROCESS_ALL_ACCESS);
    kill(child, SIGKILL);
    siginfo_t ended;
    CHECK(waitid(P_PID, (id_t)child, &ended, WEXITED | WNOWAIT) == 0);
    for (int is_reaped = 0; is_reaped < 2; is_reaped++) {
        check_row("reaped: %d", is_reaped);
        REFUSED(ReadProcessMemory(process, &value, &value, 4, NULL), ERROR_ACCESS_DENIED);
        REFUSED(WriteProcessMemory(process, &value, &value, 4, NULL), ERROR_ACCESS_DENIED);
        REFUSED(VirtualQueryEx(process, &value, &region, sizeof region), ERROR_ACCESS_DENIED);
        if (!is_reaped)
            end_child(child);
    }
    GRANTED(CloseHandle(process));
    release(shared_place);
}

static pid_t parent;

// A13.2, A13.7: as another user than the parent's
static void open_the_parent_as_nobody(void) {
    REFUSED(OpenProcess(PROCESS_VM_READ, FALSE, (DWORD)parent), ERROR_ACCESS_DENIED);
    REFUSED(OpenProcess(PROCESS_TERMINATE, FALSE, (DWORD)parent), ERROR_ACCESS_DENIED);
    HANDLE process =
        (HANDLE)GRANTED(OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, (DWORD)parent));
    CHECK_EQUAL((ULONG_PTR)GRANTED(GetProcessId(process)), (ULONG_PTR)parent);
    GRANTED(CloseHandle(process));
}

static void processes_of_other_users_are_denied(void) {
    if (getuid() != 0)
        return; // nobody else's process can be had then
    parent = getpid();
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        check_state.test_failures = 0;
        if (setgid(65534) == 0 && setuid(65534) == 0)
            open_the_parent_as_nobody();
        fflush(stdout);
        _exit(check_state.test_failures != 0);
    }
    int status = 0;
    CHECK_EQUAL(waitpid(child, &status, 0), child);
    CHECK_EQUAL(status, 0);
}

static void copy_in_a_sandbox(void) {
    static BYTE source[3 * page_size], target[3 * page_size];
    BYTE *base = committed_pages(3);
    DWORD before;
    SIZE_T count = 0;
    memset(source, 0x33, sizeof source);
    GRANTED(WriteProcessMemory(GetCurrentProcess(), base + 1, source, 2 * page_size, &count));
    CHECK(count == 2 * page_size && every_byte_is(base + 1, 0x33, 2 * page_size));
    GRANTED(ReadProcessMemory(GetCurrentProcess(), base, target, 3 * page_size, &count));
    CHECK(count == 3 * page_size && memcmp(base, target, 3 * page_size) == 0);
    GRANTED(VirtualProtect(base + page_size, page_size, PAGE_NOACCESS, &before));
    REFUSED(ReadProcessMemory(GetCurrentProcess(), base, target, 3 * page_size, &count),
            ERROR_PARTIAL_COPY);
    CHECK_EQUAL(count, 0);
    REFUSED(WriteProcessMemory(GetCurrentProcess(), base, source, 3 * page_size, &count),
            ERROR_PARTIAL_COPY);
    CHECK_EQUAL(count, page_size);
    REFUSED(ReadProcessMemory(GetCurrentProcess(), (void *)8, target, 8, &count),
            ERROR_PARTIAL_COPY);
    GRANTED(VirtualProtect(base, page_size, PAGE_EXECUTE_READ, &before));
    GRANTED(WriteProcessMemory(GetCurrentProcess(), base, source, 8, NULL));
    CHECK(every_byte_is(base, 0x33, 8));
    release(base);
}

static void the_own_memory_is_copied_where_system_calls_are_refused(void) {
    static const struct refusal refusals[] = {
        {"copies", EPERM, {SYS_process_vm_readv, SYS_process_vm_writev}},
        {"copies, ENOSYS", ENOSYS, {SYS_process_vm_readv, SYS_process_vm_writev}},
        {"copies and pipes", EPERM, {SYS_process_vm_readv, SYS_process_vm_writev, SYS_pipe2}},
    };
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        check_row("refused: %s", refusals[i].name);
        in_child_with(&refusals[i], copy_in_a_sandbox);
    }
}

static void open_the_parent(void) {
    REFUSED(OpenProcess(PROCESS_VM_READ, FALSE, (DWORD)parent), ERROR_ACCESS_DENIED);
}

static void another_process_is_denied_where_copies_are_refused(void) {
    static const struct refusal refusal = {
        "copies", EPERM, {SYS_process_vm_readv, SYS_process_vm_writev}};
    parent = getpid();
    in_child_with(&refusal, open_the_parent);
}

TEST_PROGRAM(TEST(the_own_identifier_opens_the_own_process),
             TEST(what_is_no_process_cannot_be_opened), TEST(bytes_of_another_process_are_read),
             TEST(bytes_of_another_process_are_written),
             TEST(regions_of_another_process_come_from_its_mappings),
             TEST(memory_of_another_process_cannot_be_allocated_freed_or_protected),
             TEST(a_process_that_has_ended_is_denied), TEST(processes_of_other_users_are_denied),
             TEST(the_own_memory_is_copied_where_system_calls_are_refused),
             TEST(another_process_is_denied_where_copies_are_refused))
