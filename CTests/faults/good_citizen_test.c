// Other people's signal actions, before ours and after; alternate stacks; longjmp (behaviour 8.29,
// issue text "Good citizenship").
#include "child_process.h"
#include "exception_log.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>

static struct {
    int calls;
    int signal;
    void *address;
    int blocks_usr1;
    int blocks_segv;
    sigjmp_buf out;
} earlier;

static void note_and_leave(int number, siginfo_t *information, void *machine) {
    (void)machine;
    sigset_t blocked;
    pthread_sigmask(SIG_SETMASK, NULL, &blocked);
    earlier.calls++;
    earlier.signal = number;
    earlier.address = information->si_addr;
    earlier.blocks_usr1 = sigismember(&blocked, SIGUSR1);
    earlier.blocks_segv = sigismember(&blocked, SIGSEGV);
    siglongjmp(earlier.out, 1);
}

static void install_earlier_handler(int flags) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = note_and_leave;
    action.sa_flags = SA_SIGINFO | flags;
    sigaddset(&action.sa_mask, SIGUSR1);
    sigaction(SIGSEGV, &action, NULL);
}

static LONG CALLBACK pass_on(EXCEPTION_POINTERS *exception) {
    (void)exception;
    return EXCEPTION_CONTINUE_SEARCH;
}

static void fall_through_to_the_earlier_handler(void) {
    install_earlier_handler(0);
    AddVectoredExceptionHandler(1, pass_on);
    BYTE *base = reserved_pages(1);
    if (sigsetjmp(earlier.out, 1) == 0)
        write_byte(base + 77, 1);
    int as_by_the_kernel = earlier.calls == 1 && earlier.signal == SIGSEGV &&
                           earlier.address == base + 77 && earlier.blocks_usr1 == 1 &&
                           earlier.blocks_segv == 1;
    _exit(as_by_the_kernel ? 7 : 8);
}

// 8.29
static void an_unclaimed_fault_reaches_the_earlier_handler_with_its_siginfo_and_mask(void) {
    run_child(fall_through_to_the_earlier_handler);
    CHECK_EXITED_WITH(7);
    CHECK_EQUAL(lines_said(), 0);
}

static void fall_through_to_a_nodefer_handler(void) {
    install_earlier_handler(SA_NODEFER);
    AddVectoredExceptionHandler(1, pass_on);
    if (sigsetjmp(earlier.out, 1) == 0)
        read_byte(NULL);
    _exit(earlier.calls == 1 && earlier.blocks_segv == 0 && earlier.blocks_usr1 == 1 ? 7 : 8);
}

static void the_earlier_handler_keeps_its_own_flags(void) {
    run_child(fall_through_to_a_nodefer_handler);
    CHECK_EXITED_WITH(7);
}

static struct sigaction library_action;
static volatile int later_calls;

static void count_and_chain(int number, siginfo_t *information, void *machine) {
    later_calls++;
    library_action.sa_sigaction(number, information, machine);
}

static void be_chained_to(void) {
    begin_log(commit_the_page);
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = count_and_chain;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigaction(SIGSEGV, &action, &library_action);
    BYTE *base = reserved_pages(2);
    write_byte(base, 1);
    write_byte(base + page_size, 1);
    end_log();
    volatile int handled = 0;
    for (volatile int i = 0; i < 3; i++) {
        __try {
            read_byte(NULL);
        } __except (EXCEPTION_EXECUTE_HANDLER) {
            handled++;
        }
    }
    _exit(later_calls == 5 && exception_log.count == 2 && handled == 3 ? 7 : 8);
}

// A crash reporter that is installed after us and chains. Its signal is blocked while it runs, and
// must not be any more when a __try has handled the exception.
static void a_later_handler_that_chains_to_us_works(void) {
    run_child(be_chained_to);
    CHECK_EXITED_WITH(7);
}

static jmp_buf out_of_handler;
static LONG jump_out(EXCEPTION_POINTERS *exception) {
    (void)exception;
    longjmp(out_of_handler, 1);
}

// 8.23
static void a_handler_may_leave_by_longjmp_again_and_again(void) {
    BYTE *base = reserved_pages(1);
    begin_log(jump_out);
    for (volatile int i = 0; i < 100; i++)
        if (setjmp(out_of_handler) == 0)
            write_byte(base, 1);
    end_log();
    CHECK_EQUAL(exception_log.count, 100);
    release(base);
}

static LONG fail_and_commit(EXCEPTION_POINTERS *exception) {
    errno = EDOM;
    VirtualFree((void *)1, 1, 0);
    return commit_the_page(exception);
}

