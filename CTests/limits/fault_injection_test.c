// Linux only: every kernel call of the library is refused in turn. The operation then either
// succeeds all the same or is refused with a true code, having changed nothing, and succeeds the
// next time.
#include "enforcement_checks.h"
#include "fault_injection.h"

#include <sys/mman.h>

enum { page_count = 64 };
#define BLOCK_BYTES ((SIZE_T)page_count * page_size)

// One operation on a block that `make` has prepared: `run` answers success, `check` that it is
// done.
struct operation {
    const char *name;
    BYTE *(*make)(void);
    int (*run)(BYTE *block);
    void (*check)(BYTE *block);
};

// Answers whether the call with this number existed, and so was made to fail.
static int refuse_call_number(const struct operation *operation, int number, int error) {
    BYTE *block = operation->make();
    struct snapshot before = snapshot_of(block, BLOCK_BYTES);
    check_row("%s, call %d refused with %s", operation->name, number, strerrorname_np(error));
    SetLastError(UNTOUCHED_ERROR);
    errno = EDOM;
    arm_injection(number, error);
    int done = operation->run(block);
    int injected = disarm_injection();
    DWORD code = GetLastError();
    CHECK_EQUAL(errno, EDOM);
    if (done) {
        CHECK_EQUAL(code, UNTOUCHED_ERROR);
    } else {
        CHECK(is_true_code(code));
        CHECK_UNCHANGED(&before);
        CHECK_ENFORCED(block, BLOCK_BYTES);
        CHECK(operation->run(block));
    }
    CHECK_ENFORCED(block, BLOCK_BYTES);
    operation->check(block);
    if (region_at(block).State != MEM_FREE)
        release(block);
    return injected;
}

static BYTE *make_free_space(void) {
    return free_space(BLOCK_BYTES);
}

static BYTE *make_reserved_block(void) {
    return reserved_pages(page_count);
}

// Filled, with a read-only page and a decommitted one, so that there are several mappings.
static BYTE *make_mixed_block(void) {
    BYTE *block = committed_pages(page_count);
    DWORD before;
    memset(block, 0x28, BLOCK_BYTES);
    GRANTED(VirtualProtect(block + 8 * page_size, page_size, PAGE_READONLY, &before));
    GRANTED(VirtualFree(block + 16 * page_size, page_size, MEM_DECOMMIT));
    return block;
}

static int reserve_at(BYTE *block) {
    return VirtualAlloc(block, BLOCK_BYTES, MEM_RESERVE, PAGE_READWRITE) == block;
}
static void check_reserved(BYTE *block) {
    CHECK_RESERVED(block, BLOCK_BYTES);
}

static int reserve_and_commit_at(BYTE *block) {
    return VirtualAlloc(block, BLOCK_BYTES, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE) == block;
}
static void check_committed_and_zero(BYTE *block) {
    CHECK_COMMITTED(block, PAGE_READWRITE, BLOCK_BYTES);
    CHECK(every_byte_is(block, 0, BLOCK_BYTES));
    memset(block, 0x29, BLOCK_BYTES);
    CHECK(every_byte_is(block, 0x29, BLOCK_BYTES));
}

static int commit_block(BYTE *block) {
    return VirtualAlloc(block, BLOCK_BYTES, MEM_COMMIT, PAGE_READWRITE) == block;
}
static void check_hole_is_committed(BYTE *block) {
    CHECK_COMMITTED(block, PAGE_READWRITE, BLOCK_BYTES);
    CHECK(every_byte_is(block, 0x28, 16 * page_size));
    CHECK(every_byte_is(block + 16 * page_size, 0, page_size));
    CHECK(every_byte_is(block + 17 * page_size, 0x28, BLOCK_BYTES - 17 * page_size));
}

static int commit_executable(BYTE *block) {
    return VirtualAlloc(block, BLOCK_BYTES, MEM_COMMIT, PAGE_EXECUTE_READWRITE) == block;
}
static void check_executable_and_zero(BYTE *block) {
    CHECK_COMMITTED(block, PAGE_EXECUTE_READWRITE, BLOCK_BYTES);
    CHECK(every_byte_is(block, 0, BLOCK_BYTES));
}

