// An observer: accesses of every kind to pages that another thread changes, each compared with what
// the page allowed and held at the time.
#include "access.h"
#include "scene.h"

#include <string.h>

static const char *const names[] = {"load", "store", "kernel's load", "kernel's store", "call"};
enum way { by_load, by_store, by_copy_load, by_copy_store, by_call, way_count };

static unsigned access_of(enum way way) {
    return way == by_load || way == by_copy_load     ? access_read
           : way == by_store || way == by_copy_store ? access_write
                                                     : access_execute;
}

// What this observer wrote last to its own word of a page, and which emptyings were before and after.
// While a page is emptied the processor may still see the old page where the kernel sees the new one,
// so the words before the last count too.
struct written {
    uint64_t word;
    unsigned any_ended_before, sure_begun_after;
};
enum { words_kept = 8 };
static __thread struct {
    struct written words[words_kept];
    unsigned count;
} own[scene_pages];

static const struct written *written_before(int page, unsigned steps) {
    return &own[page].words[(own[page].count - 1 - steps) % words_kept];
}

static void note_word(int page, struct written written) {
    own[page].words[own[page].count++ % words_kept] = written;
}

static void check_word(const struct scene *scene, int page, enum way way, uint64_t word,
                       unsigned sure_ended_before) {
    const struct written *last = written_before(page, 0), *found = last;
    int emptied_since = scene->emptied[page].any_begun != last->any_ended_before;
    for (unsigned i = 1; i < words_kept && emptied_since && found->word != word; i++)
        found = written_before(page, i);
    if (word == 0 && last->word != 0 && !emptied_since)
        soak_wrong("page %d: a %s gave 0 instead of 0x%llx, and nothing had emptied the page", page,
                   names[way], (unsigned long long)last->word);
    else if (word != 0 && word != found->word && !(emptied_since && own[page].count > words_kept))
        soak_wrong("page %d: a %s gave 0x%llx, which is not what was written; expected 0x%llx",
                   page, names[way], (unsigned long long)word, (unsigned long long)last->word);
    else if (word != 0 && word == found->word &&
             (int)(sure_ended_before - found->sure_begun_after) > 0)
        soak_wrong("page %d: a %s gave 0x%llx, but the page was decommitted since", page,
                   names[way], (unsigned long long)word);
}

static void check_access(const struct scene *scene, unsigned long first, int page, enum way way,
                         int through) {
    struct between between;
    unsigned access = access_of(way);
    unsigned long after = __atomic_load_n(&scene->calls, __ATOMIC_SEQ_CST);
    if (!scene_between(scene, first, after, page, &between))
        return;
    int by_kernel = way == by_copy_load || way == by_copy_store;
    if (through && (between.allowed & access) == 0)
        soak_wrong("page %d: a %s went through, which no state allowed (calls %lu to %lu)", page,
                   names[way], first / 2, (after + 1) / 2);
    if (!through && (between.refused & access) == 0 && !(by_kernel && between.guarded))
        soak_wrong("page %d: a %s was refused, which every state allowed (calls %lu to %lu)", page,
                   names[way], first / 2, (after + 1) / 2);
    if (raised.guards != 0 && !between.guarded)
        soak_wrong("page %d: a %s raised a guard exception of a page without a guard", page,
                   names[way]);
}

static int make_access(enum way way, ULONG_PTR code, ULONG_PTR address, uint64_t *word) {
    switch (way) {
    case by_load:
        return try_load(address, word);
    case by_store:
        return try_store(address, *word);
    case by_copy_load:
        return copy_load(address, word);
    case by_copy_store:
        return copy_store(address, *word);
    default:
        return try_call(code);
    }
}

static void observe_once(struct scene *scene, struct member *member) {
    int page = (int)random_below(&member->random, (uint64_t)scene->page_count);
    enum way way = (enum way)random_below(&member->random, way_count);
    struct emptyings *emptied = &scene->emptied[page];
    ULONG_PTR code = (ULONG_PTR)scene->base + (ULONG_PTR)page * page_bytes;
    ULONG_PTR address = code + 64 + (ULONG_PTR)member->index * 8;
    uint64_t fresh = ((uint64_t)(member->steps + 1) << 8) | (uint64_t)(member->index + 1);
    uint64_t word = fresh;
    unsigned any_ended = __atomic_load_n(&emptied->any_ended, __ATOMIC_SEQ_CST);
    unsigned sure_ended = __atomic_load_n(&emptied->sure_ended, __ATOMIC_SEQ_CST);
    unsigned long first = __atomic_load_n(&scene->calls, __ATOMIC_SEQ_CST);
    memset(&raised, 0, sizeof raised);
    int through = make_access(way, code, address, &word);
    if (raised.guards != 0)
        __atomic_add_fetch(&scene->guards_raised[page], (unsigned)raised.guards, __ATOMIC_SEQ_CST);
    check_access(scene, first, page, way, through);
    if (through && access_of(way) == access_read)
        check_word(scene, page, way, word, sure_ended);
    if (through && access_of(way) == access_write) {
        unsigned sure_begun = __atomic_load_n(&emptied->sure_begun, __ATOMIC_SEQ_CST);
        note_word(page, (struct written){fresh, any_ended, sure_begun});
    }
}

void observe_scene(struct member *member) {
    struct scene *scene = member->argument;
    member->doing = "accessing the pages";
    memset(own, 0, sizeof own);
    while (!crew_stop) {
        observe_once(scene, member);
        member->steps++;
    }
}
