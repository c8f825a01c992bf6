// A stack that runs out is exception 0xC00000FD on every thread, with no preparation (behaviour 8.13,
// 8.33; Learn, SetThreadStackGuarantee, _resetstkoflw).
#include "child_process.h"
#include "seh_trace.h"

#include <malloc.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <ucontext.h>

static __attribute__((noinline)) int recurse(int depth) {
    volatile char room[0x300];
    room[0] = (char)depth;
    return depth < 0 ? 0 : recurse(depth + 1) + room[0];
}

static DWORD code_of_an_overflow(void) {
    volatile DWORD code = 0;
    volatile ULONG_PTR parameters = 0;
    __try {
        recurse(0);
    } __except (code = GetExceptionCode(),
                parameters = GetExceptionInformation()->ExceptionRecord->NumberParameters,
                EXCEPTION_EXECUTE_HANDLER) {
        CHECK_EQUAL(parameters, 2);
        CHECK_EQUAL(GetExceptionCode(), code);
    }
    return code;
}

static void the_first_thread_s_overflow_is_handled_as_often_as_it_happens(void) {
    for (int i = 0; i < 3; i++) {
        CHECK_EQUAL(code_of_an_overflow(), EXCEPTION_STACK_OVERFLOW);
        CHECK(_resetstkoflw() != 0);
    }
}

static void *overflow(void *unused) {
    (void)unused;
    return (void *)(ULONG_PTR)code_of_an_overflow();
}
static void *run_thread(void *(*function)(void *)) {
    pthread_t thread;
    void *result = NULL;
    CHECK_EQUAL(pthread_create(&thread, NULL, function, NULL), 0);
    CHECK_EQUAL(pthread_join(thread, &result), 0);
    return result;
}

static void any_thread_s_overflow_is_handled(void) {
    for (int i = 0; i < 3; i++)
        CHECK_EQUAL(run_thread(overflow), EXCEPTION_STACK_OVERFLOW);
}

static __thread sigjmp_buf before;
static LONG CALLBACK jump_out(EXCEPTION_POINTERS *exception) {
    siglongjmp(before,
               exception->ExceptionRecord->ExceptionCode == EXCEPTION_STACK_OVERFLOW ? 1 : 2);
}
static void *overflow_without_a_call(void *unused) {
    int jumped = sigsetjmp(before, 1);
    return jumped ? (void *)(ULONG_PTR)jumped : (recurse(0), unused);
}
static LONG CALLBACK just_pass(EXCEPTION_POINTERS *exception) {
    (void)exception;
    return EXCEPTION_CONTINUE_SEARCH;
}
static void threads_that_never_call_the_library_are_included(void) {
    PVOID handle = AddVectoredExceptionHandler(1, jump_out);
    CHECK_EQUAL(run_thread(overflow_without_a_call), 1);
    CHECK_EQUAL(run_thread(overflow_without_a_call), 1);
    RemoveVectoredExceptionHandler(handle);
}

static int count_mappings(void) {
    char line[512];
    int count = 0;
    FILE *maps = fopen("/proc/self/maps", "r");
    while (maps && fgets(line, sizeof line, maps))
        count++;
    fclose(maps);
    return count;
}
static void what_threads_were_given_goes_with_them(void) {
    run_thread(overflow);
    int mappings = count_mappings();
    for (int i = 0; i < 50; i++)
        run_thread(overflow);
    PVOID handle = AddVectoredExceptionHandler(1, jump_out);
    for (int i = 0; i < 50; i++)
        run_thread(overflow_without_a_call);
    RemoveVectoredExceptionHandler(handle);
    CHECK(count_mappings() <= mappings + 4);
}

static char own_stack[65536];
static void *with_an_own_alternate_stack(void *unused) {
    stack_t own = {.ss_sp = own_stack, .ss_size = sizeof own_stack}, present, previous;
    CHECK_EQUAL(sigaltstack(&own, &previous), 0);
    CHECK_EQUAL(code_of_an_overflow(), EXCEPTION_STACK_OVERFLOW);
    CHECK_EQUAL(sigaltstack(NULL, &present), 0);
    CHECK(present.ss_sp == own_stack);
    CHECK_EQUAL(present.ss_size, sizeof own_stack);
    sigaltstack(&previous, NULL); // a sanitizer would unmap what it finds
    return unused;
}
static void a_program_s_own_alternate_stack_stays(void) {
    run_thread(with_an_own_alternate_stack);
}

// MINSIGSTKSZ is too little for a handler on processors of today.
static void die_on_a_small_alternate_stack(void) {
    static char small[16384] __attribute__((aligned(4096)));
    DWORD old;
    stack_t own = {.ss_sp = small + 8192, .ss_size = 4096};
    VirtualProtect(small, 4096, PAGE_NOACCESS, &old);
    sigaltstack(&own, NULL);
    if (check_argument)
        recurse(0);
    else
        write_byte(reserved_pages(1), 1);
}
static void a_small_alternate_stack_ends_in_a_report_and_the_signal(void) {
    AddVectoredExceptionHandler(1, just_pass);
    for (int i = 0; i < 2; i++) {
        check_argument = i ? "overflow" : NULL;
        run_child_with_handlers(die_on_a_small_alternate_stack);
        CHECK_DIED_OF(SIGSEGV);
        CHECK(strstr(child.errors, "unhandled exception") != NULL);
    }
    check_argument = NULL;
}

