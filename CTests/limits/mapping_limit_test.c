// Linux only: at the kernel's limit on mappings (vm.max_map_count) a call may be refused with 8,
// but changes nothing then, and everything works again below the limit.
#include "enforcement_checks.h"
#include "mapping_limit.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

enum { page_count = 64 };
#define BLOCK_BYTES ((SIZE_T)page_count * page_size)

// Checks a call's answer at the limit; answers whether it was granted.
static int granted_or_refused_unchanged(int granted, const struct snapshot *before) {
    DWORD error = GetLastError();
    if (granted) {
        CHECK_EQUAL(error, UNTOUCHED_ERROR);
    } else {
        CHECK_EQUAL(error, ERROR_NOT_ENOUGH_MEMORY);
        CHECK_UNCHANGED(before);
    }
    CHECK_ENFORCED(before->base, before->byte_count);
    return granted;
}

static BYTE *filled_block(void) {
    BYTE *block = committed_pages(page_count);
    memset(block, 0xA1, BLOCK_BYTES);
    return block;
}

// Design page, section 5: every other page, so that the runs cannot merge.
static void commits_at_the_limit_are_granted_or_change_nothing(void) {
    BYTE *block = reserved_pages(page_count);
    reach_the_limit();
    for (SIZE_T page = 0; page < page_count; page += 2) {
        struct snapshot before = snapshot_of(block, BLOCK_BYTES);
        stay_at_the_limit();
        check_row("page %d", (int)page);
        SetLastError(UNTOUCHED_ERROR);
        BYTE *address = block + page * page_size;
        void *answer = VirtualAlloc(address, page_size, MEM_COMMIT, PAGE_READWRITE);
        if (granted_or_refused_unchanged(answer != NULL, &before)) {
            CHECK(every_byte_is(address, 0, page_size));
            memset(address, 0xA2, page_size);
        }
    }
    leave_the_limit();
    GRANTED(VirtualAlloc(block, BLOCK_BYTES, MEM_COMMIT, PAGE_READWRITE));
    release(block);
}

static void decommits_at_the_limit_are_granted_or_change_nothing(void) {
    BYTE *block = filled_block();
    reach_the_limit();
    for (SIZE_T page = 0; page < page_count; page += 2) {
        struct snapshot before = snapshot_of(block, BLOCK_BYTES);
        stay_at_the_limit();
        check_row("page %d", (int)page);
        SetLastError(UNTOUCHED_ERROR);
        BOOL answer = VirtualFree(block + page * page_size, page_size, MEM_DECOMMIT);
        if (granted_or_refused_unchanged(answer, &before))
            CHECK_RESERVED(block + page * page_size, page_size);
        CHECK(every_byte_is(block + (page + 1) * page_size, 0xA1, page_size));
    }
    leave_the_limit();
    GRANTED(VirtualFree(block, 0, MEM_DECOMMIT));
    CHECK_RESERVED(block, BLOCK_BYTES);
    release(block);
}

static atomic_bool stopping;

// Commits and decommits a page of its own; at the limit some of it is refused.
static void *keep_busy(void *page) {
    while (!stopping)
        if (VirtualAlloc(page, page_size, MEM_COMMIT, PAGE_READWRITE))
            VirtualFree(page, page_size, MEM_DECOMMIT);
    return NULL;
}

// Pages apart from each other: the kernel need not divide a mapping to take one away.
static void decommits_at_the_limit_beside_other_threads_are_granted_or_change_nothing(void) {
    BYTE *block = reserved_pages(page_count), *others = reserved_pages(page_count);
    for (SIZE_T page = 0; page < page_count; page += 2)
        memset(
            GRANTED(VirtualAlloc(block + page * page_size, page_size, MEM_COMMIT, PAGE_READWRITE)),
            0xA1, page_size);
    pthread_t thread;
    stopping = false;
    CHECK_EQUAL(pthread_create(&thread, NULL, keep_busy, others), 0);
    reach_the_limit();
    for (SIZE_T page = 0; page < page_count; page += 2) {
        BYTE *address = block + page * page_size;
        struct snapshot before = snapshot_of(block, BLOCK_BYTES);
        stay_at_the_limit();
        check_row("page %d", (int)page);
        SetLastError(UNTOUCHED_ERROR);
        BOOL answer = VirtualFree(address, page_size, MEM_DECOMMIT);
        if (granted_or_refused_unchanged(answer, &before))
            CHECK_RESERVED(address, 2 * page_size);
        else
            CHECK(every_byte_is(address, 0xA1, page_size));
    }
    leave_the_limit();
    stopping = true;
    CHECK_EQUAL(pthread_join(thread, NULL), 0);
    GRANTED(VirtualAlloc(block, BLOCK_BYTES, MEM_COMMIT, PAGE_READWRITE));
    release(block);
    release(others);
}

