// Vectored handlers: order, answers, removal, nesting (behaviour 8D).
#include "exception_log.h"

static char trace[64];

static LONG add_to_trace(char letter, LONG answer) {
    size_t length = strlen(trace);
    if (length + 1 < sizeof trace) {
        trace[length] = letter;
        trace[length + 1] = 0;
    }
    return answer;
}
#define TRACING_HANDLER(letter)                                                                    \
    static LONG CALLBACK trace_##letter(EXCEPTION_POINTERS *exception) {                           \
        (void)exception;                                                                           \
        return add_to_trace(#letter[0], EXCEPTION_CONTINUE_SEARCH);                                \
    }
TRACING_HANDLER(a)
TRACING_HANDLER(b)
TRACING_HANDLER(c)

static LONG CALLBACK trace_and_commit(EXCEPTION_POINTERS *exception) {
    return add_to_trace('!', commit_the_page(exception));
}

static void fault_once(void) {
    BYTE *base = reserved_pages(1);
    trace[0] = 0;
    write_byte(base, 1);
    release(base);
}

// 8.16, 8.17, 8.18
static void handlers_run_in_list_order_until_one_continues(void) {
    void *cure = AddVectoredExceptionHandler(0, trace_and_commit);
    void *last = AddVectoredExceptionHandler(0, trace_c);
    void *second = AddVectoredExceptionHandler(1, trace_b);
    void *first = AddVectoredExceptionHandler(1, trace_a);
    fault_once();
    CHECK(strcmp(trace, "ab!") == 0);
    CHECK(RemoveVectoredExceptionHandler(first) != 0);
    fault_once();
    CHECK(strcmp(trace, "b!") == 0);
    CHECK(RemoveVectoredExceptionHandler(second) != 0);
    CHECK(RemoveVectoredExceptionHandler(last) != 0);
    CHECK(RemoveVectoredExceptionHandler(cure) != 0);
}

// 8.16
static void one_function_may_be_registered_twice_with_two_handles(void) {
    void *cure = AddVectoredExceptionHandler(0, trace_and_commit);
    void *one = AddVectoredExceptionHandler(1, trace_a);
    void *other = AddVectoredExceptionHandler(1, trace_a);
    CHECK(one != other);
    fault_once();
    CHECK(strcmp(trace, "aa!") == 0);
    CHECK(RemoveVectoredExceptionHandler(one) != 0);
    fault_once();
    CHECK(strcmp(trace, "a!") == 0);
    CHECK(RemoveVectoredExceptionHandler(other) != 0);
    CHECK(RemoveVectoredExceptionHandler(cure) != 0);
}

static LONG CALLBACK answer_one(EXCEPTION_POINTERS *exception) {
    (void)exception;
    return add_to_trace('1', EXCEPTION_EXECUTE_HANDLER);
}

// 8.18
static void any_other_answer_passes_the_exception_on(void) {
    void *cure = AddVectoredExceptionHandler(0, trace_and_commit);
    void *odd = AddVectoredExceptionHandler(1, answer_one);
    fault_once();
    CHECK(strcmp(trace, "1!") == 0);
    CHECK(RemoveVectoredExceptionHandler(odd) != 0);
    CHECK(RemoveVectoredExceptionHandler(cure) != 0);
}

// 8.21
static void a_handle_can_be_removed_once(void) {
    void *handle = AddVectoredExceptionHandler(1, trace_a);
    SetLastError(UNTOUCHED_ERROR);
    CHECK(RemoveVectoredExceptionHandler(handle) != 0);
    CHECK_EQUAL(RemoveVectoredExceptionHandler(handle), 0);
    CHECK_EQUAL(GetLastError(), UNTOUCHED_ERROR);
}

static void *own_handle;

static LONG CALLBACK remove_itself(EXCEPTION_POINTERS *exception) {
    (void)exception;
    return add_to_trace(RemoveVectoredExceptionHandler(own_handle) ? 'r' : '?',
                        EXCEPTION_CONTINUE_SEARCH);
}

