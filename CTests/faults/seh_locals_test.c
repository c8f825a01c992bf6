// __try: which local variables have which value where. None of them is volatile (A15.18's source;
// observed with Microsoft's compiler: filter, block and function share their variables).
#include "seh_trace.h"

#define SEPARATE static __attribute__((noinline))
#define FAULT (*bad_address = 1)
#define CODE 0xE0000001u

static volatile char *volatile bad_address = (volatile char *)16;

SEPARATE void raise(DWORD code) {
    RaiseException(code, 0, 0, NULL);
}

SEPARATE DWORD code_used_in_the_handler(int faults) {
    DWORD code = 0, seen = 0;
    __try {
        if (faults)
            FAULT;
        raise(CODE);
    } __except (code = GetExceptionCode(), EXCEPTION_EXECUTE_HANDLER) {
        seen = code;
    }
    return seen;
}
SEPARATE DWORD code_used_behind(int faults) {
    DWORD code;
    __try {
        code = 0;
        if (faults)
            FAULT;
        raise(CODE);
    } __except (code = GetExceptionCode(), EXCEPTION_EXECUTE_HANDLER) {
    }
    return code;
}
static void what_a_filter_stores_is_there_in_the_handler_and_behind(void) {
    CHECK_EQUAL(code_used_in_the_handler(1), EXCEPTION_ACCESS_VIOLATION);
    CHECK_EQUAL(code_used_in_the_handler(0), CODE);
    CHECK_EQUAL(code_used_behind(1), EXCEPTION_ACCESS_VIOLATION);
    CHECK_EQUAL(code_used_behind(0), CODE);
}

SEPARATE ULONG_PTR whole_record(void) {
    EXCEPTION_RECORD record = {0};
    CONTEXT *context = NULL;
    __try {
        FAULT;
    } __except (record = *GetExceptionInformation()->ExceptionRecord,
                context = GetExceptionInformation()->ContextRecord, EXCEPTION_EXECUTE_HANDLER) {
    }
    return context ? record.ExceptionInformation[1] : 0;
}
static void a_filter_can_copy_the_whole_record(void) {
    CHECK_EQUAL(whole_record(), 16);
}

SEPARATE int sum_in_a_loop(int count) {
    DWORD code = 0;
    int sum = 0, entered = 0;
    for (int i = 0; i < count; i++) {
        entered++;
        __try {
            FAULT;
        } __except (code = GetExceptionCode() + (DWORD)i, EXCEPTION_EXECUTE_HANDLER) {
            sum += (int)(code & 0xFF) + entered;
        }
    }
    return sum * 100 + entered;
}
static void a_statement_in_a_loop_sees_each_round_s_values(void) {
    // 5+1 + 6+2 + 7+3 + 8+4
    CHECK_EQUAL(sum_in_a_loop(4), 3604);
}

SEPARATE int two_filters(int inner_answer) {
    int inner = 0, outer = 0;
    __try {
        __try {
            raise(CODE);
        } __except (inner = 5, inner_answer) {
            return inner * 1000 + outer;
        }
    } __except (outer = inner * 10 + 1, EXCEPTION_EXECUTE_HANDLER) {
        return inner * 100 + outer;
    }
    return -1;
}
static void a_filter_sees_what_an_inner_one_stored(void) {
    CHECK_EQUAL(two_filters(EXCEPTION_CONTINUE_SEARCH), 551);
    CHECK_EQUAL(two_filters(EXCEPTION_EXECUTE_HANDLER), 5000);
}

SEPARATE int filter_then_finally(int argument) {
    int code = 0, cleaned = 0, constant = 0;
    __try {
        __try {
            __try {
                raise(CODE);
            } __finally {
                cleaned = code + argument;
                constant = 3;
            }
        } __finally {
            cleaned = cleaned * 2;
        }
    } __except (code = 7, EXCEPTION_EXECUTE_HANDLER) {
        cleaned += 1000;
    }
    return cleaned * 10 + constant;
}
static void a_finally_block_sees_what_the_filter_stored_and_the_handler_what_it_did(void) {
    CHECK_EQUAL(filter_then_finally(1), 10163);
}

