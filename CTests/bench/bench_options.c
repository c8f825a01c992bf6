// The command line that all benchmark programs share.
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct bench_options bench_options;

static const char usage[] =
    "options: --quick            fewer rounds\n"
    "         --rows-only        no heading\n"
    "         --json FILE        append each row as a line of JSON\n"
    "         --list             print the rows' names\n"
    "         --list-exact       of those whose counts are the same each time\n"
    "         --only ROW         run one row\n"
    "         --count SIDE N     one batch of N operations of \"ours\" or \"bare\", not timed\n"
    "         --one-batch        count one batch after another, and print its operations\n";

static void refuse(const char *word) {
    fprintf(stderr, "not understood: %s\n%s", word, usage);
    exit(2);
}

void bench_read_options(int argument_count, char **arguments) {
    for (int index = 1; index < argument_count; index++) {
        const char *word = arguments[index];
        int following = argument_count - index - 1;
        if (strcmp(word, "--quick") == 0) {
            bench_options.quick = true;
        } else if (strcmp(word, "--rows-only") == 0) {
            bench_options.rows_only = true;
        } else if (strcmp(word, "--list") == 0) {
            bench_options.list = true;
        } else if (strcmp(word, "--list-exact") == 0) {
            bench_options.list = bench_options.list_exact = true;
        } else if (strcmp(word, "--one-batch") == 0) {
            bench_options.one_batch = true;
        } else if (strcmp(word, "--json") == 0 && following >= 1) {
            bench_options.json_path = arguments[++index];
        } else if (strcmp(word, "--only") == 0 && following >= 1) {
            bench_options.only = arguments[++index];
        } else if (strcmp(word, "--count") == 0 && following >= 2) {
            bench_options.count_side = arguments[++index];
            bench_options.count_operations = strtoull(arguments[++index], NULL, 10);
        } else {
            refuse(word);
        }
    }
}

bool bench_wants(const char *row_name) {
    return !bench_options.only || strcmp(bench_options.only, row_name) == 0;
}
