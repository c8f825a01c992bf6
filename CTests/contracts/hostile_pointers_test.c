// Linux only: a bad pointer to any function is refused, or is an access violation at that pointer as
// on Windows; never an instruction that the library itself put there to die by.
#include "hostile_calls.h"

#include <setjmp.h>
#include <signal.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static sigjmp_buf way_out;

static void jump_out(int signal) {
    siglongjmp(way_out, signal);
}

static void *bad_pointer(SIZE_T index) {
    void *const pointers[] = {NULL,
                              (void *)1,
                              (void *)0xFFF8,
                              (void *)(USER_SPACE_END - 8),
                              (void *)0x800000000000ull,
                              (void *)0xFFFFFFFFFFFFF000ull,
                              (void *)0xFFFFFFFFFFFFFFF8ull,
                              read_only_page,
                              reserved_page,
                              last_writable};
    return pointers[index];
}
enum { bad_pointer_count = 10 };

static void make_pages(void) {
    BYTE *writable = committed_pages(1);
    last_writable = writable + page_size - 1;
    read_only_page =
        (BYTE *)GRANTED(VirtualAlloc(NULL, page_size, MEM_RESERVE | MEM_COMMIT, PAGE_READONLY));
    reserved_page = reserved_pages(1);
    GRANTED(
        OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY | TOKEN_ADJUST_PRIVILEGES, &own_token));
}

// Facts 12.12 and 1B where a service checks; elsewhere Windows faults at the caller's address.
static void a_bad_pointer_is_refused_or_faults_where_it_points(void) {
    make_pages();
    const int signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT};
    struct sigaction action = {.sa_handler = jump_out}, before[COUNT(signals)];
    for (SIZE_T i = 0; i < COUNT(signals); i++)
        sigaction(signals[i], &action, &before[i]);
    for (volatile SIZE_T row = 0; row < COUNT(calls); row++)
        for (volatile SIZE_T pointer = 0; pointer < bad_pointer_count; pointer++) {
            check_row("%s(%p)", calls[row].name, bad_pointer(pointer));
            int died = sigsetjmp(way_out, 1);
            if (died == 0)
                calls[row].run(bad_pointer(pointer));
            CHECK(died == 0 || died == SIGSEGV || died == SIGBUS);
        }
    for (SIZE_T i = 0; i < COUNT(signals); i++)
        sigaction(signals[i], &before[i], NULL);
    BYTE *block = committed_pages(4);
    memset(block, 1, 4 * page_size);
    release(block);
}

TEST_PROGRAM(TEST(a_bad_pointer_is_refused_or_faults_where_it_points))
