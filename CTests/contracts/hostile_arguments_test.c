// Linux only: no argument, however wrong, makes the library crash or harm memory of others.
// (On Windows a bad pointer to GetSystemInfo, say, ends the program.)
#include "block_cycle.h"
#include "memory_checks.h"

static BYTE *own_block, *reserved_block, *space;
static BYTE image_bytes[3 * page_size];

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static const SIZE_T sizes[] = {0,
                               1,
                               0xFFF,
                               0x1000,
                               0x1001,
                               0x10000,
                               1u << 31,
                               (SIZE_T)1 << 32,
                               (SIZE_T)1 << 47,
                               USER_SPACE_END,
                               (SIZE_T)1 << 63,
                               (SIZE_T)0 - 0x1000,
                               (SIZE_T)0 - 1};
static const DWORD words[] = {0,          1,          2,          4,          8,         0x10,
                              0x40,       0x80,       0x104,      0x204,      0x304,     0x1000,
                              0x2000,     0x3000,     0x4000,     0x8000,     0xC000,    0x10000,
                              0x80000,    0x101000,   0x203000,   0x402000,   0x1000000, 0x20003000,
                              0x40000040, 0x80000000, 0x80000004, 0x7FFFFFFF, 0xFFFFFFFF};

// Addresses that nothing good can be done with; the last ones are of this test's own blocks.
static void *hostile_address(SIZE_T index) {
    void *const addresses[] = {NULL,
                               (void *)1,
                               (void *)0xFFFF,
                               (void *)(USER_SPACE_END - 0x10000),
                               (void *)(USER_SPACE_END - 1),
                               (void *)USER_SPACE_END,
                               (void *)0x7FFFFFFFFFFFull,
                               (void *)0x800000000000ull,
                               (void *)0x8000000000000000ull,
                               (void *)0xFFFF7FFFFFFFFFFFull,
                               (void *)0xFFFFFFFFFFFFF000ull,
                               (void *)0xFFFFFFFFFFFFFFFFull,
                               space,
                               space + 0x1001,
                               reserved_block + 0x2000,
                               reserved_block + 0xFFFF};
    return index < COUNT(addresses) ? addresses[index] : NULL;
}
enum { hostile_address_count = 16 };

static void make_blocks(void) {
    own_block = committed_pages(4);
    memset(own_block, 0x91, 4 * page_size);
    memset(image_bytes, 0x92, sizeof image_bytes);
    reserved_block = reserved_pages(16);
    space = free_space(16 * page_size);
}

static void check_blocks(void) {
    CHECK(every_byte_is(own_block, 0x91, 4 * page_size));
    CHECK(every_byte_is(image_bytes, 0x92, sizeof image_bytes));
    CHECK_EQUAL(block_cycle(0x93), 0);
    release(own_block);
    release(reserved_block);
}

// A call that reserved or committed something after all is legal; it is undone.
static void try_to_allocate(void *address, SIZE_T byte_count, DWORD type, DWORD protection) {
    SetLastError(UNTOUCHED_ERROR);
    void *base = VirtualAlloc(address, byte_count, type, protection);
    CHECK(base == NULL ? GetLastError() != UNTOUCHED_ERROR : GetLastError() == UNTOUCHED_ERROR);
    if (base != NULL && region_at(base).AllocationBase != reserved_block)
        release(region_at(base).AllocationBase);
}

static void allocating_with_every_mix_of_bad_arguments_is_answered(void) {
    make_blocks();
    for (SIZE_T a = 0; a < hostile_address_count; a++)
        for (SIZE_T s = 0; s < COUNT(sizes); s++)
            for (SIZE_T t = 0; t < COUNT(words); t++)
                for (SIZE_T p = 0; p < COUNT(words); p++) {
                    check_row("address %d size %d type 0x%x protection 0x%x", (int)a, (int)s,
                              (unsigned)words[t], (unsigned)words[p]);
                    try_to_allocate(hostile_address(a), sizes[s], words[t], words[p]);
                }
    check_blocks();
}

