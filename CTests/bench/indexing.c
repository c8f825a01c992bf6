// The demo allocator at work: a word index over texts of a made-up language. See indexing.h.
#include "indexing.h"

#include "../programs/small_allocator/allocator.h"
#include "../programs/small_allocator/word_index.h"
#include "mapped_page_source.h"

enum { TEXT_BYTES = 256 * 1024, VOCABULARY = 60000 };

static char texts[INDEXING_TEXTS][TEXT_BYTES];

// Words of a vocabulary in which a few are frequent and most are rare.
bool indexing_write_texts(void) {
    uint64_t random = 1;
    for (unsigned text = 0; text < INDEXING_TEXTS; text++) {
        for (size_t position = 0; position + 8 < TEXT_BYTES;) {
            uint64_t word = bench_random(&random, 1 + bench_random(&random, VOCABULARY));
            for (unsigned letter = 0; letter < 6; letter++, word /= 8)
                texts[text][position++] = (char)('a' + word % 8);
            texts[text][position++] = bench_random(&random, 10) ? ' ' : '\n';
        }
    }
    return true;
}

static void index_texts(const struct page_source *source) {
    static struct allocator allocator;
    struct word_index index;
    allocator_create(&allocator, source);
    bench_require(word_index_create(&index, &allocator), "creating an index");
    for (uint32_t text = 0; text < INDEXING_TEXTS; text++)
        bench_require(word_index_add_text(&index, text, texts[text], TEXT_BYTES), "indexing");
    word_index_destroy(&index);
    allocator_trim(&allocator);
}

void ours_index(struct bench_clock *clock, uint64_t operations) {
    (void)clock, (void)operations;
    index_texts(&virtual_page_source);
}

void bare_index(struct bench_clock *clock, uint64_t operations) {
    (void)clock, (void)operations;
    index_texts(&mapped_page_source);
}
