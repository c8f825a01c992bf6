// Signals all the time, whose handlers use the library on top of calls. Rule: with more than one
// thread every call is done, in a handler too; in a process of one thread a handler that asks for the
// very pages of the call below it may be told ERROR_BUSY. Nobody waits for ever.
#include "crew.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { pages_each = 48 };

static BYTE *base;
static int threads;
static volatile long handled;
static void (*handle)(struct member *member, uint64_t random);

static BYTE *page_of(int index, int page) {
    return base + ((SIZE_T)(index % threads) * pages_each + (SIZE_T)page) * page_bytes;
}

static void check_granted(int granted, const char *what) {
    if (!granted)
        soak_wrong("%s: error 0x%x", what, (unsigned)GetLastError());
}

// The first 16 pages of each are always committed; the others come and go.
static void change_pages(struct member *member, int index, uint64_t random) {
    static const DWORD protections[] = {PAGE_READWRITE, PAGE_READONLY, PAGE_NOACCESS};
    DWORD before, protection = protections[random % 3];
    SIZE_T size = (1 + random / 16 % 16) * page_bytes;
    switch (random / 4 % 4) {
    case 0:
        member->doing = "VirtualProtect";
        check_granted(VirtualProtect(page_of(index, 0), size, protection, &before), "protect");
        break;
    case 1:
        member->doing = "commit";
        check_granted(VirtualAlloc(page_of(index, 20), size, MEM_COMMIT, protection) != NULL,
                      "commit");
        break;
    case 2:
        member->doing = "decommit";
        check_granted(VirtualFree(page_of(index, 20), size, MEM_DECOMMIT), "decommit");
        break;
    default:
        member->doing = "reset";
        check_granted(VirtualAlloc(page_of(index, 0), size, MEM_RESET, PAGE_READWRITE) != NULL,
                      "reset");
    }
}

static void change_others(struct member *member, uint64_t random) {
    change_pages(member, member->index + 1 + (int)(random >> 33) % threads, random);
}

static void change_one_page(struct member *member, uint64_t random) {
    DWORD before;
    member->doing = "VirtualProtect of the page of all";
    check_granted(VirtualProtect(page_of(0, 0), page_bytes,
                                 random % 2 ? PAGE_READONLY : PAGE_READWRITE, &before),
                  "protect");
}

static void use_a_block(struct member *member, uint64_t random) {
    member->doing = "a block of its own";
    BYTE *block = VirtualAlloc(NULL, (1 + random % 300) * page_bytes, MEM_RESERVE | MEM_COMMIT,
                               PAGE_READWRITE);
    check_granted(block != NULL, "a new block");
    if (block == NULL)
        return;
    if (block[0] != 0)
        soak_wrong("a new block is not zero");
    block[0] = 1;
    check_granted(VirtualFree(block, 0, MEM_RELEASE), "release");
}

static void use_thread_storage(struct member *member, uint64_t random) {
    member->doing = "TlsAlloc";
    DWORD index = TlsAlloc();
    check_granted(index != TLS_OUT_OF_INDEXES, "TlsAlloc");
    TlsSetValue(index, (void *)(ULONG_PTR)random);
    if (TlsGetValue(index) != (void *)(ULONG_PTR)random)
        soak_wrong("a thread's value is not what was stored");
    check_granted(TlsFree(index), "TlsFree");
}

static void ask(struct member *member, uint64_t random) {
    MEMORY_BASIC_INFORMATION region;
    member->doing = "VirtualQuery";
    int index = (int)(random >> 33) % threads;
    check_granted(
        VirtualQuery(page_of(index, (int)(random % pages_each)), &region, sizeof region) != 0,
        "query");
    if (region.State != MEM_COMMIT && region.State != MEM_RESERVE)
        soak_wrong("a page of ours is called 0x%x", (unsigned)region.State);
}