static void freeing_with_every_mix_of_bad_arguments_is_answered(void) {
    make_blocks();
    for (SIZE_T a = 0; a < hostile_address_count; a++)
        for (SIZE_T s = 0; s < COUNT(sizes); s++)
            for (SIZE_T t = 0; t < COUNT(words); t++) {
                check_row("address %d size %d type 0x%x", (int)a, (int)s, (unsigned)words[t]);
                SetLastError(UNTOUCHED_ERROR);
                BOOL done = VirtualFree(hostile_address(a), sizes[s], words[t]);
                CHECK(done ? GetLastError() == UNTOUCHED_ERROR : GetLastError() != UNTOUCHED_ERROR);
            }
    check_blocks();
}

static void protecting_and_locking_with_every_mix_of_bad_arguments_is_answered(void) {
    make_blocks();
    for (SIZE_T a = 0; a < hostile_address_count; a++)
        for (SIZE_T s = 0; s < COUNT(sizes); s++) {
            void *address = hostile_address(a);
            check_row("address %d size %d", (int)a, (int)s);
            for (SIZE_T p = 0; p < COUNT(words); p++) {
                DWORD before;
                CHECK(!VirtualProtect(address, sizes[s], words[p], &before));
                CHECK(
                    !VirtualProtect(address, sizes[s], words[p], (PDWORD)hostile_address(p % 12)));
            }
            CHECK(!VirtualLock(address, sizes[s]));
            CHECK(!VirtualUnlock(address, sizes[s]));
            FlushInstructionCache(GetCurrentProcess(), address, sizes[s]);
        }
    check_blocks();
}

// 6.3
static void querying_every_address_into_every_buffer_is_answered(void) {
    make_blocks();
    for (SIZE_T a = 0; a < hostile_address_count; a++)
        for (SIZE_T buffer = 0; buffer < hostile_address_count; buffer++)
            for (SIZE_T s = 0; s < COUNT(sizes); s++) {
                check_row("address %d buffer %d size %d", (int)a, (int)buffer, (int)s);
                SetLastError(UNTOUCHED_ERROR);
                CHECK_EQUAL(VirtualQuery(hostile_address(a),
                                         (PMEMORY_BASIC_INFORMATION)hostile_address(buffer),
                                         sizes[s]),
                            0);
                CHECK(GetLastError() != UNTOUCHED_ERROR);
            }
    check_blocks();
}

static void freeing_inside_memory_of_others_is_refused(void) {
    make_blocks();
    void *heap = malloc(100000);
    memset(heap, 0x94, 100000);
    void *const addresses[] = {image_bytes + page_size, heap, &heap, stdout};
    for (SIZE_T a = 0; a < COUNT(addresses); a++)
        for (SIZE_T s = 0; s < COUNT(sizes); s++) {
            check_row("address %d size %d", (int)a, (int)s);
            CHECK(!VirtualFree(addresses[a], sizes[s], MEM_DECOMMIT));
            CHECK(!VirtualFree(addresses[a], sizes[s], MEM_RELEASE));
            CHECK(VirtualAlloc(addresses[a], sizes[s], MEM_RESERVE, PAGE_READWRITE) == NULL);
        }
    CHECK(every_byte_is(heap, 0x94, 100000));
    free(heap);
    check_blocks();
}

// Issue text: unwritable out-pointers (998).
static void information_into_every_bad_pointer_is_answered(void) {
    make_blocks();
    for (SIZE_T a = 0; a < hostile_address_count; a++) {
        void *address = hostile_address(a);
        check_row("address %d", (int)a);
        GetSystemInfo((LPSYSTEM_INFO)address);
        GetNativeSystemInfo((LPSYSTEM_INFO)address);
        REFUSED(GlobalMemoryStatusEx((LPMEMORYSTATUSEX)address), ERROR_NOACCESS);
        SetLastError(UNTOUCHED_ERROR);
        CHECK_EQUAL(FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, NULL,
                                   ERROR_INVALID_ADDRESS, 0, (LPSTR)address, 512, NULL),
                    0);
        CHECK(GetLastError() != UNTOUCHED_ERROR);
    }
    check_blocks();
}

TEST_PROGRAM(TEST(allocating_with_every_mix_of_bad_arguments_is_answered),
             TEST(freeing_with_every_mix_of_bad_arguments_is_answered),
             TEST(protecting_and_locking_with_every_mix_of_bad_arguments_is_answered),
             TEST(querying_every_address_into_every_buffer_is_answered),
             TEST(freeing_inside_memory_of_others_is_refused),
             TEST(information_into_every_bad_pointer_is_answered))
