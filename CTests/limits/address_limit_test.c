// Linux only: a limit on the process's address space (RLIMIT_AS) leaves the library working
// within it.
#include "block_cycle.h"
#include "memory_checks.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

// Runs the part in a child that has not used the library yet, under the limit.
static int status_under_limit(rlim_t byte_count, int (*part)(void)) {
    pid_t child = fork();
    if (child == 0) {
        struct rlimit limit = {byte_count, byte_count};
        _exit(setrlimit(RLIMIT_AS, &limit) == 0 ? part() : 100);
    }
    int ending = 0;
    CHECK_EQUAL(waitpid(child, &ending, 0), child);
    return WIFEXITED(ending) ? WEXITSTATUS(ending) : 1000 + WTERMSIG(ending);
}

static int cycle_often(void) {
    for (BYTE value = 1; value < 20; value++)
        CYCLE_STEP(block_cycle(value) == 0);
    return 0;
}

// Design page, section 4: the arena is smaller where the limit refuses the usual one.
static void blocks_can_be_had_under_every_limit(void) {
    static const rlim_t gibibytes[] = {1, 4, 64, 1024, 4096};
    for (SIZE_T i = 0; i < sizeof gibibytes / sizeof gibibytes[0]; i++) {
        check_row("limit of %d GiB", (int)gibibytes[i]);
        CHECK_EQUAL(status_under_limit(gibibytes[i] << 30, cycle_often), 0);
    }
}

static int reserve_more_than_the_limit(void) {
    CYCLE_STEP(VirtualAlloc(NULL, (SIZE_T)8 << 30, MEM_RESERVE, PAGE_READWRITE) == NULL);
    CYCLE_STEP(GetLastError() == ERROR_NOT_ENOUGH_MEMORY);
    return cycle_often();
}

// 3.7, 3.30
static void reserving_more_than_the_limit_is_not_enough_memory(void) {
    CHECK_EQUAL(status_under_limit((rlim_t)4 << 30, reserve_more_than_the_limit), 0);
}

// Until nothing is left, then from the beginning with what was released.
static int reserve_all_there_is(void) {
    static void *blocks[4096];
    for (int round = 0; round < 2; round++) {
        int count = 0;
        while (count < 4096 && (blocks[count] = VirtualAlloc(NULL, (SIZE_T)1 << 20, MEM_RESERVE,
                                                             PAGE_READWRITE)) != NULL)
            count++;
        CYCLE_STEP(count >= 256 && count < 4096);
        CYCLE_STEP(GetLastError() == ERROR_NOT_ENOUGH_MEMORY);
        for (int i = 0; i < count; i++)
            CYCLE_STEP(VirtualFree(blocks[i], 0, MEM_RELEASE));
    }
    return cycle_often();
}

// 3.7, 3.35
static void a_full_address_space_is_not_enough_memory_until_something_is_released(void) {
    CHECK_EQUAL(status_under_limit((rlim_t)1 << 30, reserve_all_there_is), 0);
}

TEST_PROGRAM(TEST(blocks_can_be_had_under_every_limit),
             TEST(reserving_more_than_the_limit_is_not_enough_memory),
             TEST(a_full_address_space_is_not_enough_memory_until_something_is_released))
