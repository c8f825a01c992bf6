// Linux only: memory that others mapped. VirtualQuery and VirtualProtect tell the truth about it,
// VirtualAlloc keeps off it, VirtualFree leaves it alone.
#include "fault_probe.h"
#include "memory_checks.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

static BYTE *map(SIZE_T page_count, int protection, int flags) {
    void *base = mmap(NULL, page_count * page_size, protection,
                      flags | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    CHECK(base != MAP_FAILED);
    return (BYTE *)base;
}

// 6.23, 2.11
static void private_mappings_are_private_and_have_their_protection(void) {
    static const struct {
        int kernel;
        DWORD windows;
    } rows[] = {{PROT_READ, PAGE_READONLY},
                {PROT_READ | PROT_WRITE, PAGE_READWRITE},
                {PROT_EXEC, PAGE_EXECUTE},
                {PROT_READ | PROT_EXEC, PAGE_EXECUTE_READ},
                {PROT_READ | PROT_WRITE | PROT_EXEC, PAGE_EXECUTE_READWRITE}};
    for (SIZE_T i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        check_row("protection 0x%x", (unsigned)rows[i].windows);
        BYTE *base = map(4, rows[i].kernel, MAP_PRIVATE);
        MEMORY_BASIC_INFORMATION region = region_at(base + page_size);
        CHECK_EQUAL(region.State, MEM_COMMIT);
        CHECK_EQUAL(region.Protect, rows[i].windows);
        CHECK_EQUAL(region.Type, MEM_PRIVATE);
        CHECK_EQUAL((uintptr_t)region.BaseAddress, (uintptr_t)(base + page_size));
        munmap(base, 4 * page_size);
    }
}

// 6.23
static void inaccessible_mappings_are_not_free(void) {
    BYTE *base = map(4, PROT_NONE, MAP_PRIVATE);
    MEMORY_BASIC_INFORMATION region = region_at(base);
    CHECK(region.State == MEM_RESERVE || region.State == MEM_COMMIT);
    CHECK_EQUAL(region.Protect, region.State == MEM_RESERVE ? 0 : PAGE_NOACCESS);
    CHECK_EQUAL(region.Type, MEM_PRIVATE);
    munmap(base, 4 * page_size);
}

// 6.23
static void file_mappings_are_mapped_and_executable_ones_are_images(void) {
    int file = open("/proc/self/exe", O_RDONLY);
    static const int protections[] = {PROT_READ, PROT_READ | PROT_EXEC};
    for (int i = 0; i < 2; i++) {
        check_row("%s", i ? "executable" : "data");
        void *base = mmap(NULL, page_size, protections[i], MAP_PRIVATE, file, 0);
        MEMORY_BASIC_INFORMATION region = region_at(base);
        CHECK_EQUAL(region.State, MEM_COMMIT);
        CHECK_EQUAL(region.Protect, i ? PAGE_EXECUTE_READ : PAGE_READONLY);
        // The file is also the program's image, so either answer is sensible for its data.
        CHECK(region.Type == MEM_IMAGE || (i == 0 && region.Type == MEM_MAPPED));
        munmap(base, page_size);
    }
    close(file);
}

// 6.23
static void a_mapping_of_a_data_file_is_mapped(void) {
    char path[] = "/tmp/foreign_memory_test.XXXXXX";
    int file = mkstemp(path);
    CHECK(file >= 0 && ftruncate(file, 2 * page_size) == 0);
    void *base = mmap(NULL, 2 * page_size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    MEMORY_BASIC_INFORMATION region = region_at(base);
    CHECK_EQUAL(region.State, MEM_COMMIT);
    CHECK_EQUAL(region.Protect, PAGE_READWRITE);
    CHECK_EQUAL(region.Type, MEM_MAPPED);
    munmap(base, 2 * page_size);
    unlink(path);
    close(file);
}

// 2.11
static void what_others_unmap_is_free_again(void) {
    BYTE *base = map(4, PROT_READ, MAP_PRIVATE);
    CHECK_EQUAL(region_at(base).State, MEM_COMMIT);
    munmap(base, 4 * page_size);
    CHECK_FREE(base);
}

// 3.32, 2.11
static void reserving_over_a_mapping_of_others_is_refused(void) {
    BYTE *base = map(32, PROT_READ | PROT_WRITE, MAP_PRIVATE);
    memset(base, 0x95, 32 * page_size);
    for (SIZE_T page = 0; page < 32; page += 5) {
        check_row("page %d", (int)page);
        REFUSED(VirtualAlloc(base + page * page_size, page_size, MEM_RESERVE, PAGE_READWRITE),
                ERROR_INVALID_ADDRESS);
        REFUSED(VirtualAlloc(base + page * page_size, page_size, MEM_COMMIT, PAGE_READWRITE),
                ERROR_INVALID_ADDRESS);
    }
    CHECK(every_byte_is(base, 0x95, 32 * page_size));
    munmap(base, 32 * page_size);
}

// 4.22, 4.6
static void freeing_a_mapping_of_others_is_refused(void) {
    BYTE *base = map(4, PROT_READ | PROT_WRITE, MAP_PRIVATE);
    memset(base, 0x96, 4 * page_size);
    CHECK(!VirtualFree(base, 0, MEM_RELEASE));
    CHECK(!VirtualFree(base, page_size, MEM_DECOMMIT));
    CHECK(!VirtualFree(base + page_size, 0, MEM_RELEASE));
    CHECK(every_byte_is(base, 0x96, 4 * page_size));
    munmap(base, 4 * page_size);
}

// 5.5, 5.11
static void protecting_a_mapping_of_others_works_and_tells_the_old_protection(void) {
    BYTE *base = map(4, PROT_READ | PROT_WRITE, MAP_PRIVATE);
    DWORD before = 0;
    base[page_size] = 0x97;
    GRANTED(VirtualProtect(base + page_size, 2 * page_size, PAGE_READONLY, &before));
    CHECK_EQUAL(before, PAGE_READWRITE);
    CHECK(faults_on_write(base + page_size));
    CHECK(!faults_on_write(base));
    CHECK_EQUAL(region_at(base + page_size).Protect, PAGE_READONLY);
    CHECK_EQUAL(mprotect(base + page_size, page_size, PROT_READ | PROT_EXEC), 0);
    GRANTED(VirtualProtect(base + page_size, 2 * page_size, PAGE_READWRITE, &before));
    CHECK_EQUAL(before, PAGE_EXECUTE_READ);
    CHECK_EQUAL(base[page_size], 0x97);
    munmap(base, 4 * page_size);
}

// 5.8
static void protecting_across_the_end_of_a_mapping_is_refused(void) {
    BYTE *base = map(4, PROT_READ | PROT_WRITE, MAP_PRIVATE);
    DWORD before;
    munmap(base + 2 * page_size, 2 * page_size);
    REFUSED(VirtualProtect(base, 3 * page_size, PAGE_READONLY, &before), ERROR_INVALID_ADDRESS);
    CHECK(!faults_on_write(base));
    munmap(base, 2 * page_size);
}

// Learn, VirtualQuery: the pages of a region have the same attributes. Here Linux's own pages ([vvar])
// are among them, of which some cannot be read.
static void all_that_is_called_readable_can_be_read(void) {
    MEMORY_BASIC_INFORMATION region;
    const BYTE *address = NULL;
    int region_count = 0;
    for (; VirtualQuery(address, &region, sizeof region) != 0; region_count++) {
        // The kernel's own pages are few together; larger regions are looked at in 16 places.
        SIZE_T step = region.RegionSize / 16 & ~(SIZE_T)(page_size - 1);
        step = step < page_size ? page_size : step;
        for (SIZE_T offset = 0; is_readable(&region) && offset < region.RegionSize; offset += step)
            CHECK(!faults_on_read(address + offset));
        address += region.RegionSize;
    }
    CHECK(region_count > 10);
}

// Linux: a page behind the end of a mapped file cannot be read, whatever the mapping permits.
static void pages_behind_the_end_of_a_file_are_not_called_readable(void) {
    char path[] = "/tmp/foreign_memory_test.XXXXXX";
    int file = mkstemp(path);
    static const int protections[] = {PROT_READ, PROT_READ | PROT_WRITE};
    for (SIZE_T pages = 0; pages < 9; pages += 4)
        for (int i = 0; i < 2; i++) {
            check_row("%d of 8 pages, protection %d", (int)pages, protections[i]);
            CHECK_EQUAL(ftruncate(file, pages ? pages * page_size - 5 : 0), 0);
            BYTE *base = mmap(NULL, 8 * page_size, protections[i], MAP_SHARED, file, 0);
            MEMORY_BASIC_INFORMATION first = region_at(base);
            CHECK_EQUAL(first.Type, MEM_MAPPED);
            CHECK_EQUAL(first.Protect, pages == 0 ? PAGE_NOACCESS
                                       : i        ? PAGE_READWRITE
                                                  : PAGE_READONLY);
            CHECK_EQUAL(first.RegionSize, (pages == 0 ? 8 : pages) * page_size);
            CHECK_EQUAL(region_at(base + 7 * page_size).Protect == PAGE_NOACCESS, pages != 8);
            CHECK(faults_on_read(base + 7 * page_size) == (pages != 8));
            munmap(base, 8 * page_size);
        }
    unlink(path);
    close(file);
}

static void *query_the_own_stack(void *answer) {
    *(MEMORY_BASIC_INFORMATION *)answer = region_at(&answer);
    return NULL;
}

// 6.23
static void the_stack_of_a_thread_is_private_and_writable(void) {
    pthread_t thread;
    MEMORY_BASIC_INFORMATION region = {0};
    CHECK_EQUAL(pthread_create(&thread, NULL, query_the_own_stack, &region), 0);
    CHECK_EQUAL(pthread_join(thread, NULL), 0);
    CHECK_EQUAL(region.State, MEM_COMMIT);
    CHECK_EQUAL(region.Protect, PAGE_READWRITE);
    CHECK_EQUAL(region.Type, MEM_PRIVATE);
}

// 3.35: an address outside the library's own arena, where nothing is mapped, can be reserved.
static void a_free_address_anywhere_can_be_reserved_committed_and_released(void) {
    BYTE *base = (BYTE *)0x200000000000ull;
    CHECK_FREE(base);
    GRANTED(VirtualAlloc(base + 0x1234, 5 * page_size, MEM_RESERVE, PAGE_READWRITE));
    CHECK_RESERVED(base, 7 * page_size);
    GRANTED(VirtualAlloc(base + page_size, page_size, MEM_COMMIT, PAGE_READWRITE));
    CHECK(!faults_on_write(base + page_size));
    CHECK(faults_on_read(base));
    release(base);
    CHECK_FREE(base);
    CHECK(faults_on_read(base + page_size));
}

// 4.22, 4.7: the image is a view (87); inside the stack and the heap is not at the base (487).
static void memory_of_others_is_never_torn_down(void) {
    static int variable_of_the_program = 7;
    int variable_on_the_stack = 8;
    int *variable_on_the_heap = (int *)malloc(sizeof *variable_on_the_heap);
    *variable_on_the_heap = 9;
    void *addresses[] = {&variable_of_the_program, &variable_on_the_stack, variable_on_the_heap};
    for (SIZE_T i = 0; i < 3; i++) {
        check_row("address %d", (int)i);
        SetLastError(UNTOUCHED_ERROR);
        CHECK(!VirtualFree(addresses[i], 0, MEM_RELEASE));
        DWORD error = GetLastError();
        CHECK(error == ERROR_INVALID_ADDRESS || error == ERROR_INVALID_PARAMETER);
    }
    CHECK_EQUAL(variable_of_the_program, 7);
    CHECK_EQUAL(variable_on_the_stack, 8);
    CHECK_EQUAL(*variable_on_the_heap, 9);
    free(variable_on_the_heap);
}

TEST_PROGRAM(TEST(private_mappings_are_private_and_have_their_protection),
             TEST(inaccessible_mappings_are_not_free),
             TEST(file_mappings_are_mapped_and_executable_ones_are_images),
             TEST(a_mapping_of_a_data_file_is_mapped), TEST(what_others_unmap_is_free_again),
             TEST(reserving_over_a_mapping_of_others_is_refused),
             TEST(freeing_a_mapping_of_others_is_refused),
             TEST(memory_of_others_is_never_torn_down),
             TEST(protecting_a_mapping_of_others_works_and_tells_the_old_protection),
             TEST(protecting_across_the_end_of_a_mapping_is_refused),
             TEST(all_that_is_called_readable_can_be_read),
             TEST(pages_behind_the_end_of_a_file_are_not_called_readable),
             TEST(the_stack_of_a_thread_is_private_and_writable),
             TEST(a_free_address_anywhere_can_be_reserved_committed_and_released))
