// Linux only: WIN32MEMORY_BACKING, WIN32MEMORY_COMMIT_LIMIT, WIN32MEMORY_HUGE_PAGES and
// WIN32MEMORY_POPULATE. Each trial runs this program again with another environment, since all are
// read once.
#include "block_cycle.h"
#include "memory_checks.h"

#include <sys/wait.h>
#include <unistd.h>

static const char *program_path;

// What a trial left: its exit status, and what it wrote on standard error.
struct trial {
    int status;
    char complaint[1024];
};

// Runs `part` of this program with the variable set; see run_part.
static struct trial run_trial(const char *part, const char *variable, const char *value) {
    struct trial trial = {-1, ""};
    int complaints[2];
    CHECK_EQUAL(pipe(complaints), 0);
    pid_t child = fork();
    if (child == 0) {
        dup2(complaints[1], STDERR_FILENO);
        setenv(variable, value, 1);
        setenv("WIN32MEMORY_TEST_PART", part, 1);
        execl(program_path, program_path, (char *)NULL);
        _exit(127);
    }
    close(complaints[1]);
    size_t length = 0;
    ssize_t count;
    while ((count = read(complaints[0], trial.complaint + length,
                         sizeof trial.complaint - 1 - length)) > 0)
        length += (size_t)count;
    close(complaints[0]);
    int ending = 0;
    CHECK_EQUAL(waitpid(child, &ending, 0), child);
    trial.status = WIFEXITED(ending) ? WEXITSTATUS(ending) : 1000 + WTERMSIG(ending);
    return trial;
}

static int is_one_line_that_names(const char *text, const char *variable) {
    const char *end = strchr(text, '\n');
    return end != NULL && end[1] == 0 && strstr(text, variable) != NULL;
}

static void *commit(void *base, SIZE_T byte_count) {
    return VirtualAlloc(base, byte_count, MEM_COMMIT, PAGE_READWRITE);
}

// In the child, with a limit of one mebibyte: answers 0, or the line of what went wrong.
static int part_limit_of_one_mebibyte(void) {
    const SIZE_T mebibyte = 1 << 20;
    BYTE *base = (BYTE *)VirtualAlloc(NULL, 16 * mebibyte, MEM_RESERVE, PAGE_READWRITE);
    CYCLE_STEP(base != NULL);
    CYCLE_STEP(commit(base, mebibyte + page_size) == NULL);
    CYCLE_STEP(GetLastError() == ERROR_COMMITMENT_LIMIT);
    CYCLE_STEP(query_says(base, MEM_RESERVE, 0, 16 * mebibyte));
    CYCLE_STEP(commit(base, mebibyte - 2 * page_size) == base);
    fill_bytes(base, 0x11, mebibyte - 2 * page_size);
    CYCLE_STEP(commit(base + 8 * mebibyte, 3 * page_size) == NULL);
    CYCLE_STEP(GetLastError() == ERROR_COMMITMENT_LIMIT);
    CYCLE_STEP(query_says(base + 8 * mebibyte, MEM_RESERVE, 0, 8 * mebibyte));
    // Pages that are committed already cost nothing.
    CYCLE_STEP(commit(base, mebibyte) == base);
    CYCLE_STEP(commit(base, mebibyte) == base);
    CYCLE_STEP(commit(NULL, 1) == NULL && GetLastError() == ERROR_COMMITMENT_LIMIT);
    CYCLE_STEP(bytes_are(base, 0x11, mebibyte - 2 * page_size));
    return 0;
}

static int part_charge_comes_back(void) {
    const SIZE_T mebibyte = 1 << 20;
    for (int round = 0; round < 20; round++) {
        BYTE *base = (BYTE *)VirtualAlloc(NULL, 2 * mebibyte, MEM_RESERVE, PAGE_READWRITE);
        CYCLE_STEP(commit(base, mebibyte) == base);
        CYCLE_STEP(commit(base + mebibyte, 1) == NULL);
        CYCLE_STEP(GetLastError() == ERROR_COMMITMENT_LIMIT);
        CYCLE_STEP(VirtualFree(base + 5 * page_size, page_size, MEM_DECOMMIT));
        CYCLE_STEP(commit(base + mebibyte, 1) == base + mebibyte);
        CYCLE_STEP(commit(base, mebibyte) == NULL);
        CYCLE_STEP(VirtualFree(base, 0, MEM_RELEASE));
    }
    return 0;
}

// Commits as many mebibytes as the limit allows, at most 5000; the count is given by the value.
static int part_count_mebibytes(void) {
    BYTE *base = (BYTE *)VirtualAlloc(NULL, (SIZE_T)5000 << 20, MEM_RESERVE, PAGE_READWRITE);
    SIZE_T count = 0;
    while (count < 5000 && commit(base + (count << 20), 1 << 20) != NULL)
        count++;
    fprintf(stderr, "%d\n", (int)count);
    return 0;
}

static int part_cycle(void) {
    return block_cycle(0x71);
}

// 2.9, 3.7
static void committing_past_the_limit_is_refused_and_changes_nothing(void) {
    struct trial trial = run_trial("limit_of_one_mebibyte", "WIN32MEMORY_COMMIT_LIMIT", "1048576");
    CHECK_EQUAL(trial.status, 0);
    CHECK_EQUAL(strlen(trial.complaint), 0);
}

