// Linux only: NtCurrentTeb, as allocators (a name for the thread) and collectors (the ends of the
// stack) use it (porting.md, 1a and 4).
#include "../check.h"

#include <pthread.h>

static NT_TIB *own_block(void) {
    return (NT_TIB *)(void *)NtCurrentTeb();
}

static void *ask(void *unused) {
    (void)unused;
    return own_block();
}

static void each_thread_has_a_block_of_its_own(void) {
    pthread_t thread;
    void *other = NULL;
    CHECK(own_block() == own_block());
    CHECK_EQUAL(pthread_create(&thread, NULL, ask, NULL), 0);
    CHECK_EQUAL(pthread_join(thread, &other), 0);
    CHECK(other != NULL);
    CHECK(other != (void *)own_block());
}

static void the_block_knows_itself_and_the_stack(void) {
    int local = 0;
    ULONG_PTR low = 0, high = 0;
    GetCurrentThreadStackLimits(&low, &high);
    NT_TIB *block = own_block();
    CHECK(block->Self == block);
    CHECK_EQUAL((ULONG_PTR)block->StackBase, high);
    CHECK_EQUAL((ULONG_PTR)block->StackLimit, low);
    CHECK((ULONG_PTR)&local > low && (ULONG_PTR)&local < high);
}

static void the_last_error_is_left_alone(void) {
    SetLastError(UNTOUCHED_ERROR);
    CHECK(NtCurrentTeb() != NULL);
    CHECK_EQUAL(GetLastError(), UNTOUCHED_ERROR);
}

TEST_PROGRAM(TEST(each_thread_has_a_block_of_its_own), TEST(the_block_knows_itself_and_the_stack),
             TEST(the_last_error_is_left_alone))
