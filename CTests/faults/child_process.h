// Runs a piece of work in a child process that it may well kill, and keeps its standard error.
#ifndef CHILD_PROCESS_H
#define CHILD_PROCESS_H

#include "memory_checks.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static struct {
    int status;
    char errors[4096]; // what it wrote to standard error
} child;

// A sanitizer's own handlers would come first; tests of the default end begin without them.
static inline void without_earlier_handlers(void) {
    int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT};
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
        signal(signals[i], SIG_DFL);
}

static inline void run_child_with_handlers(void (*work)(void)) {
    int ends[2];
    memset(&child, 0, sizeof child);
    CHECK_EQUAL(pipe(ends), 0);
    fflush(stdout);
    pid_t process = fork();
    if (process == 0) {
        struct rlimit no_core = {0, 0};
        setrlimit(RLIMIT_CORE, &no_core);
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        work();
        _exit(0);
    }
    close(ends[1]);
    size_t length = 0;
    ssize_t got;
    while ((got = read(ends[0], child.errors + length, sizeof child.errors - 1 - length)) > 0)
        length += (size_t)got;
    close(ends[0]);
    CHECK_EQUAL(waitpid(process, &child.status, 0), process);
}

static void (*work_without_handlers)(void);
static inline void reset_and_work(void) {
    without_earlier_handlers();
    work_without_handlers();
}
static inline void run_child(void (*work)(void)) {
    work_without_handlers = work;
    run_child_with_handlers(reset_and_work);
}

#define CHECK_DIED_OF(signal)                                                                      \
    do {                                                                                           \
        CHECK(WIFSIGNALED(child.status));                                                          \
        CHECK_EQUAL(WTERMSIG(child.status), signal);                                               \
    } while (0)
#define CHECK_EXITED_WITH(number)                                                                  \
    do {                                                                                           \
        CHECK(WIFEXITED(child.status));                                                            \
        CHECK_EQUAL(WEXITSTATUS(child.status), number);                                            \
    } while (0)
#define CHECK_SAID(text)                                                                           \
    check_true(__FILE__, __LINE__, strstr(child.errors, text) != NULL, child.errors)

static inline int lines_said(void) {
    int lines = 0;
    for (const char *c = child.errors; *c; c++)
        lines += *c == '\n';
    return lines;
}

#endif