// 8.21
static void a_handler_may_remove_itself_while_it_runs(void) {
    void *cure = AddVectoredExceptionHandler(0, trace_and_commit);
    own_handle = AddVectoredExceptionHandler(1, remove_itself);
    fault_once();
    CHECK(strcmp(trace, "r!") == 0);
    fault_once();
    CHECK(strcmp(trace, "!") == 0);
    CHECK_EQUAL(RemoveVectoredExceptionHandler(own_handle), 0);
    CHECK(RemoveVectoredExceptionHandler(cure) != 0);
}

// 8.22
static void continue_handlers_run_after_the_decision_and_have_their_own_list(void) {
    void *cure = AddVectoredExceptionHandler(0, trace_and_commit);
    void *after = AddVectoredContinueHandler(1, trace_c);
    fault_once();
    CHECK(strcmp(trace, "!c") == 0);
    CHECK_EQUAL(RemoveVectoredExceptionHandler(after), 0);
    CHECK_EQUAL(RemoveVectoredContinueHandler(cure), 0);
    fault_once();
    CHECK(strcmp(trace, "!c") == 0);
    CHECK(RemoveVectoredContinueHandler(after) != 0);
    CHECK(RemoveVectoredExceptionHandler(cure) != 0);
}

static BYTE *inner_page;

static LONG touch_another_page_first(EXCEPTION_POINTERS *exception) {
    if (exception_log.count == 1)
        write_byte(inner_page + 3, 3);
    return commit_the_page(exception);
}

// 8.23
static void a_fault_in_a_handler_is_dispatched_from_the_head(void) {
    BYTE *outer_page = reserved_pages(1);
    inner_page = reserved_pages(1);
    begin_log(touch_another_page_first);
    write_byte(outer_page, 1);
    end_log();
    CHECK_EQUAL(exception_log.count, 2);
    CHECK_EQUAL(outer_page[0], 1);
    CHECK_EQUAL(inner_page[3], 3);
    release(outer_page);
    release(inner_page);
}

static MEMORY_BASIC_INFORMATION region_in_handler;

static LONG use_every_function(EXCEPTION_POINTERS *exception) {
    BYTE *page = (BYTE *)exception->ExceptionRecord->ExceptionInformation[1];
    DWORD before;
    BYTE *other = (BYTE *)VirtualAlloc(NULL, 65536, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    if (!other || !VirtualFree(other, 0, MEM_RELEASE))
        return EXCEPTION_CONTINUE_SEARCH;
    if (!VirtualAlloc(page, 1, MEM_COMMIT, PAGE_READONLY) ||
        !VirtualProtect(page, 1, PAGE_READWRITE, &before) ||
        !VirtualQuery(page, &region_in_handler, sizeof region_in_handler))
        return EXCEPTION_CONTINUE_SEARCH;
    return EXCEPTION_CONTINUE_EXECUTION;
}

// 8.23
static void a_handler_may_call_the_memory_functions(void) {
    BYTE *base = reserved_pages(2);
    begin_log(use_every_function);
    write_byte(base, 1);
    end_log();
    CHECK_EQUAL(region_in_handler.State, MEM_COMMIT);
    CHECK_EQUAL(region_in_handler.Protect, PAGE_READWRITE);
    CHECK_EQUAL(region_in_handler.RegionSize, page_size);
    release(base);
}

TEST_PROGRAM(TEST(handlers_run_in_list_order_until_one_continues),
             TEST(one_function_may_be_registered_twice_with_two_handles),
             TEST(any_other_answer_passes_the_exception_on), TEST(a_handle_can_be_removed_once),
             TEST(a_handler_may_remove_itself_while_it_runs),
             TEST(continue_handlers_run_after_the_decision_and_have_their_own_list),
             TEST(a_fault_in_a_handler_is_dispatched_from_the_head),
             TEST(a_handler_may_call_the_memory_functions))
