// Random histories of calls against the model. Each failing one is shortened and printed as a test.
//
// The first process never calls the library; it watches one that runs a history after the other, and
// runs a failing one again, from the start of a process, until no call of it can be left out.
#include "access.h"
#include "calls.h"
#include "hog.h"
#include "others.h"

#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { mappings_kept = 64, failures_printed = 5, seconds_for_a_history = 20 };
enum { seeds_of_a_process = 40 };

struct history *history;
ULONG_PTR windows[window_count], blocks[block_count], lowest_place;
static struct { long calls, histories; } * made; // shared

void fail(const char *kind, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    snprintf(history->kind, sizeof history->kind, "%s", kind);
    vsnprintf(history->text, sizeof history->text, format, arguments);
    _exit(3);
}

// The window at the top is left out where the kernel has put something near it.
static void find_windows(void) {
    MEMORY_BASIC_INFORMATION region;
    BYTE *block = VirtualAlloc(NULL, window_bytes, MEM_RESERVE, PAGE_NOACCESS);
    VirtualFree(block, 0, MEM_RELEASE);
    windows[arena_window] = (ULONG_PTR)block;
    windows[far_window] = 0x590000000000;
    ULONG_PTR top = USABLE_END - window_bytes;
    int is_free = VirtualQuery((void *)(top - (1 << 28)), &region, sizeof region) != 0 &&
                  region.State == MEM_FREE && region.RegionSize >= window_bytes + (1 << 28);
    windows[top_window] = is_free && !soak_left_out("top") ? top : 0;
    for (int i = 0; i < block_count; i++)
        blocks[i] = windows[far_window];
}

static void release_all(void) {
    size_t count;
    struct page **pages = model_pages(&count);
    for (size_t i = 0; i < count; i++) {
        struct range range = {pages[i]->number * page_bytes, 0};
        if (pages[i]->base != pages[i]->number)
            continue;
        SetLastError(UNTOUCHED_ERROR);
        if (!VirtualFree((void *)range.address, 0, MEM_RELEASE))
            fail("release", "the block at 0x%llx cannot be released: error 0x%x",
                 (unsigned long long)range.address, (unsigned)GetLastError());
        model_release(range, 0);
    }
}

static void inspect_after(const struct call *call, int step) {
    uint64_t state = call->tag;
    struct range range = range_of(call);
    if (call->anchor == no_anchor)
        range.address = blocks[call->block];
    if (range.address + range.size <= USABLE_END)
        inspect_around(range, &state);
    if (step % 256 == 255 || history->count < 64)
        inspect_all(random_below(&state, 8) == 0);
}

static void inspect_end(SIZE_T charge, long mappings) {
    inspect_all(1);
    inspect_executable();
    inspect_charge(charge);
    release_all();
    inspect_all(0);
    inspect_charge(charge);
    if (mapping_count() > mappings + mappings_kept && !soak_left_out("mappings"))
        fail("mappings", "%ld mappings at the start, %ld when all is released", mappings,
             mapping_count());
}

// Chooses the calls, or takes those that are there already.
static void run_history(int is_chosen) {
    uint64_t state = history->seed * 977;
    model_clear();
    find_windows();
    int spare = (int)random_below(&state, 60);
    if (history->at_limit)
        leave_mappings(spare);
    others_remember();
    SIZE_T charge = charge_now();
    long mappings = mapping_count();
    for (int step = 0; step < history->count; step++) {
        history->done = step;
        if (is_chosen)
            history->calls[step] = choose_call(&state);
        perform(&history->calls[step]);
        inspect_after(&history->calls[step], step);
        made->calls++;
    }
    inspect_end(charge, mappings);
    made->histories += is_chosen;
}

