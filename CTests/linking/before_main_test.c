// Linux only: the library serves calls that come before main and after it, before its own
// constructors and after its destructors.
#include "block_cycle.h"
#include "memory_checks.h"

#include <unistd.h>

static BYTE *early_block, *constructor_block;
static int early_line = -1, constructor_line = -1, early_cycle = -1;

// The executable's preinit functions run before the constructors of every library.
static void run_before_every_constructor(int argc, char **argv, char **environment) {
    (void)argc, (void)argv, (void)environment;
    early_cycle = block_cycle(0x61);
    early_block = (BYTE *)VirtualAlloc(NULL, 2 * page_size, MEM_COMMIT, PAGE_READWRITE);
    if (early_block == NULL)
        return;
    fill_bytes(early_block, 0x62, page_size);
    early_line = query_says(early_block, MEM_COMMIT, PAGE_READWRITE, 2 * page_size) ? 0 : __LINE__;
}
__attribute__((section(".preinit_array"), used)) static void (*const preinit[])(int, char **,
                                                                                char **) = {
    run_before_every_constructor};

__attribute__((constructor(101))) static void run_in_the_first_constructor(void) {
    constructor_line = block_cycle(0x63);
    constructor_block = (BYTE *)VirtualAlloc(NULL, page_size, MEM_RESERVE, PAGE_READONLY);
}

// Runs after main; what goes wrong here ends the program with a status of its own.
__attribute__((destructor(101))) static void run_in_the_last_destructor(void) {
    if (block_cycle(0x64) != 0 || !VirtualFree(early_block, 0, MEM_RELEASE))
        _exit(101);
}

static void a_call_before_every_constructor_works(void) {
    CHECK_EQUAL(early_cycle, 0);
    CHECK_EQUAL(early_line, 0);
}

static void a_call_in_the_first_constructor_works(void) {
    CHECK_EQUAL(constructor_line, 0);
    CHECK(constructor_block != NULL);
}

static void blocks_made_before_main_are_still_there(void) {
    CHECK_COMMITTED(early_block, PAGE_READWRITE, 2 * page_size);
    CHECK(bytes_are(early_block, 0x62, page_size));
    CHECK(bytes_are(early_block + page_size, 0, page_size));
    CHECK_RESERVED(constructor_block, page_size);
    CHECK_ALLOCATION(constructor_block, constructor_block, PAGE_READONLY);
    release(constructor_block);
    constructor_block = NULL;
}

TEST_PROGRAM(TEST(a_call_before_every_constructor_works),
             TEST(a_call_in_the_first_constructor_works),
             TEST(blocks_made_before_main_are_still_there))
