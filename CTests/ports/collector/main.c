// A copying garbage collector, written for Windows, survives ten million allocations: what is
// reachable keeps its contents while it moves, and the rest goes back to the system.
#include "heap.h"
#include "../report.h"

#define CHAIN_COUNT 1000
#define CHAIN_LENGTH 16
#define ALLOCATION_COUNT 10000000u

// The same structure twice: in the collected heap, and as plain numbers to compare.
static struct object *chains; // the root of everything, in zero data
static unsigned expected[CHAIN_COUNT][CHAIN_LENGTH];
static unsigned expected_length[CHAIN_COUNT];

static struct object *initialized_root = (struct object *)1; // a root in initialized data

static uint64_t payload(unsigned identity, unsigned word) {
    return (identity + 1) * 0x9E3779B97F4A7C15u ^ word;
}

// Words: the next of the chain, the identity, then numbers that follow from it.
static struct object *make_link(unsigned identity, struct object *next) {
    unsigned word_count = 3 + identity % 5;
    struct object *link = heap_allocate(word_count, 1);
    if (link == NULL)
        return NULL;
    link->words[0].reference = next;
    link->words[1].number = identity;
    for (unsigned word = 2; word < word_count; word++)
        link->words[word].number = payload(identity, word);
    return link;
}

static int link_is_intact(const struct object *link, unsigned identity) {
    unsigned word_count = (unsigned)(link->header >> 32);
    int intact = word_count == 3 + identity % 5 && link->words[1].number == identity;
    for (unsigned word = 2; intact && word < word_count; word++)
        intact = link->words[word].number == payload(identity, word);
    return intact;
}

static int chain_is_intact(unsigned chain) {
    const struct object *link = chains->words[chain].reference;
    for (unsigned index = expected_length[chain]; index-- > 0;) {
        if (link == NULL || !link_is_intact(link, expected[chain][index]))
            return 0;
        link = link->words[0].reference;
    }
    return link == NULL;
}

static unsigned count_wrong_chains(void) {
    unsigned wrong = 0;
    for (unsigned chain = 0; chain < CHAIN_COUNT; chain++)
        wrong += !chain_is_intact(chain);
    return wrong;
}

// One object in front of a random chain; a full chain is forgotten first.
static int change(unsigned identity) {
    unsigned chain = (unsigned)((identity * 0x9E3779B97F4A7C15u) >> 40) % CHAIN_COUNT;
    if (expected_length[chain] == CHAIN_LENGTH) {
        expected_length[chain] = 0;
        chains->words[chain].reference = NULL;
    }
    struct object *link = make_link(identity, chains->words[chain].reference);
    if (link == NULL)
        return 0;
    chains->words[chain].reference = link; // `chains` is read again: it may have moved
    expected[chain][expected_length[chain]++] = identity;
    return 1;
}

// Two objects that only this frame and the initialized data know, and what hangs on them.
__declspec(noinline) static void survive(void) {
    struct object *volatile keepsake = make_link(1, make_link(2, NULL));
    const struct object *place = keepsake;
    initialized_root = make_link(3, make_link(4, NULL));
    unsigned wrong = 0, made = 0;
    for (unsigned identity = 0; identity < ALLOCATION_COUNT; identity++) {
        made += change(identity) != 0;
        if (identity % 1000000 == 999999)
            wrong += count_wrong_chains();
    }
    struct heap_counts counts = heap_counts();
    expect(made == ALLOCATION_COUNT, "ten million objects are made", "%u, in %llu collections",
           made, counts.collections);
    expect(wrong == 0, "after every million all links are right", "%u chains wrong", wrong);
    expect(keepsake == place && link_is_intact(keepsake, 1), "what the stack points to stays",
           "%llu blocks were pinned", counts.pinned_blocks);
    expect(link_is_intact(keepsake->words[0].reference, 2), "and what that refers to lives",
           "identity %u", (unsigned)keepsake->words[0].reference->words[1].number);
    expect(link_is_intact(initialized_root, 3) &&
               link_is_intact(initialized_root->words[0].reference, 4),
           "initialized data are roots, too", "%u writable parts of images, %llu words",
           counts.root_regions, counts.root_words / counts.collections);
}

static void show_moving(void) {
    static uint64_t disguised[CHAIN_COUNT]; // addresses that no scan takes for pointers
    for (unsigned chain = 0; chain < CHAIN_COUNT; chain++)
        disguised[chain] = ~(uint64_t)(uintptr_t)chains->words[chain].reference;
    unsigned long long before = heap_counts().moved_objects;
    heap_collect();
    unsigned moved = 0;
    for (unsigned chain = 0; chain < CHAIN_COUNT; chain++)
        moved += (uint64_t)(uintptr_t)chains->words[chain].reference != ~disguised[chain];
    expect(moved > CHAIN_COUNT / 2, "a collection moves what only the heap refers to",
           "%u of %u chains, %llu objects", moved, CHAIN_COUNT,
           heap_counts().moved_objects - before);
    unsigned wrong = count_wrong_chains();
    expect(wrong == 0, "and all links are right again", "%u chains wrong", wrong);
}

// Objects as large as a block, so that a dead one takes its block with it.
__declspec(noinline) static void make_garbage(uint64_t *disguised, int count) {
    for (int index = 0; index < count; index++) {
        struct object *object = heap_allocate((unsigned)MOST_WORDS, 0);
        disguised[index] = ~(uint64_t)(uintptr_t)object;
        if (object)
            object->words[5].number = 5;
    }
}

static void show_reclaiming(void) {
    static uint64_t disguised[500];
    make_garbage(disguised, 500);
    SIZE_T before = heap_counts().used_blocks;
    heap_collect();
    int reclaimed = 0;
    for (int index = 0; index < 500; index++) {
        MEMORY_BASIC_INFORMATION region;
        VirtualQuery((void *)(uintptr_t)~disguised[index], &region, sizeof(region));
        reclaimed += region.State == MEM_RESERVE;
    }
    expect(reclaimed >= 490, "the blocks of dead objects go back to the system",
           "%d of 500, %zu blocks used, then %zu", reclaimed, (size_t)before,
           (size_t)heap_counts().used_blocks);
}

int main(void) {
    report_title("collector: a copying heap with roots found by VirtualQuery");
    if (!expect(heap_create(), "a heap of 1 GiB is reserved", "in blocks of 16 KiB"))
        return report_status();
    chains = heap_allocate(CHAIN_COUNT, CHAIN_COUNT);
    survive();
    show_moving();
    show_reclaiming();
    struct heap_counts counts = heap_counts();
    expect(counts.used_blocks < 2000, "the heap is as small as what is alive", "%zu blocks",
           (size_t)counts.used_blocks);
    note("in all", "%llu objects moved, %llu made", counts.moved_objects, counts.allocations);
    heap_destroy();
    return report_status();
}
