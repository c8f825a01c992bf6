// Linux only: under the thread sanitizer memory that goes from one thread to another through the library
// is no race. The program says that it is fine; the sanitizer ends it with another status if not.
#include "memory_checks.h"

#include <pthread.h>
#include <winternl.h>

enum { round_count = 200, page_count = 16 };

// The threads take turns by this alone, which for the sanitizer is no order between them.
static LONG turn;
static BYTE *block;

static void wait_for_turn(LONG which) {
    while (__atomic_load_n(&turn, __ATOMIC_RELAXED) != which)
        SwitchToThread();
}

static void pass_turn(LONG which) {
    __atomic_store_n(&turn, which, __ATOMIC_RELAXED);
}

// Writes to memory out of a call of the library, and gives it back by another.
static void (*use_memory)(LONG thread);

static void use_block(LONG thread) {
    BYTE *own = (BYTE *)VirtualAlloc(NULL, page_count * page_size, MEM_RESERVE | MEM_COMMIT,
                                     PAGE_READWRITE);
    memset(own, (int)thread, page_count * page_size);
    VirtualFree(own, 0, MEM_RELEASE);
}

static void use_large_block(LONG thread) {
    BYTE *own = (BYTE *)VirtualAlloc(NULL, 8 << 20, MEM_RESERVE, PAGE_READWRITE);
    VirtualAlloc(own, 8 << 20, MEM_COMMIT, PAGE_READWRITE);
    for (SIZE_T i = 0; i < 8 << 20; i += 64 * page_size)
        own[i] = (BYTE)thread;
    VirtualFree(own, 0, MEM_RELEASE);
}

static void use_pages(LONG thread) {
    VirtualAlloc(block, 4 * page_size, MEM_COMMIT, PAGE_READWRITE);
    memset(block, (int)thread, 4 * page_size);
    VirtualFree(block, 4 * page_size, MEM_DECOMMIT);
}

static void use_other_calls(LONG thread) {
    const HANDLE self = GetCurrentProcess();
    PVOID base = NULL;
    SIZE_T size = page_count * page_size;
    BYTE *own =
        (BYTE *)VirtualAlloc2(NULL, NULL, size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE, NULL, 0);
    memset(own, (int)thread, size);
    VirtualFreeEx(self, own, 0, MEM_RELEASE);
    NtAllocateVirtualMemory(self, &base, 0, &size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    memset(base, (int)thread, size);
    size = 0;
    NtFreeVirtualMemory(self, &base, &size, MEM_RELEASE);
    own = (BYTE *)VirtualAllocEx(self, NULL, size = 5 * page_size, MEM_RESERVE | MEM_COMMIT,
                                 PAGE_READWRITE);
    memset(own, (int)thread, size);
    VirtualFree(own, 0, MEM_RELEASE);
}

static void *take_turns(void *number) {
    LONG thread = (LONG)(ULONG_PTR)number;
    for (int i = 0; i < round_count; i++) {
        wait_for_turn(thread);
        use_memory(thread);
        pass_turn(!thread);
    }
    return NULL;
}

static void check_no_race(void (*use)(LONG)) {
    pthread_t threads[2];
    use_memory = use;
    pass_turn(0);
    for (ULONG_PTR i = 0; i < 2; i++)
        CHECK_EQUAL(pthread_create(&threads[i], NULL, take_turns, (void *)i), 0);
    for (int i = 0; i < 2; i++)
        CHECK_EQUAL(pthread_join(threads[i], NULL), 0);
}

static void a_released_block_that_another_thread_gets_is_no_race(void) {
    check_no_race(use_block);
    check_no_race(use_large_block);
}

static void a_decommitted_page_that_another_thread_commits_is_no_race(void) {
    block = reserved_pages(page_count);
    check_no_race(use_pages);
    release(block);
}

static void memory_of_the_other_calls_is_no_race(void) {
    check_no_race(use_other_calls);
}

TEST_PROGRAM(TEST(a_released_block_that_another_thread_gets_is_no_race),
             TEST(a_decommitted_page_that_another_thread_commits_is_no_race),
             TEST(memory_of_the_other_calls_is_no_race))
