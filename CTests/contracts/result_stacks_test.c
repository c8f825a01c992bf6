// Linux only: a result pointer near the running stack. It is believed without asking only where it lies
// in that stack; just above a stack that the program made itself anything may be, at any time.
#include "memory_checks.h"

#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <ucontext.h>

// A stack of 16 pages, and the 16 pages above it.
static BYTE *stack, *above, *target;
enum { stack_pages = 16 };

static void make_stack(void) {
    target = committed_pages(1);
    stack = reserved_pages(2 * stack_pages);
    above = stack + stack_pages * page_size;
    GRANTED(VirtualAlloc(stack, stack_pages * page_size, MEM_COMMIT, PAGE_READWRITE));
}

static void unmake_stack(void) {
    release(stack);
    release(target);
}

static void expect_refusal(void *result) {
    REFUSED_UNCHANGED(target, page_size, VirtualProtect(target, 1, PAGE_READONLY, (DWORD *)result),
                      ERROR_NOACCESS);
    REFUSED(VirtualQuery(target, (MEMORY_BASIC_INFORMATION *)result, 48), ERROR_NOACCESS);
}

static void expect_result(void *result) {
    memset(result, 0, 48);
    GRANTED(VirtualProtect(target, 1, PAGE_READONLY, (DWORD *)result));
    CHECK_EQUAL(*(DWORD *)result, PAGE_READWRITE);
    GRANTED(VirtualProtect(target, 1, PAGE_READWRITE, (DWORD *)result));
    CHECK_EQUAL(*(DWORD *)result, PAGE_READONLY);
    CHECK_EQUAL(VirtualQuery(target, (MEMORY_BASIC_INFORMATION *)result, 48), 48);
    CHECK_EQUAL((uintptr_t)((MEMORY_BASIC_INFORMATION *)result)->BaseAddress, (uintptr_t)target);
}

// What lies above the stack comes, changes and goes while the stack runs.
static void use_results_above(void) {
    BYTE local[48] = {0};
    DWORD old;
    // So often that whatever may be remembered of the stack is.
    for (int i = 0; i < 40; i++) {
        expect_result(local);
        expect_refusal(above);
        expect_refusal(above - 1);
        GRANTED(VirtualAlloc(above, page_size, MEM_COMMIT, PAGE_READWRITE));
        expect_result(above);
        expect_result(local);
        GRANTED(VirtualProtect(above, page_size, PAGE_READONLY, &old));
        expect_refusal(above);
        GRANTED(VirtualFree(above, page_size, MEM_DECOMMIT));
        expect_refusal(above);
    }
}

static ucontext_t main_context, coroutine;

static void run_coroutine(void (*work)(void), BYTE *base, SIZE_T byte_count) {
    getcontext(&coroutine);
    coroutine.uc_stack.ss_sp = base;
    coroutine.uc_stack.ss_size = byte_count;
    coroutine.uc_link = &main_context;
    makecontext(&coroutine, work, 0);
    swapcontext(&main_context, &coroutine);
}

// 5.1, 6.3
static void above_the_stack_of_a_coroutine(void) {
    make_stack();
    run_coroutine(use_results_above, stack, (SIZE_T)(above - stack));
    unmake_stack();
}

static void *use_results_in_thread(void *unused) {
    use_results_above();
    return unused;
}

// 5.1, 6.3
static void above_the_stack_of_a_thread_on_memory_of_the_program(void) {
    pthread_t thread;
    pthread_attr_t attributes;
    make_stack();
    pthread_attr_init(&attributes);
    CHECK_EQUAL(pthread_attr_setstack(&attributes, stack, (SIZE_T)(above - stack)), 0);
    CHECK_EQUAL(pthread_create(&thread, &attributes, use_results_in_thread, NULL), 0);
    CHECK_EQUAL(pthread_join(thread, NULL), 0);
    pthread_attr_destroy(&attributes);
    unmake_stack();
}

static void use_results_in_handler(int signal) {
    (void)signal;
    use_results_above();
}

// 5.1, 6.3
static void above_an_alternate_signal_stack(void) {
    make_stack();
    stack_t alternate = {.ss_sp = stack, .ss_size = (SIZE_T)(above - stack)}, before;
    struct sigaction action = {.sa_handler = use_results_in_handler, .sa_flags = SA_ONSTACK}, was;
    CHECK_EQUAL(sigaltstack(&alternate, &before), 0);
    CHECK_EQUAL(sigaction(SIGUSR1, &action, &was), 0);
    raise(SIGUSR1);
    sigaction(SIGUSR1, &was, NULL);
    sigaltstack(&before, NULL);
    unmake_stack();
}

static void use_results_at_a_coroutines_end(void) {
    BYTE local[48];
    expect_result(local);
    expect_refusal(above);
}

// The C library's memory as coroutine stacks of growing and shrinking size, always ending elsewhere.
static void above_stacks_that_share_an_address(void) {
    target = committed_pages(1);
    for (SIZE_T pages = 4; pages < 40; pages += 3) {
        SIZE_T byte_count = (pages * 7 % 16 + 4) * page_size;
        stack = (BYTE *)mmap(NULL, 32 * page_size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        CHECK_EQUAL(mprotect(stack, byte_count, PROT_READ | PROT_WRITE), 0);
        above = stack + byte_count;
        run_coroutine(use_results_at_a_coroutines_end, stack, byte_count);
        munmap(stack, 32 * page_size);
    }
    release(target);
}

// A page in the middle of the stack that runs.
static void a_closed_page_of_the_own_stack(void) {
    volatile BYTE room[12 * page_size];
    BYTE local[48];
    DWORD old;
    target = committed_pages(1);
    for (int i = 0; i < 40; i++) {
        memset((BYTE *)room, 1, sizeof room);
        BYTE *page = (BYTE *)(((uintptr_t)room + 6 * page_size) & ~(uintptr_t)(page_size - 1));
        expect_result(local);
        expect_result(page);
        GRANTED(VirtualProtect(page, page_size, PAGE_READONLY, &old));
        expect_refusal(page + 64);
        expect_refusal(page - 2);
        expect_result(local);
        // The old protection goes to the page that is opened by the call, and is not: checked before.
        REFUSED(VirtualProtect(page, page_size, PAGE_READWRITE, (DWORD *)page), ERROR_NOACCESS);
        GRANTED(VirtualProtect(page, page_size, PAGE_READWRITE, &old));
        CHECK_EQUAL(old, PAGE_READONLY);
        expect_result(page);
        GRANTED(VirtualProtect(page, page_size, PAGE_READONLY, (DWORD *)page));
        GRANTED(VirtualProtect(page, page_size, PAGE_READWRITE, &old));
    }
    release(target);
}

static void *close_a_page_of_the_own_stack(void *unused) {
    a_closed_page_of_the_own_stack();
    return unused;
}

static void a_closed_page_of_a_threads_own_stack(void) {
    pthread_t thread;
    CHECK_EQUAL(pthread_create(&thread, NULL, close_a_page_of_the_own_stack, NULL), 0);
    CHECK_EQUAL(pthread_join(thread, NULL), 0);
}

TEST_PROGRAM(TEST(above_the_stack_of_a_coroutine),
             TEST(above_the_stack_of_a_thread_on_memory_of_the_program),
             TEST(above_an_alternate_signal_stack), TEST(above_stacks_that_share_an_address),
             TEST(a_closed_page_of_the_own_stack), TEST(a_closed_page_of_a_threads_own_stack))
