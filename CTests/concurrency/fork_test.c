// Linux only: the library works in a fork child, whatever other threads were doing.
#include "block_cycle.h"
#include "memory_checks.h"

#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

// Runs the function in a child; answers its exit status, or -1 if it did not end by itself.
static int status_of_child(int (*function)(BYTE *), BYTE *block) {
    pid_t child = fork();
    if (child == 0) {
        alarm(20);
        _exit(function(block));
    }
    int status = 0;
    CHECK(child > 0 && waitpid(child, &status, 0) == child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int live_through_blocks(BYTE *unused) {
    (void)unused;
    for (BYTE value = 1; value < 50; value++)
        if (block_cycle(value) != 0)
            return 1;
    return 0;
}

static void a_child_can_use_everything(void) {
    CHECK_EQUAL(block_cycle(1), 0);
    CHECK_EQUAL(status_of_child(live_through_blocks, NULL), 0);
    CHECK_EQUAL(block_cycle(2), 0);
}

// The parent's block: page 0 committed with 0x11, page 1 read-only, page 2 reserved.
static int find_and_change_the_block(BYTE *block) {
    DWORD before;
    if (!query_says(block, MEM_COMMIT, PAGE_READWRITE, page_size) ||
        !query_says(block + page_size, MEM_COMMIT, PAGE_READONLY, page_size) ||
        !query_says(block + 2 * page_size, MEM_RESERVE, 0, page_size))
        return 1;
    if (!bytes_are(block, 0x11, page_size))
        return 2;
    fill_bytes(block, 0x22, page_size);
    if (!VirtualProtect(block + page_size, page_size, PAGE_NOACCESS, &before) ||
        before != PAGE_READONLY)
        return 3;
    if (VirtualAlloc(block + 2 * page_size, page_size, MEM_COMMIT, PAGE_READWRITE) == NULL)
        return 4;
    if (!VirtualFree(block, page_size, MEM_DECOMMIT) || !VirtualFree(block, 0, MEM_RELEASE))
        return 5;
    return VirtualAlloc(block, page_size, MEM_RESERVE, PAGE_READONLY) == block ? 0 : 6;
}

// Linux, fork(2): the child's memory is a copy; so is the library's book of it.
static void a_child_has_the_parents_blocks_and_changes_only_its_own_copy(void) {
    BYTE *block = reserved_pages(3);
    DWORD protection;
    GRANTED(VirtualAlloc(block, 2 * page_size, MEM_COMMIT, PAGE_READWRITE));
    memset(block, 0x11, page_size);
    GRANTED(VirtualProtect(block + page_size, page_size, PAGE_READONLY, &protection));
    struct snapshot before = snapshot_of(block, 3 * page_size);
    CHECK_EQUAL(status_of_child(find_and_change_the_block, block), 0);
    CHECK_UNCHANGED(&before);
    release(block);
}

static int grandchild_lives_through_blocks(BYTE *block) {
    return status_of_child(live_through_blocks, block) == 0 ? live_through_blocks(block) : 7;
}

static void a_child_of_a_child_can_use_everything(void) {
    CHECK_EQUAL(status_of_child(grandchild_lives_through_blocks, NULL), 0);
}

static int stop_threads;

static void *live_until_stopped(void *shared_region) {
    BYTE *own_page = (BYTE *)shared_region;
    ULONG_PTR wrong = 0;
    while (!__atomic_load_n(&stop_threads, __ATOMIC_ACQUIRE)) {
        wrong += block_cycle(7) != 0;
        wrong += VirtualAlloc(own_page, page_size, MEM_COMMIT, PAGE_READWRITE) != own_page;
        wrong += !VirtualFree(own_page, page_size, MEM_DECOMMIT);
    }
    return (void *)wrong;
}

static int use_the_shared_region(BYTE *region) {
    const SIZE_T last = 15 * page_size;
    if (VirtualAlloc(region + last, page_size, MEM_COMMIT, PAGE_READWRITE) != region + last ||
        !bytes_are(region + last, 0, page_size))
        return 8;
    // The pages of the vanished threads are in a state that each of their calls left.
    for (SIZE_T i = 0; i < 3; i++) {
        MEMORY_BASIC_INFORMATION page;
        if (VirtualQuery(region + i * page_size, &page, sizeof page) != sizeof page ||
            page.AllocationBase != region ||
            VirtualAlloc(region + i * page_size, page_size, MEM_COMMIT, PAGE_READWRITE) == NULL)
            return 9;
        fill_bytes(region + i * page_size, 0x33, page_size);
    }
    return VirtualFree(region, 0, MEM_RELEASE) ? live_through_blocks(NULL) : 10;
}

static void a_child_born_while_threads_are_in_calls_can_use_everything(void) {
    BYTE *region = reserved_pages(16);
    pthread_t threads[3];
    stop_threads = 0;
    for (int i = 0; i < 3; i++)
        CHECK_EQUAL(pthread_create(&threads[i], NULL, live_until_stopped, region + i * page_size),
                    0);
    for (int round = 0; round < 60; round++) {
        check_row("child %d", round);
        CHECK_EQUAL(status_of_child(use_the_shared_region, region), 0);
    }
    __atomic_store_n(&stop_threads, 1, __ATOMIC_RELEASE);
    for (int i = 0; i < 3; i++) {
        void *wrong = NULL;
        CHECK_EQUAL(pthread_join(threads[i], &wrong), 0);
        CHECK_EQUAL((ULONG_PTR)wrong, 0);
    }
    release(region);
}

TEST_PROGRAM(TEST(a_child_can_use_everything),
             TEST(a_child_has_the_parents_blocks_and_changes_only_its_own_copy),
             TEST(a_child_of_a_child_can_use_everything),
             TEST(a_child_born_while_threads_are_in_calls_can_use_everything))
