// The test harness: a program is a table of tests named after rules; a check that fails prints
// where, which rule, what was expected and what came, and the test goes on.
#ifndef CHECK_H
#define CHECK_H

#include <windows.h>

#include <inttypes.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef _WIN32
#include <fcntl.h>
#include <unistd.h>
#endif

struct test {
    const char *name;
    void (*run)(void);
};
#define TEST(function)                                                                             \
    { #function, function }

// Last-error value that no system call sets: bit 29 is reserved for applications.
#define UNTOUCHED_ERROR 0x2BADC0DEu

static struct {
    const char *test;
    char row[96];
    int test_failures;
    int passed;
    int failed;
} check_state;

// What follows the test's name on the command line, or NULL.
static const char *check_argument;

#ifdef __MINGW_PRINTF_FORMAT
#define CHECK_PRINTF(text, first)                                                                  \
    __attribute__((format(__MINGW_PRINTF_FORMAT, text, first), unused))
#else
#define CHECK_PRINTF(text, first) __attribute__((format(printf, text, first), unused))
#endif

// Failures beyond this many in one test are counted but not printed.
#define PRINTED_FAILURES 12

CHECK_PRINTF(3, 4)
static void check_failed(const char *file, int line, const char *format, ...) {
    int number = __atomic_add_fetch(&check_state.test_failures, 1, __ATOMIC_RELAXED);
    if (number > PRINTED_FAILURES)
        return;
    char what[320];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    const char *slash = strrchr(file, '/');
    printf("%s:%d: %s%s%s: %s\n", slash ? slash + 1 : file, line, check_state.test,
           check_state.row[0] ? ", " : "", check_state.row, what);
    fflush(stdout);
}

// Names the row of a table that the following checks belong to.
CHECK_PRINTF(1, 2)
static void check_row(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(check_state.row, sizeof check_state.row, format, arguments);
    va_end(arguments);
}

static inline void check_true(const char *file, int line, int holds, const char *text) {
    if (!holds)
        check_failed(file, line, "expected %s", text);
}
#define CHECK(condition) check_true(__FILE__, __LINE__, (condition) ? 1 : 0, #condition)

static inline int check_equal(const char *file, int line, uint64_t got, uint64_t expected,
                              const char *text) {
    if (got != expected)
        check_failed(file, line, "%s: expected 0x%" PRIx64 ", got 0x%" PRIx64, text, expected, got);
    return got == expected;
}
#define CHECK_EQUAL(got, expected)                                                                 \
    check_equal(__FILE__, __LINE__, (uint64_t)(got), (uint64_t)(expected), #got)

// A call that must succeed (answer non-zero) and leave the last error alone. Gives its answer.
static inline void *check_granted(const char *file, int line, ULONG_PTR answer, const char *text) {
    DWORD error = GetLastError();
    if (answer == 0)
        check_failed(file, line, "%s: expected success, got error 0x%x", text, (unsigned)error);
    else if (error != UNTOUCHED_ERROR)
        check_failed(file, line, "%s: success changed the last error: expected 0x%x, got 0x%x",
                     text, UNTOUCHED_ERROR, (unsigned)error);
    return (void *)answer;
}
#define GRANTED(call)                                                                              \
    (SetLastError(UNTOUCHED_ERROR), check_granted(__FILE__, __LINE__, (ULONG_PTR)(call), #call))

// A call that must be refused (answer 0) with exactly this last error.
static inline void check_refused(const char *file, int line, ULONG_PTR answer, DWORD expected,
                                 const char *text) {
    DWORD error = GetLastError();
    if (answer != 0)
        check_failed(file, line, "%s: expected refusal with 0x%x, got success 0x%" PRIx64, text,
                     (unsigned)expected, (uint64_t)answer);
    else if (error != expected)
        check_failed(file, line, "%s: expected error 0x%x, got 0x%x", text, (unsigned)expected,
                     (unsigned)error);
}
#define REFUSED(call, error)                                                                       \
    (SetLastError(UNTOUCHED_ERROR),                                                                \
     check_refused(__FILE__, __LINE__, (ULONG_PTR)(call), (error), #call))

// Said before each test, past all buffers, so that the last line names the test that crashes or hangs.
static inline void check_announce(const char *name) {
    char line[160];
    int length = snprintf(line, sizeof line, "running %s\n", name);
#ifdef _WIN32
    fwrite(line, 1, (size_t)length, stdout);
    fflush(stdout);
#else
    if (write(STDOUT_FILENO, line, (size_t)length) != length)
        return; // nobody listens
#endif
}

static inline void check_run(const struct test *test) {
    check_announce(test->name);
    check_state.test = test->name;
    check_state.row[0] = 0;
    check_state.test_failures = 0;
    test->run();
    if (check_state.test_failures == 0) {
        check_state.passed++;
        return;
    }
    check_state.failed++;
    printf("FAILED %s (%d checks)\n", test->name, check_state.test_failures);
    fflush(stdout);
}

// How many mappings the process has; 0 where nobody can tell.
static inline long check_mapping_count(void) {
    long lines = 0;
#ifndef _WIN32
    static char buffer[16384];
    ssize_t count;
    int file = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    while (file >= 0 && (count = read(file, buffer, sizeof buffer)) > 0)
        for (ssize_t i = 0; i < count; i++)
            lines += buffer[i] == '\n';
    close(file);
#endif
    return lines;
}

// With CHECK_MAPPINGS=N in the environment: all tests together may leave that many behind.
static inline void check_mappings_given_back(long before) {
    const char *most = getenv("CHECK_MAPPINGS");
    long now = check_mapping_count();
    if (most == NULL || now <= before + atol(most))
        return;
    check_state.failed++;
    printf("FAILED released memory costs no mapping: %ld at the start, %ld at the end\n", before,
           now);
}

// Runs every test, or the one named by the first argument. The answer is the exit status.
static inline int check_main(const char *file, const struct test *tests, size_t count, int argc,
                             char **argv) {
    const char *slash = strrchr(file, '/');
    const char *program = slash ? slash + 1 : file;
    const char *wanted = argc > 1 ? argv[1] : NULL;
    check_argument = argc > 2 ? argv[2] : NULL;
    long mappings = getenv("CHECK_MAPPINGS") != NULL ? check_mapping_count() : 0;
    for (size_t i = 0; i < count; i++)
        if (wanted == NULL || strcmp(wanted, tests[i].name) == 0)
            check_run(&tests[i]);
    if (check_state.passed + check_state.failed == 0) {
        fprintf(stderr, "%s: no test named %s\n", program, wanted ? wanted : "(none)");
        return 2;
    }
    if (wanted == NULL)
        check_mappings_given_back(mappings);
    printf("%.*s: %d passed, %d failed\n", (int)strcspn(program, "."), program, check_state.passed,
           check_state.failed);
    return check_state.failed != 0;
}
#define TEST_PROGRAM(...)                                                                          \
    int main(int argc, char **argv) {                                                              \
        static const struct test tests[] = {__VA_ARGS__};                                          \
        return check_main(__FILE__, tests, sizeof tests / sizeof tests[0], argc, argv);            \
    }

#endif
