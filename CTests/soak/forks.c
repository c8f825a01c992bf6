// Forks beside threads that use the library, in all ways: fork, _Fork and bare clone, from threads and
// from handlers on top of calls. Rule: each ends soon, and the child finds no call of others half done:
// it sees the memory of that moment, and can change it.
#include "crew.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// A bare fork beside 60 busy threads on two processors takes a second at times.
enum { kept_pages = 64, pages_each = 64, child_seconds = 5, seconds_for_a_fork = 3 };

static BYTE *kept, *changing;
static int workers;
static volatile long children;
enum way { by_fork, by_bare_fork, by_clone };

static void check_granted(int granted, const char *what) {
    if (!granted)
        soak_wrong("%s: error 0x%x", what, (unsigned)GetLastError());
}

static pid_t fork_by(enum way way) {
    if (way == by_fork)
        return fork();
    if (way == by_bare_fork)
        return _Fork();
    return (pid_t)syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);
}

// Everything the child does must work: 0, or a number that says what did not.
static int use_all_as_child(void) {
    DWORD before;
    MEMORY_BASIC_INFORMATION region;
    for (int page = 0; page < kept_pages; page++)
        if (kept[page * page_bytes] != (BYTE)(page + 1))
            return 11;
    if (VirtualQuery(kept, &region, sizeof region) == 0 || region.State != MEM_COMMIT ||
        region.RegionSize != kept_pages * page_bytes)
        return 12;
    if (!VirtualProtect(kept, kept_pages * page_bytes, PAGE_READONLY, &before))
        return 13;
    BYTE *block = VirtualAlloc(NULL, 20 * page_bytes, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    if (block == NULL || block[0] != 0)
        return 14;
    if (!VirtualFree(block, 0, MEM_RELEASE))
        return 15;
    for (int i = 0; i < workers; i++) {
        BYTE *own = changing + (SIZE_T)i * pages_each * page_bytes;
        if (VirtualAlloc(own, pages_each * page_bytes, MEM_COMMIT, PAGE_READWRITE) != own)
            return 16;
        own[0] = own[pages_each * page_bytes - 1] = 1;
        if (!VirtualFree(own, pages_each * page_bytes, MEM_DECOMMIT))
            return 17;
    }
    if (!VirtualFree(changing, 0, MEM_RELEASE) || !VirtualFree(kept, 0, MEM_RELEASE))
        return 18;
    return 0;
}

// A child of a bare clone is not known to the C library: nothing of it is used there.
__attribute__((noreturn)) static void be_the_child(void) {
    sigset_t none;
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = SIG_DFL;
    sigaction(SIGALRM, &action, NULL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    alarm(child_seconds);
    int result = use_all_as_child();
    syscall(SYS_exit_group, result);
    __builtin_unreachable();
}

static void fork_once(enum way way) {
    static const char *const names[] = {"fork", "_Fork", "clone"};
    double begin = soak_now();
    pid_t child = fork_by(way);
    if (child == 0)
        be_the_child();
    double took = soak_now() - begin;
    int status = 0;
    if (child < 0)
        return; // the system is out of processes
    if (took > seconds_for_a_fork)
        soak_wrong("%s took %.1f s", names[way], took);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    __atomic_add_fetch(&children, 1, __ATOMIC_RELAXED);
    if (WIFSIGNALED(status))
        soak_wrong("the child of %s %s (signal %d)", names[way],
                   WTERMSIG(status) == SIGALRM ? "hangs" : "dies", WTERMSIG(status));
    else if (WEXITSTATUS(status) != 0)
        soak_wrong("the child of %s fails at %d", names[way], WEXITSTATUS(status));
}

static void on_signal(int number) {
    struct member *member = crew_self();
    (void)number;
    if (member == NULL || crew_stop)
        return;
    int error = errno;
    DWORD last_error = GetLastError();
    const char *doing = member->doing;
    member->doing = "fork in a handler";
    fork_once((enum way)random_below(&member->random, 3));
    member->doing = doing;
    SetLastError(last_error);
    errno = error;
}

static void work(struct member *member) {
    BYTE *own = changing + (SIZE_T)member->index * pages_each * page_bytes;
    while (!crew_stop) {
        DWORD before;
        SIZE_T size = (1 + random_below(&member->random, pages_each)) * page_bytes;
        member->doing = "commit";
        check_granted(VirtualAlloc(own, size, MEM_COMMIT, PAGE_READWRITE) != NULL, "commit");
        member->doing = "VirtualProtect";
        check_granted(VirtualProtect(own, size, PAGE_READONLY, &before), "protect");
        member->doing = "decommit";
        check_granted(VirtualFree(own, size, MEM_DECOMMIT), "decommit");
        member->doing = "a block of its own";
        BYTE *block = VirtualAlloc(NULL, size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
        check_granted(block != NULL, "a new block");
        check_granted(VirtualFree(block, 0, MEM_RELEASE), "release");
        member->steps++;
    }
}

static void fork_all_the_time(struct member *member) {
    while (!crew_stop) {
        member->doing = "fork";
        fork_once((enum way)random_below(&member->random, 3));
        member->steps++;
    }
}

static void send_signals(struct member *member) {
    while (!crew_stop) {
        struct member *victim = &crew[random_below(&member->random, (uint64_t)workers)];
        if (victim->id != 0)
            pthread_kill(victim->thread, SIGUSR1);
        usleep(3000);
        member->steps++;
    }
}

struct test {
    const char *name;
    int workers, forks, signals;
};

static void run_test(const struct test *test, uint64_t seed, double seconds) {
    workers =
        options.threads > 1 && options.threads < test->workers ? options.threads : test->workers;
    soak_running(test->name, seed, (unsigned)seconds + 60);
    kept = VirtualAlloc(NULL, kept_pages * page_bytes, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    for (int page = 0; page < kept_pages; page++)
        kept[page * page_bytes] = (BYTE)(page + 1);
    changing =
        VirtualAlloc(NULL, (SIZE_T)workers * pages_each * page_bytes, MEM_RESERVE, PAGE_READWRITE);
    for (int i = 0; i < workers; i++)
        crew_add("worker", work, NULL, seed);
    if (test->forks)
        crew_add("forker", fork_all_the_time, NULL, seed);
    if (test->signals)
        crew_add("sender", send_signals, NULL, seed);
    crew_run(seconds, seconds_for_a_fork + 1, NULL);
    check_granted(VirtualFree(changing, 0, MEM_RELEASE), "release");
    check_granted(VirtualFree(kept, 0, MEM_RELEASE), "release");
    soak_ended();
}

int main(int argc, char **argv) {
    static const struct test tests[] = {
        {"children_find_no_call_half_done", 3, 1, 0},
        {"forks_in_handlers_on_top_of_calls_end", 3, 0, 1},
        {"forks_beside_many_threads_and_signals_are_quick", 60, 1, 1},
    };
    struct sigaction action;
    soak_begin(argc, argv, "forks");
    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART;
    sigaction(SIGUSR1, &action, NULL);
    double end = soak_now() + options.seconds, each = options.seconds / 3;
    for (uint64_t seed = options.seed; soak_now() < end; seed++)
        for (int i = 0; i < 3; i++)
            if (soak_wanted(tests[i].name))
                run_test(&tests[i], seed, each > 5 ? 5 : each);
    return soak_end();
}
