// A chained hash table of words. See word_index.h.
#include "word_index.h"

#include <string.h>

enum { FIRST_BUCKET_COUNT = 1024 };

bool word_index_create(struct word_index *index, struct allocator *allocator) {
    memset(index, 0, sizeof *index);
    index->allocator = allocator;
    index->bucket_count = FIRST_BUCKET_COUNT;
    index->buckets = allocator_allocate(allocator, FIRST_BUCKET_COUNT * sizeof(struct word *));
    if (index->buckets)
        memset(index->buckets, 0, FIRST_BUCKET_COUNT * sizeof(struct word *));
    return index->buckets != NULL;
}

static struct word **bucket_of(const struct word_index *index, uint32_t hash) {
    return &index->buckets[hash & (index->bucket_count - 1)];
}

// Twice the buckets; the words move over without being copied.
static bool grow_table(struct word_index *index) {
    struct word **old_buckets = index->buckets;
    size_t old_count = index->bucket_count;
    size_t new_bytes = 2 * old_count * sizeof(struct word *);
    struct word **new_buckets = allocator_allocate(index->allocator, new_bytes);
    if (!new_buckets)
        return false;
    memset(new_buckets, 0, new_bytes);
    index->buckets = new_buckets;
    index->bucket_count = 2 * old_count;
    for (size_t bucket = 0; bucket < old_count; bucket++) {
        struct word *word = old_buckets[bucket];
        while (word) {
            struct word *next = word->next;
            struct word **home = bucket_of(index, word->hash);
            word->next = *home;
            *home = word;
            word = next;
        }
    }
    allocator_free(index->allocator, old_buckets);
    return true;
}

static struct word *make_word(struct word_index *index, const char *letters, uint32_t letter_count,
                              uint32_t hash) {
    if (index->word_count == index->bucket_count && !grow_table(index))
        return NULL;
    struct word *word = allocator_allocate(index->allocator, sizeof *word + letter_count);
    if (!word)
        return NULL;
    memset(word, 0, sizeof *word);
    word->hash = hash;
    word->letter_count = letter_count;
    memcpy(word->letters, letters, letter_count);
    struct word **home = bucket_of(index, hash);
    word->next = *home;
    *home = word;
    index->word_count++;
    return word;
}

static struct word *find_word(const struct word_index *index, const char *letters,
                              uint32_t letter_count, uint32_t hash) {
    struct word *word = *bucket_of(index, hash);
    while (word && (word->hash != hash || word->letter_count != letter_count ||
                    memcmp(word->letters, letters, letter_count) != 0))
        word = word->next;
    return word;
}

static bool add_place(struct word_index *index, struct word *word, struct place place) {
    if (word->place_count == word->place_capacity) {
        uint32_t capacity = word->place_capacity ? 2 * word->place_capacity : 2;
        struct place *places =
            allocator_reallocate(index->allocator, word->places, capacity * sizeof *places);
        if (!places)
            return false;
        word->places = places;
        word->place_capacity = capacity;
    }
    word->places[word->place_count++] = place;
    index->place_count++;
    return true;
}

static bool add_occurrence(struct word_index *index, const char *letters, uint32_t letter_count,
                           uint32_t hash, struct place place) {
    struct word *word = find_word(index, letters, letter_count, hash);
    if (!word)
        word = make_word(index, letters, letter_count, hash);
    return word && add_place(index, word, place);
}

static bool is_letter(char character) {
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
           (character >= '0' && character <= '9') || character == '_';
}

bool word_index_add_text(struct word_index *index, uint32_t text, const char *letters,
                         size_t letter_count) {
    struct place place = {.text = text, .line = 1};
    size_t position = 0;
    while (position < letter_count) {
        if (!is_letter(letters[position])) {
            place.line += letters[position] == '\n';
            position++;
            continue;
        }
        size_t start = position;
        uint32_t hash = 2166136261u; // FNV-1a, 32 bits
        for (; position < letter_count && is_letter(letters[position]); position++)
            hash = (hash ^ (unsigned char)letters[position]) * 16777619u;
        if (!add_occurrence(index, letters + start, (uint32_t)(position - start), hash, place))
            return false;
    }
    return true;
}

static void free_word(struct word_index *index, struct word *word) {
    index->word_count--;
    index->place_count -= word->place_count;
    allocator_free(index->allocator, word->places);
    allocator_free(index->allocator, word);
}

void word_index_drop_rare(struct word_index *index, uint32_t least) {
    for (size_t bucket = 0; bucket < index->bucket_count; bucket++) {
        struct word **link = &index->buckets[bucket];
        while (*link) {
            struct word *word = *link;
            if (word->place_count < least) {
                *link = word->next;
                free_word(index, word);
            } else {
                link = &word->next;
            }
        }
    }
}

size_t word_index_most_frequent(const struct word_index *index, const struct word **words,
                                size_t capacity) {
    size_t count = 0;
    for (size_t bucket = 0; bucket < index->bucket_count; bucket++) {
        for (const struct word *word = index->buckets[bucket]; word; word = word->next) {
            size_t rank = count;
            while (rank > 0 && words[rank - 1]->place_count < word->place_count)
                rank--;
            if (rank == capacity)
                continue;
            count += count < capacity;
            memmove(&words[rank + 1], &words[rank], (count - 1 - rank) * sizeof *words);
            words[rank] = word;
        }
    }
    return count;
}

void word_index_destroy(struct word_index *index) {
    word_index_drop_rare(index, UINT32_MAX);
    allocator_free(index->allocator, index->buckets);
    index->buckets = NULL;
}
