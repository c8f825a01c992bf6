// Linux only: memory that is decommitted or released goes back to the system at once, and
// committed memory takes none until it is touched. Reads /proc/self/statm.
#include "resident_bytes.h"

#define BLOCK_BYTES ((SIZE_T)64 << 20)
// What else in the process may grow or shrink meanwhile.
#define TOLERANCE ((SIZE_T)4 << 20)

static BYTE *touched_block(void) {
    BYTE *base = committed_pages(BLOCK_BYTES / page_size);
    SIZE_T before = resident_bytes();
    memset(base, 0x19, BLOCK_BYTES);
    CHECK(resident_bytes() >= before + BLOCK_BYTES - TOLERANCE);
    return base;
}

// Design page, section 5: lazy physical memory stays lazy.
static void reserving_and_committing_take_no_memory(void) {
    SIZE_T before = resident_bytes();
    BYTE *base = committed_pages(BLOCK_BYTES / page_size);
    CHECK(resident_bytes() < before + TOLERANCE);
    release(base);
}

// 4.30
static void decommitting_gives_the_memory_back_at_once(void) {
    BYTE *base = touched_block();
    SIZE_T full = resident_bytes();
    GRANTED(VirtualFree(base, BLOCK_BYTES / 2, MEM_DECOMMIT));
    SIZE_T half = resident_bytes();
    CHECK(half + BLOCK_BYTES / 2 <= full + TOLERANCE);
    GRANTED(VirtualFree(base, 0, MEM_DECOMMIT));
    CHECK(resident_bytes() + BLOCK_BYTES <= full + TOLERANCE);
    release(base);
}

// 4.18
static void releasing_gives_the_memory_back_at_once(void) {
    BYTE *base = touched_block();
    SIZE_T full = resident_bytes();
    release(base);
    CHECK(resident_bytes() + BLOCK_BYTES <= full + TOLERANCE);
}

// 4.30, 4.18: pages that cannot be accessed hold memory all the same.
static void protected_pages_give_their_memory_back_too(void) {
    static const DWORD protections[] = {PAGE_NOACCESS, PAGE_READONLY, PAGE_READWRITE | PAGE_GUARD,
                                        PAGE_EXECUTE_READ};
    for (SIZE_T i = 0; i < sizeof protections / sizeof protections[0]; i++) {
        check_row("protection 0x%x", (unsigned)protections[i]);
        BYTE *base = touched_block();
        DWORD before;
        GRANTED(VirtualProtect(base, BLOCK_BYTES, protections[i], &before));
        SIZE_T full = resident_bytes();
        GRANTED(VirtualFree(base, BLOCK_BYTES / 2, MEM_DECOMMIT));
        CHECK(resident_bytes() + BLOCK_BYTES / 2 <= full + TOLERANCE);
        release(base);
        CHECK(resident_bytes() + BLOCK_BYTES <= full + TOLERANCE);
    }
}

// 4.20
static void locked_pages_give_their_memory_back_too(void) {
    BYTE *base = touched_block();
    GRANTED(VirtualLock(base + page_size, 8 * page_size));
    SIZE_T full = resident_bytes();
    GRANTED(VirtualFree(base, BLOCK_BYTES / 2, MEM_DECOMMIT));
    CHECK(resident_bytes() + BLOCK_BYTES / 2 <= full + TOLERANCE);
    release(base);
    CHECK(resident_bytes() + BLOCK_BYTES <= full + TOLERANCE);
}

// 2.12
static void a_terabyte_reserved_takes_next_to_no_memory(void) {
    SIZE_T before = resident_bytes();
    void *base = GRANTED(VirtualAlloc(NULL, (SIZE_T)1 << 40, MEM_RESERVE, PAGE_READWRITE));
    CHECK(resident_bytes() < before + TOLERANCE);
    release(base);
}

TEST_PROGRAM(TEST(reserving_and_committing_take_no_memory),
             TEST(decommitting_gives_the_memory_back_at_once),
             TEST(releasing_gives_the_memory_back_at_once),
             TEST(protected_pages_give_their_memory_back_too),
             TEST(locked_pages_give_their_memory_back_too),
             TEST(a_terabyte_reserved_takes_next_to_no_memory))
