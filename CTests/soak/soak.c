#include "soak.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { lines_printed = 4 };

struct options options = {1, 10, 0, NULL, NULL, 0};

static struct {
    const char *program, *test, *doing;
    uint64_t seed;
    int wrong, passed, failed;
} soak;

// One write for a line, so that lines of several threads and processes stay whole.
static void print_line(const char *text, size_t length) {
    while (length > 0) {
        ssize_t written = write(STDOUT_FILENO, text, length);
        if (written <= 0)
            return;
        text += written;
        length -= (size_t)written;
    }
}

static size_t name_test(char *line, size_t size) {
    int length =
        snprintf(line, size, "%s: %s, seed %llu: ", soak.program,
                 soak.test ? soak.test : "before the first test", (unsigned long long)soak.seed);
    return length < 0 ? 0 : (size_t)length;
}

static void print_summary(void) {
    char line[160];
    int length = snprintf(line, sizeof line, "%s: %d passed, %d failed\n", soak.program,
                          soak.passed, soak.failed);
    print_line(line, (size_t)length);
}

static void print_wrong(const char *format, va_list arguments) {
    int error = errno;
    char line[1024];
    size_t length = name_test(line, sizeof line);
    vsnprintf(line + length, sizeof line - length - 1, format, arguments);
    length = strlen(line);
    line[length] = '\n';
    print_line(line, length + 1);
    errno = error;
}

void soak_wrong(const char *format, ...) {
    va_list arguments;
    if (__atomic_add_fetch(&soak.wrong, 1, __ATOMIC_RELAXED) > lines_printed)
        return;
    va_start(arguments, format);
    print_wrong(format, arguments);
    va_end(arguments);
}

void soak_give_up(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    print_wrong(format, arguments);
    va_end(arguments);
    soak.failed++;
    print_summary();
    _exit(1);
}

// The fault is raised once more when the handler has returned, and then ends the process with its core.
static void report_end(int number, siginfo_t *information, void *context) {
    (void)context;
    if (number == SIGALRM)
        soak_give_up("does not end%s%s", soak.doing ? "; last: " : "",
                     soak.doing ? soak.doing : "");
    soak.wrong = 0;
    soak_wrong("died of signal %d (%s) at %p%s%s", number, strsignal(number),
               number == SIGABRT ? NULL : information->si_addr, soak.doing ? "; last: " : "",
               soak.doing ? soak.doing : "");
    signal(number, SIG_DFL);
}

static void report_what_ends_us(void) {
    static const int numbers[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGALRM};
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = report_end;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        sigaction(numbers[i], &action, NULL);
}

static void explain(void) {
    fprintf(stderr,
            "usage: %s [--seconds N] [--seed S] [--threads N] [--only TEST] [--without CALL,...] "
            "[--verbose]\n",
            soak.program);
    exit(2);
}

void soak_begin(int argc, char **argv, const char *program) {
    soak.program = program;
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i], *value = i + 1 < argc ? argv[i + 1] : NULL;
        if (strcmp(word, "--verbose") == 0) {
            options.verbose = 1;
            continue;
        }
        if (value == NULL)
            explain();
        else if (strcmp(word, "--seconds") == 0)
            options.seconds = strtod(value, NULL);
        else if (strcmp(word, "--seed") == 0)
            options.seed = strtoull(value, NULL, 0);
        else if (strcmp(word, "--threads") == 0)
            options.threads = atoi(value);
        else if (strcmp(word, "--only") == 0)
            options.only = value;
        else if (strcmp(word, "--without") == 0)
            options.without = value;
        else
            explain();
        i++;
    }
    report_what_ends_us();
}

// Printed before each test, because no handler runs in a process that is killed.
static void announce(const char *test, uint64_t seed) {
    char line[160];
    if (isatty(STDOUT_FILENO))
        return;
    int length =
        snprintf(line, sizeof line, "running %s, seed %llu\n", test, (unsigned long long)seed);
    print_line(line, (size_t)length);
}

void soak_running(const char *test, uint64_t seed, unsigned seconds) {
    announce(test, seed);
    soak.test = test;
    soak.seed = seed;
    soak.doing = NULL;
    soak.wrong = 0;
    alarm(seconds);
}

void soak_doing(const char *doing) {
    soak.doing = doing;
}

int soak_is_wrong(void) {
    return __atomic_load_n(&soak.wrong, __ATOMIC_RELAXED) != 0;
}

void soak_ended(void) {
    alarm(0);
    if (soak.wrong > lines_printed) {
        int count = soak.wrong;
        soak.wrong = 0;
        soak_wrong("%d times in all", count);
    }
    if (soak.wrong != 0)
        soak.failed++;
    else
        soak.passed++;
}

int soak_wanted(const char *test) {
    return options.only == NULL || strcmp(options.only, test) == 0;
}

int soak_left_out(const char *name) {
    size_t length = strlen(name);
    for (const char *at = options.without; at != NULL; at = strchr(at, ',')) {
        at += *at == ',';
        if (strncmp(at, name, length) == 0 && (at[length] == 0 || at[length] == ','))
            return 1;
    }
    return 0;
}

int soak_end(void) {
    alarm(0);
    if (soak.passed + soak.failed == 0)
        explain();
    print_summary();
    return soak.failed != 0;
}

double soak_now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

uint64_t random_word(uint64_t *state) {
    uint64_t word = *state += 0x9E3779B97F4A7C15ull;
    word = (word ^ word >> 30) * 0xBF58476D1CE4E5B9ull;
    word = (word ^ word >> 27) * 0x94D049BB133111EBull;
    return word ^ word >> 31;
}

uint64_t random_below(uint64_t *state, uint64_t limit) {
    return (random_word(state) >> 8) % limit;
}

long mapping_count(void) {
    static char buffer[65536];
    long lines = 0;
    ssize_t count;
    int file = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    while (file >= 0 && (count = read(file, buffer, sizeof buffer)) > 0)
        for (ssize_t i = 0; i < count; i++)
            lines += buffer[i] == '\n';
    close(file);
    return lines;
}
