// Linux only: the answers stay true where a sandbox refuses system calls, without /proc, and without a
// file descriptor to spare. Nothing that is in use is ever called free.
#include "sandbox.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>

static int initialized = 4, constant_is_readable;
static const int constant = 5;

// Each begins in a child that has not used the library yet: what is refused is refused from the start.
static const struct refusal refusals[] = {
    {"nothing", 0, {0}},
    {"ioctl, EPERM", EPERM, {SYS_ioctl}},
    {"ioctl, ENOSYS", ENOSYS, {SYS_ioctl}},
    {"ioctl, EACCES", EACCES, {SYS_ioctl}},
    {"madvise, EPERM", EPERM, {SYS_madvise}},
    {"madvise, ENOSYS", ENOSYS, {SYS_madvise}},
    {"madvise, ENOMEM", ENOMEM, {SYS_madvise}},
    {"both, EACCES", EACCES, {SYS_ioctl, SYS_madvise}},
    {"ioctl, pread and mincore, EPERM", EPERM, {SYS_ioctl, SYS_pread64, SYS_mincore}},
    {"open files, ENOENT", ENOENT, {SYS_openat}},
    {"open files and madvise, EPERM", EPERM, {SYS_openat, SYS_madvise, SYS_mincore}},
    {"all of these, EACCES",
     EACCES,
     {SYS_openat, SYS_madvise, SYS_ioctl, SYS_mincore, SYS_process_vm_writev, SYS_process_vm_readv,
      SYS_sysinfo}},
};

static void in_each_sandbox(void (*work)(void)) {
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        check_row("refused: %s", refusals[i].name);
        in_child_of(_Fork, &refusals[i], work);
    }
}

static void use_up_descriptors(void) {
    struct rlimit limit = {16, 16};
    setrlimit(RLIMIT_NOFILE, &limit);
    while (open("/dev/null", O_RDONLY) >= 0) {
    }
}