static void set_kind_of_history(void) {
    uint64_t state = history->seed;
    history->has_handler = history->seed / seeds_of_a_process % 2 == 1;
    history->is_plain = random_below(&state, 2) == 0;
    history->count = random_below(&state, 4) == 0 ? calls_most : 600;
    history->at_limit = options.only != NULL && strcmp(options.only, "limit") == 0;
    history->with_refusals = options.only == NULL                    ? 0
                             : strcmp(options.only, "refusals") == 0 ? 1
                             : strcmp(options.only, "random") == 0   ? 2
                                                                     : 0;
}

// The handler stays once it is there, so all histories of a process have it, or none.
static void begin_child(int is_quiet) {
    static const int numbers[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGALRM};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        signal(numbers[i], SIG_DFL);
    if (is_quiet) {
        int nothing = open("/dev/null", O_WRONLY);
        dup2(nothing, STDERR_FILENO);
    }
    if (history->has_handler)
        catch_accesses();
    BYTE *first = VirtualAlloc(NULL, 1, MEM_COMMIT, PAGE_READWRITE);
    lowest_place = (ULONG_PTR)first;
    VirtualFree(first, 0, MEM_RELEASE);
}

// Returns whether the child found something wrong, died, or did not end.
static int is_wrong_end(pid_t child) {
    int status = 0;
    waitpid(child, &status, 0);
    if (WIFSIGNALED(status)) {
        int number = WTERMSIG(status);
        snprintf(history->kind, sizeof history->kind, number == SIGALRM ? "hang" : "crash");
        snprintf(history->text, sizeof history->text, "signal %d (%s)", number, strsignal(number));
    }
    return status != 0;
}

static int still_fails(struct history *candidate) {
    candidate->kind[0] = 0;
    pid_t child = fork();
    if (child == 0) {
        begin_child(1);
        alarm(5);
        run_history(0);
        _exit(0);
    }
    return is_wrong_end(child);
}

// Runs histories of one kind from this seed on until `end`. Returns whether one failed.
static int run_worker(uint64_t seed, double end) {
    history->seed = seed;
    set_kind_of_history();
    pid_t child = fork();
    if (child == 0) {
        begin_child(0);
        while (soak_now() < end) {
            set_kind_of_history();
            alarm(seconds_for_a_history);
            run_history(1);
            if ((seed + 1) % seeds_of_a_process == 0)
                break;
            history->seed = ++seed;
        }
        _exit(0);
    }
    return is_wrong_end(child);
}

// What depends on an earlier history of the process is printed as it is: its seed does not tell all.
static void report_failure(void) {
    static struct history first_seen;
    soak_running("history", history->seed, 0);
    soak_wrong("call %d of %d: %s: %s", history->done + 1, history->count, history->kind,
               history->text);
    if (history->done + 1 < history->count)
        history->count = history->done + 1;
    memcpy(&first_seen, history, sizeof first_seen);
    if (still_fails(history) && strcmp(first_seen.kind, history->kind) == 0) {
        shorten(history, still_fails, 15);
    } else {
        memcpy(history, &first_seen, sizeof first_seen);
        printf("// only behind the histories of seeds %llu and on\n",
               (unsigned long long)(history->seed - history->seed % seeds_of_a_process));
    }
    print_history(history);
    soak_ended();
}

int main(int argc, char **argv) {
    soak_begin(argc, argv, "history");
    history = mmap(NULL, sizeof *history + page_bytes, PROT_READ | PROT_WRITE,
                   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    made = (void *)(history + 1);
    double end = soak_now() + options.seconds;
    int failures = 0;
    for (uint64_t seed = options.seed; soak_now() < end && failures < failures_printed;) {
        if (run_worker(seed, end)) {
            report_failure();
            failures++;
        }
        seed = history->seed + 1;
    }
    for (long i = 0; i < made->histories; i++) {
        soak_running("history", options.seed, 0);
        soak_ended();
    }
    printf("%ld calls, up to seed %llu\n", made->calls, (unsigned long long)history->seed);
    fflush(stdout);
    return soak_end();
}
