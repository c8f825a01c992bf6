// Printing: one line of the table to a row, and one line of JSON.
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>

void bench_report_heading(void) {
    if (!bench_options.rows_only)
        printf("%-50s %10s %10s %6s %9s %-7s %10s %10s\n", "nanoseconds per operation", "ours",
               "bare", "ratio", "limit", "verdict", "ours p99", "bare p99");
}

static double ratio_of(const struct bench_result *result) {
    return result->bare.median > 0 ? result->ours.median / result->bare.median : 0;
}

static bool has_limit(const struct bench_result *result) {
    return result->ratio_limit > 0 || result->nanosecond_limit > 0 || result->fell_short;
}

// A ratio is only judged when there is a bare side to compare with.
static bool is_over(const struct bench_result *result) {
    bool ratio_over = result->ratio_limit > 0 && ratio_of(result) > result->ratio_limit;
    bool time_over = result->nanosecond_limit > 0 && result->ours.median > result->nanosecond_limit;
    return ratio_over || time_over || result->fell_short;
}

// Over its limit in time alone, by no more than the machine takes to get at memory.
static bool is_memory_alone(const struct bench_result *result) {
    return result->nanosecond_limit > 0 && !result->fell_short &&
           result->ours.median <= result->nanosecond_limit + result->memory_nanoseconds;
}

static const char *verdict(const struct bench_result *result) {
    if (!has_limit(result))
        return "-";
    if (!is_over(result))
        return "ok";
    return is_memory_alone(result) ? "memory" : "OVER";
}

static void print_number(double value, int width, int decimals) {
    if (value > 0)
        printf(" %*.*f", width, decimals, value);
    else
        printf(" %*s", width, "-");
}

static void print_limit(const struct bench_result *result) {
    char text[32] = "-";
    if (result->ratio_limit > 0)
        snprintf(text, sizeof text, "%.2f", result->ratio_limit);
    else if (result->nanosecond_limit > 0)
        snprintf(text, sizeof text, "%.0f ns", result->nanosecond_limit);
    printf(" %9s", text);
}

static void print_row(const struct bench_result *result) {
    printf("%-50s", result->name);
    print_number(result->ours.median, 10, 1);
    print_number(result->bare.median, 10, 1);
    print_number(ratio_of(result), 6, 2);
    print_limit(result);
    printf(" %-7s", verdict(result));
    print_number(result->ours.p99, 10, 1);
    print_number(result->bare.p99, 10, 1);
    printf("\n");
    if (result->note[0])
        printf("    %s\n", result->note);
    fflush(stdout);
}

static void append_json(const struct bench_result *result) {
    FILE *file = fopen(bench_options.json_path, "a");
    bench_require(file != NULL, "opening the JSON file");
    fprintf(file,
            "{\"name\": \"%s\", \"ours_ns\": %.2f, \"ours_p50_ns\": %.2f, \"ours_p99_ns\": %.2f, "
            "\"bare_ns\": %.2f, \"bare_p50_ns\": %.2f, \"bare_p99_ns\": %.2f, \"ratio\": %.4f, "
            "\"ratio_limit\": %.2f, \"limit_ns\": %.1f, \"verdict\": \"%s\", \"note\": \"%s\"}\n",
            result->name, result->ours.median, result->ours.p50, result->ours.p99,
            result->bare.median, result->bare.p50, result->bare.p99, ratio_of(result),
            result->ratio_limit, result->nanosecond_limit, verdict(result), result->note);
    bench_require(fclose(file) == 0, "writing the JSON file");
}

void bench_report(const struct bench_result *result) {
    print_row(result);
    if (bench_options.json_path)
        append_json(result);
}

void bench_require(bool succeeded, const char *what) {
    if (!succeeded) {
        fprintf(stderr, "%s failed\n", what);
        exit(1);
    }
}