// 2.9
static void decommit_and_release_give_the_charge_back(void) {
    CHECK_EQUAL(run_trial("charge_comes_back", "WIN32MEMORY_COMMIT_LIMIT", "1M").status, 0);
}

// README, environment variables.
static void the_limit_may_have_a_unit(void) {
    static const struct {
        const char *value;
        int mebibytes;
    } rows[] = {{"3145728", 3}, {"2048K", 2}, {"7M", 7}, {"1G", 1024}, {"4G", 4096}, {"1T", 5000}};
    for (SIZE_T i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        check_row("limit %s", rows[i].value);
        struct trial trial =
            run_trial("count_mebibytes", "WIN32MEMORY_COMMIT_LIMIT", rows[i].value);
        CHECK_EQUAL(trial.status, 0);
        CHECK_EQUAL(atoi(trial.complaint), rows[i].mebibytes);
    }
}

static void a_bad_limit_is_one_line_and_then_the_default(void) {
    static const char *const values[] = {"a lot",       "-5",     "5X",  "5MB",
                                         "1.5G",        "0x1000", " 7M", "99999999999999999999",
                                         "99999999999T"};
    for (SIZE_T i = 0; i < sizeof values / sizeof values[0]; i++) {
        check_row("limit '%s'", values[i]);
        struct trial trial = run_trial("cycle", "WIN32MEMORY_COMMIT_LIMIT", values[i]);
        CHECK_EQUAL(trial.status, 0);
        CHECK(is_one_line_that_names(trial.complaint, "WIN32MEMORY_COMMIT_LIMIT"));
    }
}

static void both_backings_can_be_chosen(void) {
    static const char *const values[] = {"guarded", "mapped"};
    for (SIZE_T i = 0; i < 2; i++) {
        check_row("backing %s", values[i]);
        struct trial trial = run_trial("cycle", "WIN32MEMORY_BACKING", values[i]);
        CHECK_EQUAL(trial.status, 0);
        CHECK_EQUAL(strlen(trial.complaint), 0);
    }
}

static void an_unknown_backing_is_one_line_and_then_the_default(void) {
    static const char *const values[] = {"paper", "guardedx", "map", "GUARDED", "guarded "};
    for (SIZE_T i = 0; i < sizeof values / sizeof values[0]; i++) {
        check_row("backing '%s'", values[i]);
        struct trial trial = run_trial("cycle", "WIN32MEMORY_BACKING", values[i]);
        CHECK_EQUAL(trial.status, 0);
        CHECK(is_one_line_that_names(trial.complaint, "WIN32MEMORY_BACKING"));
    }
}

struct word {
    const char *value;
    int is_good;
};

// What is good is believed in silence; anything else is one line, and then as if it were not set.
static void check_words(const char *variable, const struct word *words, SIZE_T count) {
    for (SIZE_T i = 0; i < count; i++) {
        check_row("%s '%s'", variable, words[i].value);
        struct trial trial = run_trial("cycle", variable, words[i].value);
        CHECK_EQUAL(trial.status, 0);
        CHECK_EQUAL(strlen(trial.complaint) == 0, words[i].is_good);
        CHECK_EQUAL(is_one_line_that_names(trial.complaint, variable), !words[i].is_good);
    }
}

static void what_is_said_of_huge_pages_is_believed_or_is_one_line(void) {
    static const struct word words[] = {{"ask", 1}, {"system", 1}, {"", 0},
                                        {"yes", 0}, {"Ask", 0},    {"asks", 0}};
    check_words("WIN32MEMORY_HUGE_PAGES", words, sizeof words / sizeof words[0]);
}

static void what_is_to_be_populated_is_a_number_of_bytes_or_is_one_line(void) {
    static const struct word words[] = {{"65536", 1}, {"64K", 1},      {"1", 1},   {"16777215T", 1},
                                        {"", 0},      {"0", 0},        {"yes", 0}, {"-4K", 0},
                                        {"64KB", 0},  {"16777216T", 0}};
    check_words("WIN32MEMORY_POPULATE", words, sizeof words / sizeof words[0]);
}

static int run_part(const char *part) {
    static const struct {
        const char *name;
        int (*run)(void);
    } parts[] = {{"limit_of_one_mebibyte", part_limit_of_one_mebibyte},
                 {"charge_comes_back", part_charge_comes_back},
                 {"count_mebibytes", part_count_mebibytes},
                 {"cycle", part_cycle}};
    for (SIZE_T i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (strcmp(part, parts[i].name) == 0)
            return parts[i].run();
    return 126;
}

int main(int argc, char **argv) {
    static const struct test tests[] = {
        TEST(committing_past_the_limit_is_refused_and_changes_nothing),
        TEST(decommit_and_release_give_the_charge_back),
        TEST(the_limit_may_have_a_unit),
        TEST(a_bad_limit_is_one_line_and_then_the_default),
        TEST(both_backings_can_be_chosen),
        TEST(an_unknown_backing_is_one_line_and_then_the_default),
        TEST(what_is_said_of_huge_pages_is_believed_or_is_one_line),
        TEST(what_is_to_be_populated_is_a_number_of_bytes_or_is_one_line)};
    const char *part = getenv("WIN32MEMORY_TEST_PART");
    program_path = "/proc/self/exe";
    return part != NULL ? run_part(part)
                        : check_main(__FILE__, tests, sizeof tests / sizeof tests[0], argc, argv);
}