static BYTE *make_executable_block(void) {
    BYTE *block = committed_pages(page_count);
    DWORD before;
    memset(block, 0x28, BLOCK_BYTES);
    GRANTED(VirtualProtect(block, BLOCK_BYTES, PAGE_EXECUTE_READ, &before));
    return block;
}

static int commit_read_only(BYTE *block) {
    return VirtualAlloc(block + page_size, 3 * page_size, MEM_COMMIT, PAGE_READONLY) != NULL;
}
static void check_read_only_pages(BYTE *block) {
    CHECK_COMMITTED(block + page_size, PAGE_READONLY, 3 * page_size);
    CHECK(every_byte_is(block + page_size, 0, 3 * page_size));
    CHECK_RESERVED(block, page_size);
}

// Some pages that will be decommitted are locked without the library's knowledge.
static BYTE *make_locked_block(void) {
    BYTE *block = committed_pages(page_count);
    memset(block, 0x28, BLOCK_BYTES);
    CHECK(mlock(block + 12 * page_size, 4 * page_size) == 0);
    return block;
}

static int decommit_some(BYTE *block) {
    return VirtualFree(block + 4 * page_size, 20 * page_size, MEM_DECOMMIT);
}
static void check_some_are_decommitted(BYTE *block) {
    CHECK_COMMITTED(block, PAGE_READWRITE, 4 * page_size);
    CHECK_RESERVED(block + 4 * page_size, 20 * page_size);
    CHECK(every_byte_is(block, 0x28, 4 * page_size));
    CHECK(every_byte_is(block + 24 * page_size, 0x28, 40 * page_size));
    GRANTED(VirtualAlloc(block, BLOCK_BYTES, MEM_COMMIT, PAGE_READWRITE));
    CHECK(every_byte_is(block + 4 * page_size, 0, 20 * page_size));
}

static int release_block(BYTE *block) {
    return VirtualFree(block, 0, MEM_RELEASE);
}
static void check_released(BYTE *block) {
    CHECK_FREE(block);
    GRANTED(VirtualAlloc(block, BLOCK_BYTES, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE));
    CHECK(every_byte_is(block, 0, BLOCK_BYTES));
}

static int protect_some(BYTE *block) {
    DWORD before;
    return VirtualProtect(block + 4 * page_size, 8 * page_size, PAGE_EXECUTE_READ, &before);
}
static void check_some_are_protected(BYTE *block) {
    CHECK_COMMITTED(block, PAGE_READWRITE, 4 * page_size);
    CHECK_COMMITTED(block + 4 * page_size, PAGE_EXECUTE_READ, 8 * page_size);
    CHECK(every_byte_is(block, 0x28, 16 * page_size));
}

static int reset_some(BYTE *block) {
    return VirtualAlloc(block, 8 * page_size, MEM_RESET, PAGE_READWRITE) != NULL;
}
static void check_rest_is_kept(BYTE *block) {
    CHECK_COMMITTED(block, PAGE_READWRITE, 8 * page_size);
    CHECK(every_byte_is(block + 8 * page_size, 0x28, 8 * page_size));
}

// Pages 4 to 11 are reset, one of them read-only; what can be taken back is all there.
static BYTE *make_reset_block(void) {
    BYTE *block = make_mixed_block();
    GRANTED(VirtualAlloc(block + 4 * page_size, 8 * page_size, MEM_RESET, PAGE_READWRITE));
    return block;
}
static int undo_reset(BYTE *block) {
    return VirtualAlloc(block + 4 * page_size, 8 * page_size, MEM_RESET_UNDO, PAGE_READWRITE) !=
           NULL;
}
static void check_nothing_is_lost(BYTE *block) {
    CHECK_COMMITTED(block + 8 * page_size, PAGE_READONLY, page_size);
    CHECK(every_byte_is(block, 0x28, 16 * page_size));
}

static int lock_some(BYTE *block) {
    return VirtualLock(block, 8 * page_size);
}
static void check_locked(BYTE *block) {
    CHECK(VirtualUnlock(block, 8 * page_size));
    CHECK(every_byte_is(block, 0x28, 16 * page_size));
}

