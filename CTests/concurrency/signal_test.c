// Linux only: a signal handler may use the library while the thread that it interrupts is in the
// middle of a call.
#include "block_cycle.h"
#include "memory_checks.h"

#include <errno.h>
#include <signal.h>
#include <sys/time.h>
#include <time.h>

static volatile sig_atomic_t handler_runs, first_wrong_line;
static int (*volatile handler_work)(void);
static BYTE *volatile shared_region;

static void do_handler_work(int signal) {
    (void)signal;
    DWORD last_error = GetLastError();
    int line = handler_work();
    if (line != 0 && first_wrong_line == 0)
        first_wrong_line = line;
    handler_runs = handler_runs + 1;
    SetLastError(last_error);
}

static void set_timer(long microseconds) {
    struct itimerval interval = {{0, microseconds}, {0, microseconds}};
    CHECK_EQUAL(setitimer(ITIMER_REAL, &interval, NULL), 0);
}

static double seconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

// Interrupts the work with the other work every 150 microseconds for 0.4 seconds.
static void interrupt(int (*work)(void), int (*with)(void)) {
    struct sigaction action, before;
    memset(&action, 0, sizeof action);
    action.sa_handler = do_handler_work;
    action.sa_flags = SA_RESTART;
    handler_work = with;
    handler_runs = first_wrong_line = 0;
    sigaction(SIGALRM, &action, &before);
    set_timer(150);
    double end = seconds_now() + 0.4;
    int line = 0;
    while (line == 0 && seconds_now() < end)
        line = work();
    set_timer(0);
    sigaction(SIGALRM, &before, NULL);
    CHECK_EQUAL(line, 0);
    CHECK_EQUAL(first_wrong_line, 0);
    CHECK(handler_runs > 20);
}

static int cycle_in_main(void) {
    return block_cycle(0x51);
}

static int cycle_in_handler(void) {
    return block_cycle(0x52);
}

// Design page, "async-signal-safe".
static void a_handler_can_live_through_a_block_of_its_own(void) {
    interrupt(cycle_in_main, cycle_in_handler);
}

// Page 1 and 2 are the main program's, page 4 the handler's, all of one region.
static int use_main_pages(void) {
    BYTE *pages = shared_region + page_size;
    DWORD before = 0;
    CYCLE_STEP(VirtualAlloc(pages, 2 * page_size, MEM_COMMIT, PAGE_READWRITE) == pages);
    CYCLE_STEP(bytes_are(pages, 0, 2 * page_size));
    fill_bytes(pages, 0x53, 2 * page_size);
    CYCLE_STEP(VirtualProtect(pages, page_size, PAGE_READONLY, &before));
    CYCLE_STEP(before == PAGE_READWRITE);
    CYCLE_STEP(bytes_are(pages, 0x53, 2 * page_size));
    CYCLE_STEP(VirtualFree(pages, 2 * page_size, MEM_DECOMMIT));
    return 0;
}

static int use_handler_page(void) {
    BYTE *page = shared_region + 4 * page_size;
    MEMORY_BASIC_INFORMATION region;
    CYCLE_STEP(VirtualAlloc(page, page_size, MEM_COMMIT, PAGE_READWRITE) == page);
    CYCLE_STEP(bytes_are(page, 0, page_size));
    fill_bytes(page, 0x54, page_size);
    CYCLE_STEP(VirtualQuery(shared_region, &region, sizeof region) == sizeof region);
    CYCLE_STEP(region.AllocationBase == shared_region && region.State == MEM_RESERVE);
    CYCLE_STEP(bytes_are(page, 0x54, page_size));
    CYCLE_STEP(VirtualFree(page, page_size, MEM_DECOMMIT));
    return 0;
}

static void a_handler_can_use_the_region_that_the_interrupted_call_works_on(void) {
    shared_region = reserved_pages(6);
    interrupt(use_main_pages, use_handler_page);
    CHECK_RESERVED(shared_region, 6 * page_size);
    release(shared_region);
}

static int query_everything(void) {
    MEMORY_BASIC_INFORMATION region;
    int here = 0;
    CYCLE_STEP(VirtualQuery(&here, &region, sizeof region) == sizeof region);
    CYCLE_STEP(region.State == MEM_COMMIT);
    CYCLE_STEP(VirtualQuery(shared_region, &region, sizeof region) == sizeof region);
    CYCLE_STEP(region.AllocationBase == shared_region);
    CYCLE_STEP(VirtualQuery(NULL, &region, sizeof region) == sizeof region);
    CYCLE_STEP(region.State == MEM_FREE);
    return 0;
}

static void a_handler_can_query_own_and_foreign_memory(void) {
    shared_region = reserved_pages(6);
    interrupt(cycle_in_main, query_everything);
    release(shared_region);
}

static int fail_with_another_errno(void) {
    errno = EDOM;
    return VirtualAlloc(shared_region, page_size, MEM_RESERVE, PAGE_READWRITE) == NULL &&
                   errno == EDOM
               ? 0
               : __LINE__;
}

static int check_last_error_in_main(void) {
    SetLastError(UNTOUCHED_ERROR);
    CYCLE_STEP(VirtualFree(shared_region, 1, MEM_DECOMMIT));
    CYCLE_STEP(GetLastError() == UNTOUCHED_ERROR);
    CYCLE_STEP(!VirtualFree(shared_region, 1, MEM_RELEASE));
    CYCLE_STEP(GetLastError() == ERROR_INVALID_PARAMETER);
    return 0;
}

// The handler here puts the last error back as it must; no call may change errno.
static void a_refusal_in_a_handler_does_not_show_outside(void) {
    shared_region = reserved_pages(1);
    interrupt(check_last_error_in_main, fail_with_another_errno);
    release(shared_region);
}

TEST_PROGRAM(TEST(a_handler_can_live_through_a_block_of_its_own),
             TEST(a_handler_can_use_the_region_that_the_interrupted_call_works_on),
             TEST(a_handler_can_query_own_and_foreign_memory),
             TEST(a_refusal_in_a_handler_does_not_show_outside))
