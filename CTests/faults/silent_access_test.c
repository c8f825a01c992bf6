// Linux only: accesses that the system serves by itself and no handler sees (behaviour 8.11, 8.33).
#include "exception_log.h"

#include <sys/mman.h>
#include <unistd.h>

// 8.11: the copy is private, the file stays as it is.
static void a_store_to_a_copy_on_write_page_raises_nothing(void) {
    int file = memfd_create("original", 0);
    CHECK_EQUAL(ftruncate(file, page_size), 0);
    CHECK_EQUAL(pwrite(file, "original", 8, 0), 8);
    BYTE *view = (BYTE *)mmap(NULL, page_size, PROT_READ, MAP_PRIVATE, file, 0);
    CHECK(view != MAP_FAILED);
    DWORD before = 0;
    GRANTED(VirtualProtect(view, page_size, PAGE_WRITECOPY, &before));
    CHECK_EQUAL(before, PAGE_READONLY);
    begin_log(just_continue);
    write_byte(view, 'O');
    end_log();
    CHECK_EQUAL(exception_log.count, 0);
    CHECK_EQUAL(read_byte(view), 'O');
    char first = 0;
    CHECK_EQUAL(pread(file, &first, 1, 0), 1);
    CHECK_EQUAL(first, 'o');
    munmap(view, page_size);
    close(file);
}

static __attribute__((noinline)) int use_stack(int depth) {
    volatile BYTE frame[4096];
    frame[0] = (BYTE)depth;
    return (depth == 0 ? 0 : use_stack(depth - 1)) + (frame[0] == (BYTE)depth);
}

// 8.33
static void growth_of_the_own_stack_raises_nothing(void) {
    enum { DEPTH = 512 }; // 2 MiB, far below what has been touched so far
    begin_log(just_continue);
    int frames = use_stack(DEPTH);
    end_log();
    CHECK_EQUAL(exception_log.count, 0);
    CHECK_EQUAL(frames, DEPTH + 1);
}

TEST_PROGRAM(TEST(a_store_to_a_copy_on_write_page_raises_nothing),
             TEST(growth_of_the_own_stack_raises_nothing))
