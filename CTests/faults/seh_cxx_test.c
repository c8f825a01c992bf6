// __try in C++, on request (win32memory/seh_cxx.h). Compiled as C++17.
#include <string>
#include <vector>

#define WIN32MEMORY_SEH_CXX
#include "check.h"

struct request {
    int number;
};
WIN32MEMORY_SEH_PLAIN(request);

static __attribute__((noinline)) void raise(DWORD code) {
    RaiseException(code, 0, 0, nullptr);
}

static __attribute__((noinline)) DWORD code_of(DWORD raised) {
    DWORD code = 0;
    __try {
        raise(raised);
    } __except (code = GetExceptionCode(), EXCEPTION_EXECUTE_HANDLER) {
        return code == GetExceptionCode() ? code : 0;
    }
    return 0;
}
static void a_filter_stores_the_code(void) {
    CHECK_EQUAL(code_of(0xE0000001), 0xE0000001);
}

static __attribute__((noinline)) int rounds_until_the_end(void) {
    int rounds = 0, blocks = 0;
    for (int i = 0; i < 9; i++) {
        __try {
            if (i == 1)
                continue;
            if (i == 3)
                break;
            rounds++;
        } __finally {
            blocks += AbnormalTermination() ? 0 : 10;
        }
    }
    return rounds + blocks;
}
static void bodies_are_left_as_in_c(void) {
    CHECK_EQUAL(rounds_until_the_end(), 22);
}

static __attribute__((noinline)) int cleaned(void) {
    int done = 0;
    __try {
        __try {
            raise(0xE0000002);
        } __finally {
            done = 7;
        }
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        done += 100;
    }
    return done;
}
static void a_finally_block_stores_what_the_handler_reads(void) {
    CHECK_EQUAL(cleaned(), 107);
}

static int blocks;
static __attribute__((noinline)) void throw_through_a_body(void) {
    __try {
        throw 5;
    } __finally {
        blocks++;
    }
}
static void exceptions_of_cxx_run_the_finally_block(void) {
    int caught = 0;
    try {
        throw_through_a_body();
    } catch (int number) {
        caught = number;
    }
    CHECK_EQUAL(caught, 5);
    CHECK_EQUAL(blocks, 1);
}

TEST_PROGRAM(TEST(a_filter_stores_the_code), TEST(bodies_are_left_as_in_c),
             TEST(a_finally_block_stores_what_the_handler_reads),
             TEST(exceptions_of_cxx_run_the_finally_block))
