// __try: who is asked in which order, exceptions in filters, handlers and blocks, and what
// GetExceptionCode means where (A15.18; Learn, Exception handler syntax; order observed).
#include "seh_trace.h"

#include <pthread.h>

#define SEPARATE static __attribute__((noinline))
#define CODE(number) (0xE0000000u + (number))

SEPARATE void raise(DWORD number) {
    RaiseException(CODE(number), 0, 0, NULL);
}

static int calls, flags[8];
static int note_call(EXCEPTION_POINTERS *exception, char letter, int answer) {
    note(letter);
    note((char)('0' + (exception->ExceptionRecord->ExceptionCode & 7)));
    if (calls < 8)
        flags[calls++] = (int)exception->ExceptionRecord->ExceptionFlags;
    return answer;
}
static void begin_calls(void) {
    begin_trace();
    memset(flags, 0, sizeof flags);
    calls = 0;
}
static int raise_on_first(EXCEPTION_POINTERS *exception, char letter, int answer) {
    note_call(exception, letter, answer);
    if (exception->ExceptionRecord->ExceptionCode == CODE(1))
        raise(2);
    return answer;
}

static void an_exception_in_a_filter_asks_that_filter_again(void) {
    begin_calls();
    __try {
        __try {
            raise(1);
        } __except (raise_on_first(GetExceptionInformation(), 'i', 0)) {
            note('!');
        }
    } __except (note_call(GetExceptionInformation(), 'o', 1)) {
        note('h');
    }
    CHECK_TRACE("i1i2o2h");
    CHECK_EQUAL(flags[0], 0);
    CHECK_EQUAL(flags[1], 0x10);
    CHECK_EQUAL(flags[2], 0);
}

SEPARATE void innermost(void) {
    __try {
        raise(1);
    } __except (note_call(GetExceptionInformation(), 'i', 0)) {
        note('!');
    }
}
static void an_exception_in_an_outer_filter_asks_from_the_innermost(void) {
    begin_calls();
    __try {
        __try {
            innermost();
        } __except (raise_on_first(GetExceptionInformation(), 'm', 0)) {
            note('!');
        }
    } __except (note_call(GetExceptionInformation(), 'o', 1)) {
        note('h');
    }
    CHECK_TRACE("i1m1i2m2o2h");
    CHECK_EQUAL(flags[2], 0x10);
    CHECK_EQUAL(flags[3], 0x10);
    CHECK_EQUAL(flags[4], 0);
}

static void a_filter_may_handle_the_exception_that_it_raised_itself(void) {
    begin_calls();
    __try {
        raise(1);
    } __except (raise_on_first(GetExceptionInformation(), 'i', 1)) {
        note((char)('0' + (GetExceptionCode() & 7)));
    }
    CHECK_TRACE("i1i22");
}

static void a_filter_may_go_on_after_an_exception_in_a_filter(void) {
    begin_calls();
    __try {
        raise(1);
        note('b');
    } __except (raise_on_first(GetExceptionInformation(), 'i', EXCEPTION_CONTINUE_EXECUTION)) {
        note('!');
    }
    CHECK_TRACE("i1i2b");
}

static void an_exception_in_a_finally_block_replaces_the_one_under_way(void) {
    begin_calls();
    __try {
        __try {
            __try {
                raise(1);
            } __finally {
                note('x');
                raise(3);
            }
        } __finally {
            note('y');
        }
    } __except (note_call(GetExceptionInformation(), 'o', 1)) {
        note((char)('0' + (GetExceptionCode() & 7)));
    }
    CHECK_TRACE("o1xo3y3");
}

static void an_exception_handled_within_a_finally_block_does_not_stop_the_unwinding(void) {
    begin_calls();
    __try {
        __try {
            raise(1);
        } __finally {
            __try {
                raise(3);
            } __except (1) {
                note('i');
            }
            note(AbnormalTermination() ? 'a' : '!');
        }
        note('!');
    } __except (1) {
        note((char)('0' + (GetExceptionCode() & 7)));
    }
    CHECK_TRACE("ia1");
}

static void each_handler_knows_its_own_code(void) {
    begin_trace();
    __try {
        raise(1);
    } __except (1) {
        __try {
            raise(2);
        } __except (GetExceptionCode() == CODE(2)) {
            note((char)('0' + (GetExceptionCode() & 7)));
        }
        note((char)('0' + (GetExceptionCode() & 7)));
    }
    CHECK_TRACE("21");
}

SEPARATE int deep_in_handlers(int depth) {
    int wrong = 0;
    __try {
        raise((DWORD)depth);
    } __except (1) {
        if (depth > 0)
            wrong = deep_in_handlers(depth - 1);
        wrong += GetExceptionCode() != CODE((DWORD)depth);
    }
    return wrong;
}
static void handlers_may_nest_without_end(void) {
    CHECK_EQUAL(deep_in_handlers(1000), 0);
}

SEPARATE int deep_in_bodies(int depth, BYTE *page) {
    int unwound = 0;
    __try {
        if (depth == 0)
            write_byte(page, 1);
        else
            unwound = deep_in_bodies(depth - 1, page);
    } __finally {
        calls++;
    }
    return unwound;
}
static void a_thousand_bodies_are_unwound(void) {
    BYTE *base = reserved_pages(1);
    calls = 0;
    for (int i = 0; i < 3; i++) {
        __try {
            deep_in_bodies(1000, base);
        } __except (1) {
            calls += 10000;
        }
    }
    CHECK_EQUAL(calls, 3 * 11001);
    release(base);
}

SEPARATE void bad_address(BYTE *page) {
    __try {
        __try {
            write_byte(page, 1);
        } __finally {
            note('f');
            write_byte(page, 2);
        }
    } __except (note('i'), EXCEPTION_EXECUTE_HANDLER) {
        note('h');
        write_byte(page, 3);
    }
}
static void faults_in_blocks_and_handlers_find_the_frames_around(void) {
    BYTE *base = reserved_pages(1);
    begin_trace();
    __try {
        bad_address(base);
    } __except (note('o')) {
        note('H');
    }
    CHECK_TRACE("ifihoH");
    release(base);
}

TEST_PROGRAM(TEST(an_exception_in_a_filter_asks_that_filter_again),
             TEST(an_exception_in_an_outer_filter_asks_from_the_innermost),
             TEST(a_filter_may_handle_the_exception_that_it_raised_itself),
             TEST(a_filter_may_go_on_after_an_exception_in_a_filter),
             TEST(an_exception_in_a_finally_block_replaces_the_one_under_way),
             TEST(an_exception_handled_within_a_finally_block_does_not_stop_the_unwinding),
             TEST(each_handler_knows_its_own_code), TEST(handlers_may_nest_without_end),
             TEST(a_thousand_bodies_are_unwound),
             TEST(faults_in_blocks_and_handlers_find_the_frames_around))
