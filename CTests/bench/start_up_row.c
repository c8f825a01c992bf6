// Row: a whole process, /bin/true, with this library preloaded against without. Microseconds here
// are the loader's: nothing of the library runs before its first call.
#define _GNU_SOURCE
#include "bench.h"

#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

enum { STARTS_PER_ROUND = 20, ROUNDS = 21, QUICK_ROUNDS = 5 };

static const char name[] = "start of a process, preloaded";
static const double most_added_nanoseconds = 100000;

static double start_time(char **environment) {
    static char program[] = "/bin/true";
    char *arguments[] = {program, NULL};
    pid_t child;
    int status = -1;
    uint64_t start = bench_nanoseconds();
    bench_require(posix_spawn(&child, program, NULL, NULL, arguments, environment) == 0,
                  "starting /bin/true");
    bench_require(waitpid(child, &status, 0) == child && status == 0, "/bin/true");
    return (double)(bench_nanoseconds() - start);
}

static void measure(const char *library) {
    static double ours[ROUNDS * STARTS_PER_ROUND], bare[ROUNDS * STARTS_PER_ROUND];
    char preload[4096];
    snprintf(preload, sizeof preload, "LD_PRELOAD=%s", library);
    char *with_library[] = {preload, NULL};
    char *without[] = {NULL};
    size_t rounds = bench_options.quick ? QUICK_ROUNDS : ROUNDS;
    start_time(with_library);
    start_time(without);
    for (size_t start = 0; start < rounds * STARTS_PER_ROUND; start++) {
        ours[start] = start_time(with_library);
        bare[start] = start_time(without);
    }
    struct bench_result result = {.ours = bench_summarise(ours, rounds, STARTS_PER_ROUND),
                                  .bare = bench_summarise(bare, rounds, STARTS_PER_ROUND)};
    snprintf(result.name, sizeof result.name, "%s", name);
    result.nanosecond_limit = result.bare.median + most_added_nanoseconds;
    snprintf(result.note, sizeof result.note, "preloading adds %.1f microseconds (limit %.0f)",
             (result.ours.median - result.bare.median) / 1000, most_added_nanoseconds / 1000);
    bench_report(&result);
}

int main(int argument_count, char **arguments) {
    bench_read_options(argument_count, arguments);
    if (bench_options.count_side)
        return BENCH_NOT_COUNTABLE; // another program's calls
    if (!bench_wants(name))
        return 0;
    if (bench_options.list) {
        printf("%s\n", name);
        return 0;
    }
    const char *library = getenv("BENCH_LIBRARY");
    bench_require(library != NULL, "BENCH_LIBRARY, the path of the library to preload:");
    bench_report_heading();
    measure(library);
    return 0;
}