static void errno_and_last_error_survive_a_handled_fault(void) {
    BYTE *base = reserved_pages(1);
    begin_log(fail_and_commit);
    errno = ENOENT;
    SetLastError(UNTOUCHED_ERROR);
    write_byte(base, 1);
    CHECK_EQUAL(GetLastError(), UNTOUCHED_ERROR);
    CHECK_EQUAL(errno, ENOENT);
    end_log();
    release(base);
}

enum { ALTERNATE_BYTES = 65536 };
static BYTE *handler_frame;

static LONG note_frame_and_commit(EXCEPTION_POINTERS *exception) {
    handler_frame = (BYTE *)__builtin_frame_address(0);
    return commit_the_page(exception);
}

static BYTE *use_alternate_stack(void) {
    BYTE *stack = (BYTE *)malloc(ALTERNATE_BYTES);
    stack_t description = {.ss_sp = stack, .ss_flags = 0, .ss_size = ALTERNATE_BYTES};
    CHECK_EQUAL(sigaltstack(&description, NULL), 0);
    return stack;
}

static void drop_alternate_stack(BYTE *stack) {
    stack_t none = {.ss_sp = NULL, .ss_flags = SS_DISABLE, .ss_size = 0};
    CHECK_EQUAL(sigaltstack(&none, NULL), 0);
    free(stack);
}

static void *fault_on_an_alternate_stack(void *page) {
    BYTE *stack = use_alternate_stack();
    write_byte(page, 1);
    CHECK(handler_frame >= stack && handler_frame < stack + ALTERNATE_BYTES);
    volatile int handled = 0, committed = 0;
    for (volatile int i = 0; i < 20; i++) {
        __try {
            write_byte((BYTE *)page + page_size * (1 + i % 2), 1);
        } __except (i % 2 ? (committed++, commit_the_page(GetExceptionInformation()))
                          : EXCEPTION_EXECUTE_HANDLER) {
            handled++;
        }
    }
    CHECK_EQUAL(handled, 10);
    CHECK_EQUAL(committed, 1);
    drop_alternate_stack(stack);
    return NULL;
}

static LONG commit_only_the_first(EXCEPTION_POINTERS *exception) {
    return exception_log.count == 1 ? note_frame_and_commit(exception) : EXCEPTION_CONTINUE_SEARCH;
}

static void handlers_and_frames_work_on_threads_with_an_alternate_stack(void) {
    BYTE *base = reserved_pages(3);
    pthread_t thread;
    begin_log(commit_only_the_first);
    CHECK_EQUAL(pthread_create(&thread, NULL, fault_on_an_alternate_stack, base), 0);
    CHECK_EQUAL(pthread_join(thread, NULL), 0);
    end_log();
    release(base);
}

static __attribute__((noinline)) int recurse(volatile int depth) {
    volatile BYTE frame[512];
    frame[0] = (BYTE)depth;
    return depth < 0 ? 0 : recurse(depth + 1) + frame[0];
}

static void *overflow_the_stack(void *answer) {
    BYTE *stack = use_alternate_stack();
    volatile DWORD code = 0;
    __try {
        *(volatile int *)answer = recurse(0);
    } __except (code = GetExceptionCode(), EXCEPTION_EXECUTE_HANDLER) {
        *(volatile int *)answer = code == EXCEPTION_STACK_OVERFLOW;
    }
    drop_alternate_stack(stack);
    return NULL;
}

// 8.13: a stack that ran out has its own code, and a thread with an alternate stack survives it.
static void a_stack_overflow_is_handled_on_the_alternate_stack(void) {
    pthread_t thread;
    volatile int answer = 0;
    CHECK_EQUAL(pthread_create(&thread, NULL, overflow_the_stack, (void *)&answer), 0);
    CHECK_EQUAL(pthread_join(thread, NULL), 0);
    CHECK_EQUAL(answer, 1);
}

TEST_PROGRAM(TEST(an_unclaimed_fault_reaches_the_earlier_handler_with_its_siginfo_and_mask),
             TEST(the_earlier_handler_keeps_its_own_flags),
             TEST(a_later_handler_that_chains_to_us_works),
             TEST(a_handler_may_leave_by_longjmp_again_and_again),
             TEST(errno_and_last_error_survive_a_handled_fault),
             TEST(handlers_and_frames_work_on_threads_with_an_alternate_stack),
             TEST(a_stack_overflow_is_handled_on_the_alternate_stack))
