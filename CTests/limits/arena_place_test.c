// Linux only: how much of the address space can be had must not depend on where the kernel puts a mapping,
// which differs from run to run.
#include "memory_checks.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PLACES = 18 };

static const SIZE_T step = (SIZE_T)256
                           << 20; // 18 of them reach beyond 4 GiB, after which all repeats
static const SIZE_T half = (SIZE_T)64 << 40; // of the address space

// In a child that has an arena for small blocks and nothing else, with the kernel's next place moved down.
static int status_at_place(int place, int (*part)(void)) {
    pid_t child = fork();
    if (child == 0) {
        alarm(10); // a call that does not return
        VirtualAlloc(NULL, 65536, MEM_RESERVE, PAGE_READWRITE);
        if (place > 0 && mmap(NULL, place * step, PROT_NONE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0) == MAP_FAILED)
            _exit(100);
        _exit(part());
    }
    int ending = 0;
    CHECK_EQUAL(waitpid(child, &ending, 0), child);
    return WIFEXITED(ending) ? WEXITSTATUS(ending) : 1000 + WTERMSIG(ending);
}

static int commit_half(void) {
    SetLastError(UNTOUCHED_ERROR);
    void *base = VirtualAlloc(NULL, half, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    DWORD error = GetLastError();
    if (base != NULL)
        return 1;
    if (error != ERROR_COMMITMENT_LIMIT && error != ERROR_NOT_ENOUGH_MEMORY)
        return 2;
    // It has left nothing behind.
    return VirtualAlloc(NULL, 65536, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE) ? 0 : 3;
}

static int reserve_half_twice(void) {
    for (int time = 0; time < 2; time++) {
        void *base = VirtualAlloc(NULL, half, MEM_RESERVE, PAGE_READWRITE);
        if (base == NULL)
            return 4;
        if (!VirtualFree(base, 0, MEM_RELEASE))
            return 5;
    }
    return 0;
}

// 3.16
static void a_commit_beyond_every_limit_is_refused_at_once_wherever_the_kernel_begins(void) {
    for (int place = 0; place < PLACES; place++) {
        check_row("place %d", place);
        CHECK_EQUAL(status_at_place(place, commit_half), 0);
    }
}

static void half_of_the_address_space_can_be_reserved_wherever_the_kernel_begins(void) {
    for (int place = 0; place < PLACES; place++) {
        check_row("place %d", place);
        CHECK_EQUAL(status_at_place(place, reserve_half_twice), 0);
    }
}

TEST_PROGRAM(TEST(a_commit_beyond_every_limit_is_refused_at_once_wherever_the_kernel_begins),
             TEST(half_of_the_address_space_can_be_reserved_wherever_the_kernel_begins))
