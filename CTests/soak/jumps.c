// Threads leave calls by siglongjmp out of a handler. Rule: a call that was left holds nothing; its
// pages are as before it or as after it, and can be changed, by its thread and by others.
#include "crew.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { pages_each = 40 };

static BYTE *base;
static int threads;
static volatile long jumps;
static __thread sigjmp_buf start;
static __thread volatile sig_atomic_t may_jump;

static void check_granted(int granted, const char *what) {
    if (!granted)
        soak_wrong("after %ld jumps: %s: error 0x%x", jumps, what, (unsigned)GetLastError());
}

static void on_signal(int number) {
    (void)number;
    if (crew_self() == NULL || !may_jump)
        return;
    may_jump = 0;
    __atomic_add_fetch(&jumps, 1, __ATOMIC_RELAXED);
    siglongjmp(start, 1);
}

// Calls of every kind, none of whose answers is known when the jump comes in between.
static void call_something(BYTE *own, uint64_t random) {
    DWORD before;
    MEMORY_BASIC_INFORMATION region;
    SIZE_T size = (1 + random % pages_each) * page_bytes;
    switch (random >> 16 & 7) {
    case 0:
    case 1:
        VirtualAlloc(own, size, MEM_COMMIT, PAGE_READWRITE);
        break;
    case 2:
        VirtualFree(own, size, MEM_DECOMMIT);
        break;
    case 3:
        VirtualProtect(own, size, PAGE_READONLY, &before);
        break;
    case 4:
        VirtualQuery(own, &region, sizeof region);
        break;
    case 5:
        VirtualAlloc(own, size, MEM_RESET, PAGE_READWRITE);
        break;
    default:
        VirtualAlloc(own, size, MEM_COMMIT, PAGE_READONLY);
    }
}

// The pages are of one state each, which the kernel knows as the book does, and can be made new.
static void check_pages(BYTE *own) {
    MEMORY_BASIC_INFORMATION region;
    for (SIZE_T offset = 0; offset < pages_each * page_bytes; offset += region.RegionSize) {
        if (VirtualQuery(own + offset, &region, sizeof region) == 0) {
            check_granted(0, "query");
            return;
        }
        if (region.State == MEM_COMMIT)
            (void)*(volatile BYTE *)(own + offset);
        if (region.State == MEM_COMMIT && region.Protect == PAGE_READWRITE)
            own[offset] = 1;
    }
    check_granted(VirtualFree(own, pages_each * page_bytes, MEM_DECOMMIT), "decommit");
    check_granted(VirtualAlloc(own, pages_each * page_bytes, MEM_COMMIT, PAGE_READWRITE) == own,
                  "commit");
    if (own[0] != 0 || own[pages_each * page_bytes - 1] != 0)
        soak_wrong("after %ld jumps: fresh pages are not zero", jumps);
    own[0] = own[pages_each * page_bytes - 1] = 1;
}

static void jump_about(struct member *member) {
    BYTE *volatile own = base + (SIZE_T)member->index * pages_each * page_bytes;
    while (!crew_stop) {
        member->doing = "calls until a jump";
        if (sigsetjmp(start, 1) == 0) {
            may_jump = 1;
            while (may_jump && !crew_stop)
                call_something(own, random_word(&member->random));
        }
        may_jump = 0;
        member->doing = "calls after a jump";
        check_pages(own);
        member->steps++;
    }
}

// Meets the pages of those who jump.
static void touch_others(struct member *member) {
    while (!crew_stop) {
        uint64_t random = random_word(&member->random);
        BYTE *page = base + random % (SIZE_T)(threads * pages_each) * page_bytes;
        member->doing = "commit of others' pages";
        check_granted(VirtualAlloc(page, page_bytes, MEM_COMMIT, PAGE_READWRITE) != NULL,
                      "commit of others' pages");
        member->steps++;
        usleep(50);
    }
}

static void send_signals(struct member *member) {
    member->doing = "sending signals";
    while (!crew_stop) {
        struct member *victim = &crew[random_below(&member->random, (uint64_t)threads)];
        if (victim->id != 0)
            pthread_kill(victim->thread, SIGUSR1);
        usleep((useconds_t)(100 + random_below(&member->random, 300)));
        member->steps++;
    }
}

struct test {
    const char *name;
    int threads, others;
};

static void run_test(const struct test *test, uint64_t seed, double seconds) {
    threads =
        options.threads > 1 && options.threads < test->threads ? options.threads : test->threads;
    soak_running(test->name, seed, (unsigned)seconds + 60);
    base =
        VirtualAlloc(NULL, (SIZE_T)threads * pages_each * page_bytes, MEM_RESERVE, PAGE_READWRITE);
    for (int i = 0; i < threads; i++)
        crew_add("jumper", jump_about, NULL, seed);
    if (test->others)
        crew_add("neighbour", touch_others, NULL, seed);
    crew_add("sender", send_signals, NULL, seed);
    crew_run(seconds, 2, NULL);
    check_granted(VirtualFree(base, 0, MEM_RELEASE), "release");
    soak_ended();
}

int main(int argc, char **argv) {
    static const struct test tests[] = {
        {"a_call_left_by_a_jump_holds_nothing", 1, 0},
        {"calls_left_by_many_threads_hold_nothing", 6, 0},
    };
    struct sigaction action;
    soak_begin(argc, argv, "jumps");
    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;
    sigaction(SIGUSR1, &action, NULL);
    double end = soak_now() + options.seconds, each = options.seconds / 2;
    for (uint64_t seed = options.seed; soak_now() < end; seed++)
        for (int i = 0; i < 2; i++)
            if (soak_wanted(tests[i].name))
                run_test(&tests[i], seed, each > 5 ? 5 : each);
    return soak_end();
}