static void on_signal(int number) {
    struct member *member = crew_self();
    (void)number;
    if (member == NULL)
        return;
    int error = errno;
    DWORD last_error = GetLastError();
    const char *doing = member->doing;
    uint64_t random = random_word(&member->random);
    handle(member, random);
    __atomic_add_fetch(&handled, 1, __ATOMIC_RELAXED);
    member->doing = doing;
    SetLastError(last_error);
    errno = error;
}

// The same thing as its handler does, on pages of its own.
static void work(struct member *member) {
    while (!crew_stop) {
        uint64_t random = random_word(&member->random);
        if (handle == change_others)
            change_pages(member, member->index, random);
        else
            handle(member, random);
        if (random % 5 == 0)
            use_a_block(member, random / 5);
        member->steps++;
    }
}

static void send_signals(struct member *member) {
    member->doing = "sending signals";
    while (!crew_stop) {
        struct member *victim = &crew[random_below(&member->random, (uint64_t)threads)];
        if (victim->id != 0)
            pthread_kill(victim->thread, SIGUSR1);
        if (random_below(&member->random, 4) == 0)
            usleep((useconds_t)random_below(&member->random, 300));
        member->steps++;
    }
}

// Another process stops this one in the middle of anything, and lets it go on.
static pid_t stop_and_continue(void) {
    pid_t parent = getpid(), child = fork();
    if (child != 0)
        return child;
    while (getppid() == parent) {
        kill(parent, SIGSTOP);
        usleep(1000);
        kill(parent, SIGCONT);
        usleep(2000);
    }
    _exit(0);
}

struct test {
    const char *name;
    void (*handle)(struct member *, uint64_t);
    int threads, stops;
};

static void run_test(const struct test *test, uint64_t seed, double seconds) {
    pid_t stopper = 0;
    threads =
        options.threads > 1 && options.threads < test->threads ? options.threads : test->threads;
    handle = test->handle;
    soak_running(test->name, seed, (unsigned)seconds + 60);
    SIZE_T size = (SIZE_T)threads * pages_each * page_bytes;
    base = VirtualAlloc(NULL, size, MEM_RESERVE, PAGE_READWRITE);
    for (int i = 0; i < threads; i++)
        VirtualAlloc(page_of(i, 0), 16 * page_bytes, MEM_COMMIT, PAGE_READWRITE);
    if (test->stops)
        stopper = stop_and_continue();
    for (int i = 0; i < threads; i++)
        crew_add("worker", work, NULL, seed);
    crew_add("sender", send_signals, NULL, seed);
    crew_run(seconds, 2, NULL);
    if (stopper > 0) {
        kill(stopper, SIGKILL);
        waitpid(stopper, NULL, 0);
        kill(getpid(), SIGCONT);
    }
    check_granted(VirtualFree(base, 0, MEM_RELEASE), "release of all");
    soak_ended();
}

static const struct test tests[] = {
    {"handlers_change_each_others_pages", change_others, 2, 0},
    {"handlers_change_the_pages_of_many", change_others, 8, 0},
    {"handlers_and_threads_meet_on_one_page", change_one_page, 3, 0},
    {"more_than_64_wait_for_one_page", change_one_page, 70, 0},
    {"handlers_allocate_and_release", use_a_block, 4, 0},
    {"handlers_use_thread_storage", use_thread_storage, 4, 0},
    {"handlers_ask_while_pages_change", ask, 4, 0},
    {"stopped_and_continued", change_others, 4, 1},
};
enum { test_count = sizeof tests / sizeof tests[0] };

int main(int argc, char **argv) {
    struct sigaction action;
    soak_begin(argc, argv, "storms");
    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART;
    sigaction(SIGUSR1, &action, NULL);
    double end = soak_now() + options.seconds, each = options.seconds / test_count;
    for (uint64_t seed = options.seed; soak_now() < end; seed++)
        for (int i = 0; i < test_count; i++)
            if (soak_wanted(tests[i].name))
                run_test(&tests[i], seed, each > 5 ? 5 : each);
    return soak_end();
}