SEPARATE int finally_without_an_exception(int argument) {
    int cleaned = argument;
    __try {
        argument++;
    } __finally {
        cleaned += argument;
    }
    return cleaned;
}
static void what_a_finally_block_stores_is_there_behind_it(void) {
    CHECK_EQUAL(finally_without_an_exception(4), 9);
}

SEPARATE int set_before(int a, int b, double d) {
    int c = a * 2, e = b + 1, sum = 0;
    double f = d * 2;
    __try {
        e -= 1; // not read after an exception
        raise(CODE);
        sum = e;
    } __except (c == a * 2 && b == 2 && f == d * 2 ? EXCEPTION_EXECUTE_HANDLER
                                                   : EXCEPTION_CONTINUE_SEARCH) {
        sum = a + b * 10 + c * 100 + (int)f * 1000;
    }
    return sum;
}
static void what_was_set_before_the_statement_is_right_everywhere(void) {
    CHECK_EQUAL(set_before(1, 2, 1.5), 3221);
}

SEPARATE int body_without_an_end(int first) {
    int rounds = 0, kept = first * 3;
    __try {
        for (;;)
            raise(CODE);
    } __except (rounds++, EXCEPTION_EXECUTE_HANDLER) {
        kept += rounds;
    }
    return kept;
}
static void a_body_without_an_end_keeps_the_function_s_values(void) {
    CHECK_EQUAL(body_without_an_end(5), 16);
}

static int take_code(EXCEPTION_POINTERS *exception, DWORD *code) {
    *code = exception->ExceptionRecord->ExceptionCode;
    return EXCEPTION_EXECUTE_HANDLER;
}
SEPARATE DWORD by_address(void) {
    DWORD code = 0;
    __try {
        FAULT;
    } __except (take_code(GetExceptionInformation(), &code)) {
        return code;
    }
    return 1;
}
static void a_filter_function_may_store_through_an_address(void) {
    CHECK_EQUAL(by_address(), EXCEPTION_ACCESS_VIOLATION);
}

SEPARATE int sized_at_run_time(int count) {
    int total = 0;
    char numbers[count];
    memset(numbers, 1, (size_t)count);
    for (int i = 0; i < 3; i++) {
        __try {
            char more[count * 2];
            memset(more, 2, (size_t)count * 2);
            raise(CODE + (DWORD)more[i]);
        } __except (total += numbers[i], EXCEPTION_EXECUTE_HANDLER) {
            total += 10;
        }
    }
    return total + numbers[count - 1];
}
static void arrays_sized_at_run_time_do_no_harm(void) {
    CHECK_EQUAL(sized_at_run_time(100), 34);
}

// The body's own variables are untouched by a filter that goes on.
static LONG overwrite_and_go_on(EXCEPTION_POINTERS *exception) {
    volatile char much[64];
    memset((void *)much, 0x5A, sizeof much);
    return much[5] == 0x5A ? commit_the_page(exception) : EXCEPTION_CONTINUE_SEARCH;
}
SEPARATE int body_that_is_gone_on_with(BYTE *page) {
    int sum = 0;
    __try {
        char text[64];
        memset(text, 1, sizeof text);
        write_byte(page, 1);
        for (int i = 0; i < 64; i++)
            sum += text[i];
    } __except (overwrite_and_go_on(GetExceptionInformation())) {
        sum = -1;
    }
    return sum;
}
static void variables_of_the_body_survive_a_filter_that_goes_on(void) {
    BYTE *base = reserved_pages(1);
    CHECK_EQUAL(body_that_is_gone_on_with(base), 64);
    release(base);
}

TEST_PROGRAM(TEST(what_a_filter_stores_is_there_in_the_handler_and_behind),
             TEST(a_filter_can_copy_the_whole_record),
             TEST(a_statement_in_a_loop_sees_each_round_s_values),
             TEST(a_filter_sees_what_an_inner_one_stored),
             TEST(a_finally_block_sees_what_the_filter_stored_and_the_handler_what_it_did),
             TEST(what_a_finally_block_stores_is_there_behind_it),
             TEST(what_was_set_before_the_statement_is_right_everywhere),
             TEST(a_body_without_an_end_keeps_the_function_s_values),
             TEST(a_filter_function_may_store_through_an_address),
             TEST(arrays_sized_at_run_time_do_no_harm),
             TEST(variables_of_the_body_survive_a_filter_that_goes_on))