static LONG need_much_stack(EXCEPTION_POINTERS *exception) {
    volatile char much[200000];
    memset((void *)much, 1, sizeof much);
    return much[100000] ? commit_the_page(exception) : EXCEPTION_CONTINUE_SEARCH;
}
static void *handle_with_much_stack(void *page) {
    page = reserved_pages(1);
    __try {
        write_byte(page, 1);
    } __except (need_much_stack(GetExceptionInformation())) {
    }
    release(page);
    return NULL;
}
static void handlers_have_the_whole_stack_for_other_exceptions(void) {
    handle_with_much_stack(NULL);
    run_thread(handle_with_much_stack);
}

static ucontext_t main_context, coroutine_context;
static volatile DWORD coroutine_code;
static void overflow_in_a_coroutine(void) {
    coroutine_code = code_of_an_overflow();
}
static void run_coroutine(BYTE *stack, size_t byte_count, void (*function)(void)) {
    getcontext(&coroutine_context);
    coroutine_context.uc_stack.ss_sp = stack;
    coroutine_context.uc_stack.ss_size = byte_count;
    coroutine_context.uc_link = &main_context;
    makecontext(&coroutine_context, function, 0);
    coroutine_code = 0;
    swapcontext(&main_context, &coroutine_context);
}

enum { STACK = 1 << 18 };
static void a_coroutine_s_overflow_is_handled_whatever_ends_its_stack(void) {
    static const DWORD states[] = {0, PAGE_NOACCESS};
    DWORD old;
    for (int i = 0; i < 2; i++) {
        check_row("%s", i ? "no access" : "reserved");
        BYTE *block = VirtualAlloc(NULL, STACK, MEM_RESERVE, PAGE_READWRITE);
        CHECK(VirtualAlloc(block + 4096, STACK - 4096, MEM_COMMIT, PAGE_READWRITE) != NULL);
        if (states[i])
            CHECK(VirtualAlloc(block, 4096, MEM_COMMIT, PAGE_READWRITE) != NULL &&
                  VirtualProtect(block, 4096, states[i], &old));
        run_coroutine(block, STACK, overflow_in_a_coroutine);
        CHECK_EQUAL(coroutine_code, EXCEPTION_STACK_OVERFLOW);
        release(block);
    }
}

// 8.33
static void a_coroutine_s_stack_grows_by_its_guard_page_until_it_is_used_up(void) {
    BYTE *block = VirtualAlloc(NULL, STACK, MEM_RESERVE, PAGE_READWRITE);
    CHECK(VirtualAlloc(block + STACK - 8192, 8192, MEM_COMMIT, PAGE_READWRITE) != NULL);
    CHECK(VirtualAlloc(block + STACK - 12288, 4096, MEM_COMMIT, PAGE_READWRITE | PAGE_GUARD) !=
          NULL);
    run_coroutine(block, STACK, overflow_in_a_coroutine);
    CHECK_EQUAL(coroutine_code, EXCEPTION_STACK_OVERFLOW);
    CHECK_EQUAL(region_at(block + 8192).Protect, PAGE_READWRITE);
    CHECK_EQUAL(region_at(block).State, MEM_RESERVE);
    release(block);
}

static void a_write_beside_the_stack_is_no_overflow(void) {
    volatile DWORD code = 0;
    BYTE *block = reserved_pages(1);
    __try {
        write_byte(block, 1);
    } __except (code = GetExceptionCode(), 1) {
    }
    CHECK_EQUAL(code, EXCEPTION_ACCESS_VIOLATION);
    release(block);
}

static void the_guarantee_is_asked_for_and_set(void) {
    ULONG size = 0;
    GRANTED(SetThreadStackGuarantee(&size));
    CHECK_EQUAL(size, 0);
    size = 100000;
    GRANTED(SetThreadStackGuarantee(&size));
    CHECK_EQUAL(size, 0);
    size = 0;
    GRANTED(SetThreadStackGuarantee(&size));
    CHECK_EQUAL(size, 102400);
    size = 0xFFFFFFFF;
    REFUSED(SetThreadStackGuarantee(&size), ERROR_INVALID_PARAMETER);
    CHECK_EQUAL(size, 0xFFFFFFFF);
    CHECK_EQUAL(code_of_an_overflow(), EXCEPTION_STACK_OVERFLOW);
}

TEST_PROGRAM(TEST(the_first_thread_s_overflow_is_handled_as_often_as_it_happens),
             TEST(any_thread_s_overflow_is_handled),
             TEST(threads_that_never_call_the_library_are_included),
             TEST(what_threads_were_given_goes_with_them),
             TEST(a_program_s_own_alternate_stack_stays),
             TEST(handlers_have_the_whole_stack_for_other_exceptions),
             TEST(a_coroutine_s_overflow_is_handled_whatever_ends_its_stack),
             TEST(a_coroutine_s_stack_grows_by_its_guard_page_until_it_is_used_up),
             TEST(a_small_alternate_stack_ends_in_a_report_and_the_signal),
             TEST(a_write_beside_the_stack_is_no_overflow),
             TEST(the_guarantee_is_asked_for_and_set))
