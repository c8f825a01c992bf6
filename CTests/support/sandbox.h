// Linux only: children in which chosen system calls are refused, as sandboxes do.
#ifndef SANDBOX_H
#define SANDBOX_H

#include "memory_checks.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { most_refused_calls = 8 };

// Which calls, ended by zero, are refused with which error. No call has the number zero that can be
// meant: that is read(2).
struct refusal {
    const char *name;
    int error;
    int calls[most_refused_calls];
};

// From now on, in this process and its children. Answers whether the kernel has such filters.
static inline int refuse_calls(const struct refusal *refusal) {
    struct sock_filter filter[2 * most_refused_calls + 2] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr))};
    unsigned short length = 1;
    for (int i = 0; i < most_refused_calls && refusal->calls[i] != 0; i++) {
        struct sock_filter is_it =
            BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)refusal->calls[i], 0, 1);
        struct sock_filter refuse =
            BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)refusal->error);
        filter[length++] = is_it;
        filter[length++] = refuse;
    }
    struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    filter[length++] = allow;
    struct sock_fprog program = {length, filter};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

// Runs `work` in a child; its failed checks, and its death, are failures of this test. With _Fork(2)
// for `make_child` a library that was not used yet is not used before the calls are refused either.
static inline void in_child_of(pid_t (*make_child)(void), const struct refusal *refusal,
                               void (*work)(void)) {
    fflush(stdout);
    pid_t process = make_child();
    if (process == 0) {
        int before = check_state.test_failures;
        alarm(30);
        if (refusal == NULL || refuse_calls(refusal))
            work();
        fflush(stdout);
        _exit(check_state.test_failures != before);
    }
    int status = 0;
    CHECK_EQUAL(waitpid(process, &status, 0), process);
    if (WIFSIGNALED(status))
        check_failed(__FILE__, __LINE__, "the child died of signal %d", WTERMSIG(status));
    else
        CHECK_EQUAL(WEXITSTATUS(status), 0);
}

static inline void in_child_with(const struct refusal *refusal, void (*work)(void)) {
    in_child_of(fork, refusal, work);
}

#endif
