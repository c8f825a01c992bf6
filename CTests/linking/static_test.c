// Linux only: the static archive serves a program, linked dynamically or fully statically.
#include "block_cycle.h"
#include "fault_probe.h"
#include "memory_checks.h"

#include <pthread.h>

static void a_block_lives_through_everything(void) {
    for (BYTE value = 1; value < 20; value++)
        CHECK_EQUAL(block_cycle(value), 0);
}

static void decommitted_pages_fault(void) {
    BYTE *base = committed_pages(2);
    base[0] = 1;
    GRANTED(VirtualFree(base, page_size, MEM_DECOMMIT));
    CHECK(faults_on_read(base));
    CHECK(!faults_on_write(base + page_size));
    release(base);
}

static void *last_error_of_a_new_thread(void *unused) {
    (void)unused;
    DWORD first = GetLastError();
    SetLastError(ERROR_INVALID_ADDRESS);
    return (void *)(ULONG_PTR)first;
}

static void each_thread_has_its_own_last_error(void) {
    pthread_t thread;
    void *first = (void *)1;
    SetLastError(UNTOUCHED_ERROR);
    CHECK_EQUAL(pthread_create(&thread, NULL, last_error_of_a_new_thread, NULL), 0);
    CHECK_EQUAL(pthread_join(thread, &first), 0);
    CHECK(first == NULL);
    CHECK_EQUAL(GetLastError(), UNTOUCHED_ERROR);
}

static void foreign_memory_is_reported(void) {
    static int variable_of_the_program = 1;
    MEMORY_BASIC_INFORMATION region = region_at(&variable_of_the_program);
    CHECK_EQUAL(region.State, MEM_COMMIT);
    CHECK_EQUAL(region.Protect, PAGE_READWRITE);
}

static void error_texts_are_there(void) {
    char text[256];
    CHECK(FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, NULL,
                         ERROR_INVALID_ADDRESS, 0, text, sizeof text, NULL) > 8);
}

TEST_PROGRAM(TEST(a_block_lives_through_everything), TEST(decommitted_pages_fault),
             TEST(each_thread_has_its_own_last_error), TEST(foreign_memory_is_reported),
             TEST(error_texts_are_there))
