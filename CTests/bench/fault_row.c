// Row: a page committed by the handler of the fault that its first touch raises. Ours is a vectored
// handler that calls VirtualAlloc; the bare side is a SIGSEGV handler that calls mprotect.
#include "bare.h"
#include "bench.h"
#include "ours.h"

#include <signal.h>
#include <string.h>

static const size_t page_bytes = 4096;
static const size_t reservation_bytes = (size_t)64 << 20;

static char *ours_base, *bare_base;
static size_t ours_next_page, bare_next_page;
static void *handler;
static struct sigaction library_action, bare_action;

static LONG CALLBACK commit_page(EXCEPTION_POINTERS *exception) {
    char *address = (char *)exception->ExceptionRecord->ExceptionInformation[1];
    if (exception->ExceptionRecord->ExceptionCode != EXCEPTION_ACCESS_VIOLATION ||
        address < ours_base || address >= ours_base + reservation_bytes)
        return EXCEPTION_CONTINUE_SEARCH;
    ours_commit(address, 1);
    return EXCEPTION_CONTINUE_EXECUTION;
}

static void commit_page_bare(int number, siginfo_t *information, void *machine) {
    (void)machine;
    char *address = information->si_addr;
    if (address < bare_base || address >= bare_base + reservation_bytes) {
        signal(number, SIG_DFL);
        return;
    }
    bare_commit((char *)((uintptr_t)address & ~(uintptr_t)(page_bytes - 1)), page_bytes);
}

static bool prepare(void) {
    handler = AddVectoredExceptionHandler(1, commit_page);
    bench_require(handler != NULL, "AddVectoredExceptionHandler");
    sigaction(SIGSEGV, NULL, &library_action);
    memset(&bare_action, 0, sizeof bare_action);
    bare_action.sa_sigaction = commit_page_bare;
    bare_action.sa_flags = SA_SIGINFO;
    ours_base = ours_reserve(reservation_bytes);
    bare_base = bare_reserve(reservation_bytes);
    ours_next_page = bare_next_page = 0;
    return true;
}

static void finish(void) {
    ours_release(ours_base);
    bare_release(bare_base, reservation_bytes);
    bench_require(RemoveVectoredExceptionHandler(handler) != 0, "RemoveVectoredExceptionHandler");
}

static void touch(char *address) {
    *(volatile char *)address = 1;
}

// A used-up reservation is exchanged off the clock.
static void ours_faults(struct bench_clock *clock, uint64_t operations) {
    for (uint64_t done = 0; done < operations; done++) {
        if (ours_next_page == reservation_bytes / page_bytes) {
            bench_clock_pause(clock);
            ours_release(ours_base);
            ours_base = ours_reserve(reservation_bytes);
            ours_next_page = 0;
            bench_clock_resume(clock);
        }
        touch(ours_base + ours_next_page++ * page_bytes);
    }
}

static void bare_faults(struct bench_clock *clock, uint64_t operations) {
    bench_clock_pause(clock);
    sigaction(SIGSEGV, &bare_action, NULL);
    bench_clock_resume(clock);
    for (uint64_t done = 0; done < operations; done++) {
        if (bare_next_page == reservation_bytes / page_bytes) {
            bench_clock_pause(clock);
            bare_release(bare_base, reservation_bytes);
            bare_base = bare_reserve(reservation_bytes);
            bare_next_page = 0;
            bench_clock_resume(clock);
        }
        touch(bare_base + bare_next_page++ * page_bytes);
    }
    bench_clock_pause(clock);
    sigaction(SIGSEGV, &library_action, NULL);
    bench_clock_resume(clock);
}

static const struct bench_row rows[] = {
    {.name = "fault, handler commits the page, touch",
     .ours = ours_faults,
     .bare = bare_faults,
     .prepare = prepare,
     .finish = finish,
     .ratio_limit = 1.20,
     .not_exact = true},
};

int main(int argument_count, char **arguments) {
    bench_read_options(argument_count, arguments);
    return bench_run(rows, sizeof rows / sizeof rows[0]);
}
