// Loads and indexes the texts named on the command line with every byte taken from the small
// allocator over VirtualAlloc, frees it all, and prints what each step cost in time and memory.
#include "allocator.h"
#include "resident.h"
#include "text_files.h"
#include "word_index.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SHOWN_WORDS = 5 };

static struct allocator allocator;
static clock_t step_start;

static double mebibytes(size_t byte_count) {
    return (double)byte_count / (1024 * 1024);
}

static void print_header(void) {
    printf("%-28s %9s %11s %15s %14s %14s\n", "step", "time ms", "live MiB", "committed MiB",
           "reserved MiB", "resident MiB");
    step_start = clock();
}

// One row for the step that ends here; the clock for the next one starts after printing.
static void print_step(const char *step) {
    double milliseconds = (double)(clock() - step_start) * 1000 / CLOCKS_PER_SEC;
    const struct allocator_statistics *statistics = &allocator.statistics;
    printf("%-28s %9.1f %11.2f %15.2f %14.2f %14.2f\n", step, milliseconds,
           mebibytes(statistics->live_bytes), mebibytes(statistics->committed_bytes),
           mebibytes(statistics->reserved_bytes), mebibytes(resident_bytes()));
    step_start = clock();
}

static void require_memory(bool succeeded) {
    if (!succeeded) {
        fprintf(stderr, "out of memory\n");
        exit(1);
    }
}

static void load_texts(struct text_files *texts, int count, char **arguments) {
    for (int number = 0; number < count; number++) {
        if (strcmp(arguments[number], "--list") == 0 && number + 1 < count)
            require_memory(text_files_add_list(texts, arguments[++number]));
        else
            require_memory(text_files_add(texts, arguments[number]));
    }
}

static void index_texts(struct word_index *index, const struct text_files *texts) {
    require_memory(word_index_create(index, &allocator));
    for (uint32_t number = 0; number < texts->file_count; number++) {
        const struct text_file *file = &texts->files[number];
        require_memory(word_index_add_text(index, number, file->letters, file->letter_count));
    }
}

static uint32_t count_texts(const struct word *word) {
    uint32_t texts = 1;
    for (uint32_t number = 1; number < word->place_count; number++)
        texts += word->places[number].text != word->places[number - 1].text;
    return texts;
}

static void print_frequent_words(const struct word_index *index) {
    const struct word *words[SHOWN_WORDS];
    size_t count = word_index_most_frequent(index, words, SHOWN_WORDS);
    printf("\n%-28s %9s %11s\n", "most frequent words", "places", "texts");
    for (size_t rank = 0; rank < count; rank++)
        printf("%-28.*s %9u %11u\n", (int)words[rank]->letter_count, words[rank]->letters,
               (unsigned)words[rank]->place_count, (unsigned)count_texts(words[rank]));
}

static void print_calls(void) {
    const struct allocator_statistics *statistics = &allocator.statistics;
    printf("\nPeak commit %.2f MiB; %u reserve, %u commit, %u decommit and %u release calls.\n",
           mebibytes(statistics->peak_committed_bytes), (unsigned)statistics->reserve_calls,
           (unsigned)statistics->commit_calls, (unsigned)statistics->decommit_calls,
           (unsigned)statistics->release_calls);
}

int main(int argument_count, char **arguments) {
    if (argument_count < 2) {
        fprintf(stderr, "usage: %s FILE... or --list FILE-OF-PATHS\n", arguments[0]);
        return 2;
    }
    allocator_create(&allocator, &virtual_page_source);
    struct text_files texts = {.allocator = &allocator};
    struct word_index index;

    print_header();
    print_step("start");
    load_texts(&texts, argument_count - 1, arguments + 1);
    print_step("texts loaded");
    index_texts(&index, &texts);
    print_step("words indexed");

    printf("\n%u texts with %.2f MiB, %u distinct words in %u places; %u files unreadable.\n",
           (unsigned)texts.file_count, mebibytes(texts.letter_count), (unsigned)index.word_count,
           (unsigned)index.place_count, (unsigned)texts.unreadable_count);
    print_frequent_words(&index);
    printf("\n");

    print_header();
    text_files_destroy(&texts);
    print_step("texts freed");
    word_index_drop_rare(&index, 3);
    print_step("words in 1 or 2 places freed");
    word_index_destroy(&index);
    print_step("all freed");
    allocator_trim(&allocator);
    print_step("trimmed");
    print_calls();
    return allocator.statistics.reserved_bytes == 0 ? 0 : 1;
}
