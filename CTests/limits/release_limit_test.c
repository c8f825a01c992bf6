// Linux only: nothing that frees is refused at the kernel's limit on mappings, however the kernel has joined
// the memory with its neighbours. More blocks are freed than the library holds mappings in reserve.
#include "enforcement_checks.h"
#include "mapping_limit.h"

#include <winternl.h>

enum { block_count = 64 };
#define BLOCK_BYTES ((SIZE_T)allocation_granularity)

// Blocks side by side at an address that lies in no arena.
static void make_neighbours(BYTE *blocks[block_count], DWORD type) {
    BYTE *const far = (BYTE *)0x590000000000;
    for (int i = 0; i < block_count; i++) {
        blocks[i] = far + (SIZE_T)i * BLOCK_BYTES;
        CHECK(VirtualAlloc(blocks[i], BLOCK_BYTES, type, PAGE_READWRITE) == blocks[i]);
        if (type & MEM_COMMIT)
            memset(blocks[i], 0xA1, BLOCK_BYTES);
    }
}

// Releases every second block, and then the others.
static void release_all_at_the_limit(BYTE *blocks[block_count], DWORD type) {
    reach_the_limit();
    for (int i = 1; i < block_count; i += 2) {
        stay_at_the_limit();
        check_row("block %d", i);
        GRANTED(VirtualFree(blocks[i], 0, MEM_RELEASE));
        CHECK_FREE(blocks[i]);
        REFUSED(VirtualFree(blocks[i], 0, MEM_RELEASE), ERROR_INVALID_ADDRESS);
        CHECK_ENFORCED(blocks[i], BLOCK_BYTES);
        if (type & MEM_COMMIT)
            CHECK(every_byte_is(blocks[i - 1], 0xA1, BLOCK_BYTES));
    }
    for (int i = 0; i < block_count; i += 2) {
        stay_at_the_limit();
        check_row("block %d", i);
        GRANTED(VirtualFree(blocks[i], 0, MEM_RELEASE));
        CHECK_FREE(blocks[i]);
    }
    leave_the_limit();
    for (int i = 0; i < block_count; i++) {
        CHECK(VirtualAlloc(blocks[i], BLOCK_BYTES, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE) ==
              blocks[i]);
        CHECK(every_byte_is(blocks[i], 0, BLOCK_BYTES));
        release(blocks[i]);
    }
}

static void neighbours_at_fixed_addresses_are_released(void) {
    BYTE *blocks[block_count];
    make_neighbours(blocks, MEM_RESERVE);
    release_all_at_the_limit(blocks, MEM_RESERVE);
}

static void committed_neighbours_at_fixed_addresses_are_released(void) {
    BYTE *blocks[block_count];
    make_neighbours(blocks, MEM_RESERVE | MEM_COMMIT);
    release_all_at_the_limit(blocks, MEM_COMMIT);
}

static void committed_neighbours_anywhere_are_released(void) {
    BYTE *blocks[block_count], *place = reserved_pages(block_count * BLOCK_BYTES / page_size);
    release(place);
    for (int i = 0; i < block_count; i++) {
        blocks[i] = place + (SIZE_T)i * BLOCK_BYTES;
        CHECK(VirtualAlloc(blocks[i], BLOCK_BYTES, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE) ==
              blocks[i]);
        memset(blocks[i], 0xA1, BLOCK_BYTES);
    }
    release_all_at_the_limit(blocks, MEM_COMMIT);
}

// 10C; pieces whose memory has replaced a placeholder, and pieces that are still one.
static void pieces_of_a_placeholder_are_released(void) {
    BYTE *blocks[block_count], *const far = (BYTE *)0x590000000000;
    GRANTED(VirtualAlloc2(NULL, far, block_count * BLOCK_BYTES,
                          MEM_RESERVE | MEM_RESERVE_PLACEHOLDER, PAGE_NOACCESS, NULL, 0));
    for (int i = 0; i < block_count; i++) {
        blocks[i] = far + (SIZE_T)i * BLOCK_BYTES;
        if (i < block_count - 1)
            GRANTED(VirtualFree(blocks[i], BLOCK_BYTES, MEM_RELEASE | MEM_PRESERVE_PLACEHOLDER));
        if (i % 4 < 2)
            GRANTED(VirtualAlloc2(NULL, blocks[i], BLOCK_BYTES,
                                  MEM_RESERVE | MEM_COMMIT | MEM_REPLACE_PLACEHOLDER,
                                  PAGE_READWRITE, NULL, 0));
    }
    release_all_at_the_limit(blocks, MEM_RESERVE);
}

// 4.31: by the NT interface.
static void parts_of_a_block_are_released(void) {
    BYTE *block = committed_pages(2 * block_count);
    memset(block, 0xA1, 2 * block_count * page_size);
    reach_the_limit();
    for (int i = 0; i < block_count; i++) {
        stay_at_the_limit();
        check_row("part %d", i);
        PVOID part = block + (2 * (SIZE_T)i + 1) * page_size;
        SIZE_T size = page_size;
        CHECK_EQUAL(NtFreeVirtualMemory(GetCurrentProcess(), &part, &size, MEM_RELEASE), 0);
        CHECK_FREE((BYTE *)part);
        CHECK(every_byte_is((BYTE *)part - page_size, 0xA1, page_size));
        GRANTED(VirtualFree((BYTE *)part - page_size, 0, MEM_RELEASE));
    }
    leave_the_limit();
    CHECK_FREE(block);
}

TEST_PROGRAM(TEST(neighbours_at_fixed_addresses_are_released),
             TEST(committed_neighbours_at_fixed_addresses_are_released),
             TEST(committed_neighbours_anywhere_are_released),
             TEST(pieces_of_a_placeholder_are_released), TEST(parts_of_a_block_are_released))
