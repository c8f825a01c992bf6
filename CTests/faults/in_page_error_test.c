// Linux only: a mapping whose file shrank, and arithmetic (behaviour 8.13, 8.14).
#include "exception_log.h"

#include <sys/mman.h>
#include <unistd.h>

static int file;

static LONG make_the_file_long_enough(EXCEPTION_POINTERS *exception) {
    (void)exception;
    return ftruncate(file, 2 * page_size) == 0 ? EXCEPTION_CONTINUE_EXECUTION
                                               : EXCEPTION_CONTINUE_SEARCH;
}

// 8.14
static void access_beyond_the_end_of_a_shrunken_file_is_an_in_page_error(void) {
    file = memfd_create("shrinking", 0);
    CHECK_EQUAL(ftruncate(file, 2 * page_size), 0);
    BYTE *view = (BYTE *)mmap(NULL, 2 * page_size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    CHECK(view != MAP_FAILED);
    CHECK_EQUAL(ftruncate(file, page_size), 0);
    begin_log(make_the_file_long_enough);
    write_byte(view + page_size + 9, 1);
    end_log();
    const EXCEPTION_RECORD *record = &exception_log.last.record;
    CHECK_EQUAL(exception_log.count, 1);
    CHECK_EQUAL(record->ExceptionCode, EXCEPTION_IN_PAGE_ERROR);
    CHECK_EQUAL(record->NumberParameters, 3);
    CHECK_EQUAL(record->ExceptionInformation[0], WRITE_KIND);
    CHECK_EQUAL(record->ExceptionInformation[1], (uintptr_t)(view + page_size + 9));
    CHECK_EQUAL(record->ExceptionInformation[2], 0xC0000011); // STATUS_END_OF_FILE
    CHECK_EQUAL(view[page_size + 9], 1);
    munmap(view, 2 * page_size);
    close(file);
}

// 8.13
static void arithmetic_on_vectors_has_its_codes(void) {
    DWORD control = 0x1D80; // division by zero is not masked
    double one = 1, zero = 0;
    begin_log(NULL);
    volatile DWORD code = 0;
    __try {
        __asm__ volatile("ldmxcsr %0\n\tmovsd %1, %%xmm0\n\tdivsd %2, %%xmm0" ::"m"(control),
                         "m"(one), "m"(zero)
                         : "xmm0");
    } __except (code = GetExceptionCode(), EXCEPTION_EXECUTE_HANDLER) {
    }
    end_log();
    CHECK_EQUAL(code, EXCEPTION_FLT_DIVIDE_BY_ZERO);
}

TEST_PROGRAM(TEST(access_beyond_the_end_of_a_shrunken_file_is_an_in_page_error),
             TEST(arithmetic_on_vectors_has_its_codes))