static void protections_at_the_limit_are_granted_or_change_nothing(void) {
    BYTE *block = filled_block();
    DWORD old;
    reach_the_limit();
    for (SIZE_T page = 0; page < page_count; page += 2) {
        struct snapshot before = snapshot_of(block, BLOCK_BYTES);
        stay_at_the_limit();
        check_row("page %d", (int)page);
        SetLastError(UNTOUCHED_ERROR);
        BOOL answer = VirtualProtect(block + page * page_size, page_size, PAGE_READONLY, &old);
        granted_or_refused_unchanged(answer, &before);
        CHECK(every_byte_is(block, 0xA1, BLOCK_BYTES));
    }
    leave_the_limit();
    GRANTED(VirtualProtect(block, BLOCK_BYTES, PAGE_READONLY, &old));
    CHECK_COMMITTED(block, PAGE_READONLY, BLOCK_BYTES);
    release(block);
}

// Nothing that gives memory back is refused, in whatever state the pages are. There are more blocks
// than the library can have mappings in reserve.
enum { block_count = 40 };

static void decommit_the_middle_of_each(BYTE *blocks[block_count]) {
    reach_the_limit();
    for (int i = 0; i < block_count; i++) {
        stay_at_the_limit();
        check_row("block %d", i);
        BYTE *middle = blocks[i] + 20 * page_size;
        GRANTED(VirtualFree(middle, 8 * page_size, MEM_DECOMMIT));
        CHECK_RESERVED(middle, 8 * page_size);
        CHECK_ENFORCED(blocks[i], BLOCK_BYTES);
        CHECK(every_byte_is(blocks[i], 0xA1, 20 * page_size));
    }
    for (int i = 0; i < block_count; i++) {
        stay_at_the_limit();
        check_row("block %d", i);
        GRANTED(VirtualFree(blocks[i], 0, MEM_RELEASE));
        CHECK_FREE(blocks[i]);
    }
    leave_the_limit();
}

static void pages_in_the_middle_are_decommitted_also_at_the_limit(void) {
    BYTE *blocks[block_count];
    for (int i = 0; i < block_count; i++)
        blocks[i] = filled_block();
    decommit_the_middle_of_each(blocks);
}

static void locked_pages_are_decommitted_also_at_the_limit(void) {
    BYTE *blocks[block_count];
    for (int i = 0; i < block_count; i++) {
        blocks[i] = filled_block();
        GRANTED(VirtualLock(blocks[i], BLOCK_BYTES));
    }
    decommit_the_middle_of_each(blocks);
}

static void read_only_pages_are_decommitted_also_at_the_limit(void) {
    BYTE *blocks[block_count];
    DWORD old;
    for (int i = 0; i < block_count; i++) {
        blocks[i] = filled_block();
        GRANTED(VirtualProtect(blocks[i], BLOCK_BYTES, PAGE_READONLY, &old));
    }
    decommit_the_middle_of_each(blocks);
}

// Its unlocking would divide a mapping.
static void locked_pages_are_unlocked_also_at_the_limit(void) {
    BYTE *blocks[block_count];
    for (int i = 0; i < block_count; i++) {
        blocks[i] = filled_block();
        GRANTED(VirtualLock(blocks[i], BLOCK_BYTES));
    }
    reach_the_limit();
    for (int i = 0; i < block_count; i++) {
        stay_at_the_limit();
        check_row("block %d", i);
        BYTE *middle = blocks[i] + 20 * page_size;
        GRANTED(VirtualUnlock(middle, 8 * page_size));
        REFUSED(VirtualUnlock(middle, page_size), ERROR_NOT_LOCKED);
        CHECK(every_byte_is(blocks[i], 0xA1, BLOCK_BYTES));
    }
    leave_the_limit();
    for (int i = 0; i < block_count; i++)
        release(blocks[i]);
}

TEST_PROGRAM(TEST(commits_at_the_limit_are_granted_or_change_nothing),
             TEST(decommits_at_the_limit_are_granted_or_change_nothing),
             TEST(decommits_at_the_limit_beside_other_threads_are_granted_or_change_nothing),
             TEST(protections_at_the_limit_are_granted_or_change_nothing),
             TEST(pages_in_the_middle_are_decommitted_also_at_the_limit),
             TEST(locked_pages_are_decommitted_also_at_the_limit),
             TEST(read_only_pages_are_decommitted_also_at_the_limit),
             TEST(locked_pages_are_unlocked_also_at_the_limit))
