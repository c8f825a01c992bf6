// Linux only: every kernel call of discard, offer and reclaim is refused in turn. The call then either
// succeeds all the same, or is refused, has changed nothing, and succeeds the next time.
#include "enforcement_checks.h"
#include "fault_injection.h"

enum { page_count = 32 };
#define BLOCK_BYTES ((SIZE_T)page_count * page_size)

struct operation {
    const char *name;
    BYTE *(*make)(void);
    DWORD (*run)(BYTE *block);
    DWORD protection; // of the pages 4 to 19 afterwards
};

// Pages 8 to 11 are offered already.
static BYTE *make_block(void) {
    BYTE *block = committed_pages(page_count);
    memset(block, 0x28, BLOCK_BYTES);
    CHECK_EQUAL(OfferVirtualMemory(block + 8 * page_size, 4 * page_size, VmOfferPriorityLow), 0);
    return block;
}

static BYTE *make_readable_block(void) {
    BYTE *block = committed_pages(page_count);
    memset(block, 0x28, BLOCK_BYTES);
    return block;
}

static DWORD discard(BYTE *block) {
    return DiscardVirtualMemory(block + 4 * page_size, 16 * page_size);
}
static DWORD offer(BYTE *block) {
    return OfferVirtualMemory(block + 4 * page_size, 16 * page_size, VmOfferPriorityNormal);
}
static DWORD reclaim(BYTE *block) {
    DWORD code = ReclaimVirtualMemory(block + 4 * page_size, 16 * page_size);
    return code == ERROR_BUSY ? ERROR_SUCCESS : code;
}

static int refuse_call_number(const struct operation *operation, int number, int error) {
    BYTE *block = operation->make();
    struct snapshot before = snapshot_of(block, BLOCK_BYTES);
    check_row("%s, call %d refused with %s", operation->name, number, strerrorname_np(error));
    errno = EDOM;
    arm_injection(number, error);
    DWORD code = operation->run(block);
    int injected = disarm_injection();
    CHECK_EQUAL(errno, EDOM);
    if (code != ERROR_SUCCESS) {
        CHECK_EQUAL(code, ERROR_NOT_ENOUGH_MEMORY);
        CHECK_UNCHANGED(&before);
        CHECK_ENFORCED(block, BLOCK_BYTES);
        CHECK_EQUAL(operation->run(block), ERROR_SUCCESS);
    }
    CHECK_ENFORCED(block, BLOCK_BYTES);
    CHECK_COMMITTED(block + 4 * page_size, operation->protection, 0);
    CHECK(every_byte_is(block, 0x28, 4 * page_size));
    CHECK(every_byte_is(block + 20 * page_size, 0x28, BLOCK_BYTES - 20 * page_size));
    if (operation->run == reclaim && !injected)
        CHECK(every_byte_is(block, 0x28, BLOCK_BYTES));
    release(block);
    return injected;
}

static void refuse_every_call_of(const struct operation *operation) {
    static const int errors[] = {ENOMEM, EAGAIN};
    for (SIZE_T i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        int number = 1;
        while (number < 200 && refuse_call_number(operation, number, errors[i]))
            number++;
        CHECK(number > 1 && number < 200);
    }
}

// 7.14, 7.15, 7.16 with 2.10
static void a_kernel_call_refused_in_discard_changes_nothing(void) {
    static const struct operation operation = {"discard", make_readable_block, discard,
                                               PAGE_READWRITE};
    refuse_every_call_of(&operation);
}

static void a_kernel_call_refused_in_offer_changes_nothing(void) {
    static const struct operation operation = {"offer", make_block, offer, PAGE_NOACCESS};
    refuse_every_call_of(&operation);
}

static BYTE *make_offered_block(void) {
    BYTE *block = make_block();
    CHECK_EQUAL(offer(block), ERROR_SUCCESS);
    return block;
}

static void a_kernel_call_refused_in_reclaim_changes_nothing(void) {
    static const struct operation operation = {"reclaim", make_offered_block, reclaim,
                                               PAGE_READWRITE};
    refuse_every_call_of(&operation);
}

TEST_PROGRAM(TEST(a_kernel_call_refused_in_discard_changes_nothing),
             TEST(a_kernel_call_refused_in_offer_changes_nothing),
             TEST(a_kernel_call_refused_in_reclaim_changes_nothing))