static void *foreign(SIZE_T page_count, int protection) {
    void *base = mmap(NULL, page_count * page_size, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(base != MAP_FAILED);
    return base;
}

static void check_at(const void *address, DWORD state, DWORD protection) {
    MEMORY_BASIC_INFORMATION region = region_at(address);
    uintptr_t page = (uintptr_t)address & ~(uintptr_t)(page_size - 1);
    CHECK_EQUAL((uintptr_t)region.BaseAddress, page);
    CHECK_EQUAL(region.State, state);
    CHECK_EQUAL(region.Protect, protection);
    CHECK(region.RegionSize >= page_size);
}

// 6.1, 6.23
static void query_everything(void) {
    int local = constant_is_readable;
    BYTE *closed = (BYTE *)foreign(8, PROT_NONE), *open = (BYTE *)foreign(8, PROT_READ);
    void *gone = foreign(64, PROT_READ);
    munmap(gone, 64 * page_size);
    check_at(&local, MEM_COMMIT, PAGE_READWRITE);
    check_at(malloc(100000), MEM_COMMIT, PAGE_READWRITE);
    check_at((void *)(uintptr_t)query_everything, MEM_COMMIT, PAGE_EXECUTE_READ);
    check_at((void *)(uintptr_t)pipe2, MEM_COMMIT, PAGE_EXECUTE_READ);
    check_at(&constant, MEM_COMMIT, PAGE_READONLY);
    check_at(&initialized, MEM_COMMIT, PAGE_READWRITE);
    check_at(closed + page_size, MEM_COMMIT, PAGE_NOACCESS);
    check_at(open + page_size, MEM_COMMIT, PAGE_READONLY);
    CHECK_FREE(gone);
    CHECK_FREE((void *)0x200000000000ull);
    mprotect(open + 3 * page_size, page_size, PROT_READ | PROT_WRITE);
    check_at(open + 2 * page_size, MEM_COMMIT, PAGE_READONLY);
    CHECK_EQUAL(region_at(open + 2 * page_size).RegionSize, page_size);
    check_at(open + 3 * page_size, MEM_COMMIT, PAGE_READWRITE);
    MEMORY_BASIC_INFORMATION code = region_at((void *)(uintptr_t)query_everything);
    CHECK_EQUAL((uintptr_t)code.AllocationBase, (uintptr_t)GetModuleHandleA(NULL));
    CHECK_EQUAL(code.Type, MEM_IMAGE);
}

static void queries_tell_the_truth_where_system_calls_are_refused(void) {
    in_each_sandbox(query_everything);
}

// 5.1 and on, 12.1, 12.16
static void use_everything(void) {
    BYTE *own = committed_pages(16), *base = reserved_pages(256);
    DWORD *old = (DWORD *)malloc(sizeof *old);
    BYTE *code = (BYTE *)((uintptr_t)use_everything & ~(uintptr_t)(page_size - 1));
    GRANTED(VirtualProtect(own, page_size, PAGE_READONLY, old));
    CHECK_EQUAL(*old, PAGE_READWRITE);
    GRANTED(VirtualProtect(code, 1, PAGE_EXECUTE_READ, old));
    CHECK_EQUAL(*old, PAGE_EXECUTE_READ);
    GRANTED(VirtualLock(&initialized, sizeof initialized));
    CHECK(!IsBadReadPtr(old, 4) && !IsBadWritePtr(old, 4) && !IsBadReadPtr(code, 1));
    CHECK(IsBadWritePtr(code, 1) && IsBadWritePtr(own, 1) && IsBadReadPtr((void *)8, 1));
    CHECK(IsBadReadPtr(own + 15 * page_size, 2 * page_size));
    GRANTED(VirtualAlloc(base, 3 * page_size, MEM_COMMIT, PAGE_READWRITE));
    base[0] = base[2 * page_size] = 7;
    GRANTED(VirtualFree(base, page_size, MEM_DECOMMIT));
    GRANTED(VirtualAlloc(base, page_size, MEM_COMMIT, PAGE_READWRITE));
    CHECK(base[0] == 0 && base[2 * page_size] == 7);
    REFUSED(VirtualProtect(own, page_size, PAGE_READWRITE, (DWORD *)base + 4096), ERROR_NOACCESS);
    REFUSED(VirtualAlloc(code, page_size, MEM_RESERVE, PAGE_READWRITE), ERROR_INVALID_ADDRESS);
    CHECK(!VirtualFree(code, 0, MEM_RELEASE));
    MEMORYSTATUSEX status = {.dwLength = sizeof status};
    GRANTED(GlobalMemoryStatusEx(&status));
    release(own);
    release(base);
}

static void calls_do_their_work_where_system_calls_are_refused(void) {
    in_each_sandbox(use_everything);
}

// 6.13: no gap, no region twice, and what is in use is met committed.
static void walk(void) {
    BYTE *address = NULL, *expected[] = {(BYTE *)(uintptr_t)walk, (BYTE *)&initialized,
                                         (BYTE *)&address, (BYTE *)(uintptr_t)strtoul};
    MEMORY_BASIC_INFORMATION region;
    unsigned met = 0;
    while (VirtualQuery(address, &region, sizeof region) == sizeof region) {
        CHECK_EQUAL((uintptr_t)region.BaseAddress, (uintptr_t)address);
        CHECK(region.RegionSize >= page_size);
        if (region.RegionSize == 0)
            break;
        for (unsigned i = 0; i < 4; i++)
            if (region.State == MEM_COMMIT && expected[i] >= address &&
                expected[i] < address + region.RegionSize)
                met |= 1u << i;
        address += region.RegionSize;
    }
    CHECK_EQUAL(met, 15);
    CHECK((uintptr_t)address >= USER_SPACE_END);
}

static void a_walk_meets_all_memory_where_system_calls_are_refused(void) {
    in_each_sandbox(walk);
}

static void without_descriptors(void) {
    use_up_descriptors();
    query_everything();
    use_everything();
    walk();
    int next = open("/dev/null", O_RDONLY);
    CHECK_EQUAL(next, -1);
    for (int i = 0; i < 16; i++)
        CHECK(fcntl(i, F_GETFD) >= 0);
}

// 6.1; and the descriptors stay as they are.
static void answers_are_true_without_a_descriptor_to_spare(void) {
    static const struct refusal rows[] = {{"nothing", 0, {0}},
                                          {"ioctl", ENOTTY, {SYS_ioctl}},
                                          {"new threads", EAGAIN, {SYS_clone, SYS_clone3}}};
    for (int i = 0; i < 3; i++) {
        check_row("refused: %s", rows[i].name);
        in_child_of(_Fork, &rows[i], without_descriptors);
    }
}

TEST_PROGRAM(TEST(queries_tell_the_truth_where_system_calls_are_refused),
             TEST(calls_do_their_work_where_system_calls_are_refused),
             TEST(a_walk_meets_all_memory_where_system_calls_are_refused),
             TEST(answers_are_true_without_a_descriptor_to_spare))
