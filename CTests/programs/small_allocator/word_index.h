// An index of the identifiers in a set of texts: each word with every place where it stands. All of
// its memory comes from one allocator: small nodes, growing lists of places, a growing table.
#ifndef WORD_INDEX_H
#define WORD_INDEX_H

#include "allocator.h"

struct place {
    uint32_t text; // number of the text, as given to word_index_add_text
    uint32_t line; // from 1
};

struct word {
    struct word *next; // in its bucket
    struct place *places;
    uint32_t hash;
    uint32_t place_count;
    uint32_t place_capacity;
    uint32_t letter_count;
    char letters[]; // not terminated
};

struct word_index {
    struct allocator *allocator;
    struct word **buckets;
    size_t bucket_count; // a power of two
    size_t word_count;
    size_t place_count;
};

bool word_index_create(struct word_index *index, struct allocator *allocator);
// False when memory ran out; the index then holds the words up to there.
bool word_index_add_text(struct word_index *index, uint32_t text, const char *letters,
                         size_t letter_count);
// Removes the words that stand in fewer than `least` places.
void word_index_drop_rare(struct word_index *index, uint32_t least);
// The words with the most places, the most frequent first; returns how many there were.
size_t word_index_most_frequent(const struct word_index *index, const struct word **words,
                                size_t capacity);
void word_index_destroy(struct word_index *index);

#endif
