// Linux only: the address space that is left can be reserved, however much of it other mappings use, and
// wherever the kernel places mappings, which differs from run to run.
#include "memory_checks.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PLACES = 18 };

static const SIZE_T step = (SIZE_T)256
                           << 20; // 18 steps are more than 4 GiB, after which the results repeat
static const SIZE_T half = (SIZE_T)64 << 40; // of the address space

static int status_in_child(int number, int (*part)(int number)) {
    pid_t child = fork();
    if (child == 0) {
        alarm(10); // ends a call that does not return
        _exit(part(number));
    }
    int ending = 0;
    CHECK_EQUAL(waitpid(child, &ending, 0), child);
    return WIFEXITED(ending) ? WEXITSTATUS(ending) : 1000 + WTERMSIG(ending);
}

// Makes an arena by reserving a small block, and moves the place of the kernel's next mapping down.
static int is_begun_at(int place) {
    if (VirtualAlloc(NULL, 65536, MEM_RESERVE, PAGE_READWRITE) == NULL)
        return FALSE;
    return place == 0 || mmap(NULL, place * step, PROT_NONE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0) != MAP_FAILED;
}

static int commit_half(int place) {
    if (!is_begun_at(place))
        return 100;
    SetLastError(UNTOUCHED_ERROR);
    void *base = VirtualAlloc(NULL, half, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    DWORD error = GetLastError();
    if (base != NULL)
        return 1;
    if (error != ERROR_COMMITMENT_LIMIT && error != ERROR_NOT_ENOUGH_MEMORY)
        return 2;
    // The refused call has not used up the commit limit or the address space.
    return VirtualAlloc(NULL, 65536, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE) ? 0 : 3;
}

static int reserve_half_twice(int place) {
    if (!is_begun_at(place))
        return 100;
    for (int time = 0; time < 2; time++) {
        void *base = VirtualAlloc(NULL, half, MEM_RESERVE, PAGE_READWRITE);
        if (base == NULL)
            return 4;
        if (!VirtualFree(base, 0, MEM_RELEASE))
            return 5;
    }
    return 0;
}

// Maps all free addresses from `end` on.
static void take_all_from(uintptr_t end) {
    enum { MOST_BELOW = 100 };
    const SIZE_T least = (SIZE_T)1 << 20; // too small for an arena
    struct {
        char *base;
        SIZE_T size;
    } below[MOST_BELOW];
    int count = 0;
    for (SIZE_T size = half; size >= least && count < MOST_BELOW;) {
        char *base =
            mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (base == MAP_FAILED) {
            size /= 2;
        } else if ((uintptr_t)base < end) {
            SIZE_T left = end - (uintptr_t)base;
            below[count].base = base;
            below[count++].size = size < left ? size : left;
        }
    }
    // Unmapped last, because the kernel uses some high addresses only when no lower ones are free.
    while (count-- > 0)
        munmap(below[count].base, below[count].size);
}

// Leaves the lowest `gib` GiB free, and reserves all but 3 GiB of them.
static int reserve_what_is_left(int gib) {
    const SIZE_T unit = (SIZE_T)1 << 30;
    take_all_from(gib * unit);
    SIZE_T size = (gib - 3) * unit;
    for (int time = 0; time < 2; time++) {
        SetLastError(UNTOUCHED_ERROR);
        char *base = VirtualAlloc(NULL, size, MEM_RESERVE, PAGE_READWRITE);
        if (base == NULL)
            return 6;
        if (GetLastError() != UNTOUCHED_ERROR)
            return 7;
        if (VirtualAlloc(base + size - 1, 1, MEM_COMMIT, PAGE_READWRITE) == NULL)
            return 8;
        base[size - 1] = 1;
        if (!VirtualFree(base, 0, MEM_RELEASE))
            return 9;
    }
    return 0;
}

static int reserve_small_blocks_below_4_gib(int count) {
    take_all_from((uintptr_t)1 << 32);
    for (int i = 0; i < count; i++) {
        char *base = VirtualAlloc(NULL, 65536, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
        if (base == NULL)
            return 10;
        if ((uintptr_t)base >> 32 != 0 || base[65535] != 0)
            return 11;
        base[65535] = 1;
    }
    return 0;
}

static int reserve_small_block(int mib) {
    take_all_from((uintptr_t)mib << 20);
    return VirtualAlloc(NULL, 65536, MEM_RESERVE, PAGE_READWRITE) ? 0 : 12;
}

// 3.16
static void a_commit_beyond_every_limit_is_refused_at_once_wherever_mappings_are_placed(void) {
    for (int place = 0; place < PLACES; place++) {
        check_row("place %d", place);
        CHECK_EQUAL(status_in_child(place, commit_half), 0);
    }
}

static void half_of_the_address_space_can_be_reserved_wherever_mappings_are_placed(void) {
    for (int place = 0; place < PLACES; place++) {
        check_row("place %d", place);
        CHECK_EQUAL(status_in_child(place, reserve_half_twice), 0);
    }
}

static void low_addresses_are_used_if_no_others_are_left(void) {
    CHECK_EQUAL(status_in_child(100, reserve_small_blocks_below_4_gib), 0);
}

static void a_reservation_begins_at_low_addresses_if_the_space_above_is_too_small(void) {
    static const int sizes[] = {5, 6, 18, 64, 66};
    for (int i = 0; i < 5; i++) {
        check_row("%d GiB left", sizes[i]);
        CHECK_EQUAL(status_in_child(sizes[i], reserve_what_is_left), 0);
    }
}

static void a_small_block_can_be_reserved_if_only_little_address_space_is_left(void) {
    static const int sizes[] = {256, 1025, 2052, 4096, 4100, 4104, 4112, 8196};
    for (int i = 0; i < 8; i++) {
        check_row("%d MiB left", sizes[i]);
        CHECK_EQUAL(status_in_child(sizes[i], reserve_small_block), 0);
    }
}

TEST_PROGRAM(TEST(a_commit_beyond_every_limit_is_refused_at_once_wherever_mappings_are_placed),
             TEST(half_of_the_address_space_can_be_reserved_wherever_mappings_are_placed),
             TEST(low_addresses_are_used_if_no_others_are_left),
             TEST(a_reservation_begins_at_low_addresses_if_the_space_above_is_too_small),
             TEST(a_small_block_can_be_reserved_if_only_little_address_space_is_left))
