// The chain of __try frames: one for each thread, in step with the stack whatever leaves it (issue
// text, "FAULTS").
#include "exception_log.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>

static void *handle_a_hundred(void *page) {
    volatile ULONG_PTR handled = 0, committed = 0;
    BYTE *volatile own = reserved_pages(1);
    for (volatile int i = 0; i < 100; i++) {
        __try {
            __try {
                write_byte(i % 2 ? own : (BYTE *)page, 1);
                VirtualFree(own, 0, MEM_DECOMMIT);
            } __finally {
                handled += AbnormalTermination() ? 0 : 1000;
            }
        } __except (GetExceptionInformation()->ExceptionRecord->ExceptionInformation[1] ==
                            (ULONG_PTR)own
                        ? (committed++, commit_the_page(GetExceptionInformation()))
                        : EXCEPTION_EXECUTE_HANDLER) {
            handled++;
        }
    }
    release(own);
    return (void *)(handled * 1000 + committed);
}

static void every_thread_has_frames_of_its_own(void) {
    enum { THREADS = 8 };
    BYTE *page = reserved_pages(1);
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        CHECK_EQUAL(pthread_create(&threads[i], NULL, handle_a_hundred, page), 0);
    for (int i = 0; i < THREADS; i++) {
        void *result = NULL;
        pthread_join(threads[i], &result);
        CHECK_EQUAL((ULONG_PTR)result, (50 * 1000 + 50) * 1000 + 50);
    }
    release(page);
}

static jmp_buf outside;

static __attribute__((noinline)) void leave_by_longjmp(volatile int depth) {
    __try {
        if (depth > 0)
            leave_by_longjmp(depth - 1);
        longjmp(outside, 1);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        check_failed(__FILE__, __LINE__, "a frame that was jumped over was asked");
    }
}

static void frames_that_a_longjmp_left_are_forgotten(void) {
    BYTE *base = reserved_pages(1);
    volatile int handled = 0;
    for (volatile int i = 0; i < 30; i++) {
        if (setjmp(outside) == 0)
            leave_by_longjmp(i % 5);
        __try {
            write_byte(base, 1);
        } __except (EXCEPTION_EXECUTE_HANDLER) {
            handled++;
        }
    }
    CHECK_EQUAL(handled, 30);
    release(base);
}

static BYTE *second_page;

static int filter_that_faults(void) {
    volatile int cured = 0;
    __try {
        write_byte(second_page, 2);
        cured = 1;
    } __except (commit_the_page(GetExceptionInformation())) {
        cured = -1;
    }
    return cured == 1 ? EXCEPTION_CONTINUE_SEARCH : EXCEPTION_EXECUTE_HANDLER;
}

static __attribute__((noinline)) BYTE write_far_down(BYTE *address, int depth) {
    volatile BYTE frame[300];
    frame[depth] = (BYTE)depth;
    BYTE sum = depth > 0 ? write_far_down(address, depth - 1) : 0;
    if (depth == 0)
        write_byte(address, 1);
    return sum + frame[depth];
}

// The inner filter faults and passes on; the outer one goes on at the first fault all the same.
static void *go_on_after_a_nested_fault(void *page) {
    BYTE *stack = (BYTE *)malloc(65536);
    stack_t alternate = {.ss_sp = stack, .ss_flags = 0, .ss_size = 65536};
    CHECK_EQUAL(sigaltstack(&alternate, NULL), 0);
    volatile BYTE sum = 0;
    __try {
        __try {
            sum = write_far_down((BYTE *)page, 100);
        } __except (filter_that_faults()) {
            sum = 1;
        }
    } __except (commit_the_page(GetExceptionInformation())) {
        sum = 2;
    }
    CHECK_EQUAL(sum, (BYTE)5050);
    CHECK_EQUAL(second_page[0], 2);
    alternate.ss_flags = SS_DISABLE;
    sigaltstack(&alternate, NULL);
    free(stack);
    return NULL;
}

static void execution_goes_on_after_filters_that_faulted_on_an_alternate_stack(void) {
    BYTE *base = reserved_pages(1);
    second_page = reserved_pages(1);
    pthread_t thread;
    CHECK_EQUAL(pthread_create(&thread, NULL, go_on_after_a_nested_fault, base), 0);
    CHECK_EQUAL(pthread_join(thread, NULL), 0);
    CHECK_EQUAL(base[0], 1);
    release(base);
    release(second_page);
}

static LONG WINAPI choose_the_handler(EXCEPTION_POINTERS *exception) {
    (void)exception;
    return EXCEPTION_EXECUTE_HANDLER;
}

// Learn, UnhandledExceptionFilter: it may be called from a filter expression.
static void a_filter_expression_may_ask_the_top_level_filter(void) {
    BYTE *base = reserved_pages(1);
    volatile int handled = 0;
    SetUnhandledExceptionFilter(choose_the_handler);
    __try {
        write_byte(base, 1);
    } __except (UnhandledExceptionFilter(GetExceptionInformation())) {
        handled = 1;
    }
    SetUnhandledExceptionFilter(NULL);
    CHECK_EQUAL(handled, 1);
    release(base);
}

static LONG skip_two_bytes_and_set_rbx(EXCEPTION_POINTERS *exception) {
    exception->ContextRecord->Rbx = 77;
    exception->ContextRecord->Rip += 2;
    return EXCEPTION_CONTINUE_EXECUTION;
}

// 8.19, 8.20
static void registers_that_a_filter_changes_are_in_force(void) {
    volatile uint64_t result = 0;
    __try {
        uint64_t rbx = 1;
        __asm__ volatile("ud2" : "+b"(rbx));
        result = rbx;
    } __except (skip_two_bytes_and_set_rbx(GetExceptionInformation())) {
        result = 0;
    }
    CHECK_EQUAL(result, 77);
}

TEST_PROGRAM(TEST(every_thread_has_frames_of_its_own),
             TEST(frames_that_a_longjmp_left_are_forgotten),
             TEST(execution_goes_on_after_filters_that_faulted_on_an_alternate_stack),
             TEST(a_filter_expression_may_ask_the_top_level_filter),
             TEST(registers_that_a_filter_changes_are_in_force))