static void refuse_every_call_of(const struct operation *operation) {
    static const int errors[] = {ENOMEM, EAGAIN};
    for (SIZE_T i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        int number = 1;
        while (number < 200 && refuse_call_number(operation, number, errors[i]))
            number++;
        CHECK(number < 200);
        // Else nothing was tested. Only a reservation may do without the kernel.
        CHECK(number > 1 || operation->run == reserve_at);
    }
}

#define REFUSE_EVERY_CALL(name, make, run, check)                                                  \
    static void name(void) {                                                                       \
        static const struct operation operation = {#run, make, run, check};                        \
        refuse_every_call_of(&operation);                                                          \
    }

// 2.10 for all of these
REFUSE_EVERY_CALL(a_kernel_call_refused_in_reserve_changes_nothing, make_free_space, reserve_at,
                  check_reserved)
REFUSE_EVERY_CALL(a_kernel_call_refused_in_reserve_and_commit_changes_nothing, make_free_space,
                  reserve_and_commit_at, check_committed_and_zero)
REFUSE_EVERY_CALL(a_kernel_call_refused_in_commit_changes_nothing, make_reserved_block,
                  commit_block, check_committed_and_zero)
REFUSE_EVERY_CALL(a_kernel_call_refused_in_recommit_changes_nothing, make_mixed_block, commit_block,
                  check_hole_is_committed)
REFUSE_EVERY_CALL(a_kernel_call_refused_in_commit_read_only_changes_nothing, make_reserved_block,
                  commit_read_only, check_read_only_pages)
REFUSE_EVERY_CALL(a_kernel_call_refused_in_commit_executable_changes_nothing, make_reserved_block,
                  commit_executable, check_executable_and_zero)
REFUSE_EVERY_CALL(a_kernel_call_refused_in_decommit_changes_nothing, make_mixed_block,
                  decommit_some, check_some_are_decommitted)
REFUSE_EVERY_CALL(a_kernel_call_refused_in_decommit_of_locked_pages_changes_nothing,
                  make_locked_block, decommit_some, check_some_are_decommitted)
REFUSE_EVERY_CALL(a_kernel_call_refused_in_release_changes_nothing, make_mixed_block, release_block,
                  check_released)
REFUSE_EVERY_CALL(a_kernel_call_refused_in_release_of_executable_pages_changes_nothing,
                  make_executable_block, release_block, check_released)
REFUSE_EVERY_CALL(a_kernel_call_refused_in_protect_changes_nothing, make_mixed_block, protect_some,
                  check_some_are_protected)
REFUSE_EVERY_CALL(a_kernel_call_refused_in_reset_changes_nothing, make_mixed_block, reset_some,
                  check_rest_is_kept)
REFUSE_EVERY_CALL(a_kernel_call_refused_in_reset_undo_changes_nothing, make_reset_block, undo_reset,
                  check_nothing_is_lost)
REFUSE_EVERY_CALL(a_kernel_call_refused_in_lock_changes_nothing, make_mixed_block, lock_some,
                  check_locked)

TEST_PROGRAM(TEST(a_kernel_call_refused_in_reserve_changes_nothing),
             TEST(a_kernel_call_refused_in_reserve_and_commit_changes_nothing),
             TEST(a_kernel_call_refused_in_commit_changes_nothing),
             TEST(a_kernel_call_refused_in_recommit_changes_nothing),
             TEST(a_kernel_call_refused_in_commit_read_only_changes_nothing),
             TEST(a_kernel_call_refused_in_commit_executable_changes_nothing),
             TEST(a_kernel_call_refused_in_decommit_changes_nothing),
             TEST(a_kernel_call_refused_in_decommit_of_locked_pages_changes_nothing),
             TEST(a_kernel_call_refused_in_release_changes_nothing),
             TEST(a_kernel_call_refused_in_release_of_executable_pages_changes_nothing),
             TEST(a_kernel_call_refused_in_protect_changes_nothing),
             TEST(a_kernel_call_refused_in_reset_changes_nothing),
             TEST(a_kernel_call_refused_in_reset_undo_changes_nothing),
             TEST(a_kernel_call_refused_in_lock_changes_nothing))
