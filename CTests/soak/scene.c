// The changer: random calls on its pages, each announced before and after.
#include "scene.h"

#include <string.h>
#include <sys/mman.h>

const DWORD scene_protections[protection_count] = {PAGE_NOACCESS,     PAGE_READONLY,
                                                   PAGE_READWRITE,    PAGE_EXECUTE,
                                                   PAGE_EXECUTE_READ, PAGE_EXECUTE_READWRITE};

static unsigned allowed_by(BYTE state) {
    static const BYTE allowed[protection_count] = {0,
                                                   access_read,
                                                   access_read | access_write,
                                                   access_read | access_execute,
                                                   access_read | access_execute,
                                                   access_read | access_write | access_execute};
    return state == state_closed ? 0 : allowed[(state & ~state_guard) - 1];
}

int scene_between(const struct scene *scene, unsigned long first, unsigned long last, int page,
                  struct between *between) {
    unsigned long from = first / 2, to = (last + 1) / 2;
    memset(between, 0, sizeof *between);
    if (to - from > states_kept / 2)
        return 0;
    for (unsigned long i = from; i <= to; i++) {
        BYTE state = scene->states[i % states_kept][page];
        between->allowed |= allowed_by(state);
        between->refused |= ~allowed_by(state);
        between->guarded |= (state & state_guard) != 0;
    }
    // Whoever was interrupted meanwhile has read states that are overwritten.
    return __atomic_load_n(&scene->calls, __ATOMIC_SEQ_CST) / 2 + 2 - from < states_kept;
}

// A call about to be made: what the pages are to be after it.
struct change {
    int first, end;
    BYTE state; // of the pages, where `alters`
    int alters;
    int empties; // 1 perhaps, 2 surely
};

static void announce(struct scene *scene, const struct change *change) {
    unsigned long number = scene->calls / 2 + 1;
    BYTE *after = scene->states[number % states_kept];
    memcpy(after, scene->states[(number - 1) % states_kept], (size_t)scene->page_count);
    for (int page = change->first; page < change->end; page++) {
        struct emptyings *emptied = &scene->emptied[page];
        if (change->alters)
            after[page] = change->state;
        if (change->alters && (change->state & state_guard) != 0)
            __atomic_add_fetch(&scene->armings[page], 1, __ATOMIC_SEQ_CST);
        if (change->empties)
            __atomic_add_fetch(&emptied->any_begun, 1, __ATOMIC_SEQ_CST);
        if (change->empties == 2)
            __atomic_add_fetch(&emptied->sure_begun, 1, __ATOMIC_SEQ_CST);
    }
    __atomic_store_n(&scene->calls, scene->calls + 1, __ATOMIC_SEQ_CST);
}

static void conclude(struct scene *scene, const struct change *change) {
    __atomic_store_n(&scene->calls, scene->calls + 1, __ATOMIC_SEQ_CST);
    for (int page = change->first; page < change->end; page++) {
        struct emptyings *emptied = &scene->emptied[page];
        if (change->empties)
            __atomic_add_fetch(&emptied->any_ended, 1, __ATOMIC_SEQ_CST);
        if (change->empties == 2)
            __atomic_add_fetch(&emptied->sure_ended, 1, __ATOMIC_SEQ_CST);
    }
}

// The states as they are while no call runs.
static const BYTE *states_now(const struct scene *scene) {
    return scene->states[scene->calls / 2 % states_kept];
}

static int all_open(const struct scene *scene, int first, int end) {
    for (int page = first; page < end; page++)
        if (states_now(scene)[page] == state_closed)
            return 0;
    return 1;
}

static BYTE random_state(const struct scene *scene, uint64_t *random) {
    unsigned index;
    do
        index = (unsigned)random_below(random, protection_count);
    while ((scene->profile->protections >> index & 1) == 0);
    int guard = scene->profile->guards && index != 0 && random_below(random, 2) == 0;
    return (BYTE)((index + 1) | (guard ? state_guard : 0));
}

static DWORD protection_of(BYTE state) {
    return scene_protections[(state & ~state_guard) - 1] | (state & state_guard ? PAGE_GUARD : 0);
}

enum kind { commit, decommit, protect, reset, undo, release, lock, kind_count };

static enum kind random_kind(const struct profile *profile, uint64_t *random) {
    const BYTE weights[kind_count] = {profile->commit, profile->decommit, profile->protect,
                                      profile->reset,  profile->undo,     profile->release,
                                      profile->lock};
    unsigned sum = 0, at = 0;
    for (int i = 0; i < kind_count; i++)
        sum += weights[i];
    unsigned lot = (unsigned)random_below(random, sum);
    while (lot >= weights[at])
        lot -= weights[at++];
    return (enum kind)at;
}

static void release_and_reserve(struct scene *scene) {
    if (!VirtualFree(scene->base, 0, MEM_RELEASE))
        soak_wrong("release: error 0x%x", (unsigned)GetLastError());
    if (VirtualAlloc(scene->base, (SIZE_T)scene->page_count * page_bytes, MEM_RESERVE,
                     PAGE_NOACCESS) != scene->base)
        soak_wrong("reserve again: error 0x%x", (unsigned)GetLastError());
}

static void make(struct scene *scene, enum kind kind, const struct change *change) {
    BYTE *address = scene->base + (SIZE_T)change->first * page_bytes;
    SIZE_T size = (SIZE_T)(change->end - change->first) * page_bytes;
    DWORD before;
    int granted = 1;
    if (kind == commit)
        granted = VirtualAlloc(address, size, MEM_COMMIT, protection_of(change->state)) != NULL;
    else if (kind == decommit)
        granted = VirtualFree(address, size, MEM_DECOMMIT);
    else if (kind == protect)
        granted = VirtualProtect(address, size, protection_of(change->state), &before);
    else if (kind == reset)
        granted = VirtualAlloc(address, size, MEM_RESET, PAGE_READWRITE) != NULL;
    else if (kind == undo)
        VirtualAlloc(address, size, MEM_RESET_UNDO, PAGE_READWRITE);
    else if (kind == lock && VirtualLock(address, size))
        VirtualUnlock(address, size);
    else if (kind == release)
        release_and_reserve(scene);
    if (!granted)
        soak_wrong("call %d on pages %d to %d: error 0x%x", (int)kind, change->first, change->end,
                   (unsigned)GetLastError());
}

static void change_once(struct scene *scene, uint64_t *random) {
    enum kind kind = random_kind(scene->profile, random);
    struct change change = {0, 0, state_closed, 0, 0};
    change.first = (int)random_below(random, (uint64_t)scene->page_count);
    int most = random_below(random, 2) ? scene->page_count : 4;
    change.end = change.first + 1 + (int)random_below(random, (uint64_t)most);
    if (change.end > scene->page_count)
        change.end = scene->page_count;
    if (kind == protect && !all_open(scene, change.first, change.end))
        kind = commit;
    if (kind == release)
        change.first = 0, change.end = scene->page_count;
    change.alters = kind == commit || kind == decommit || kind == protect || kind == release;
    if (kind == commit || kind == protect)
        change.state = random_state(scene, random);
    change.empties = kind == decommit || kind == release ? 2 : kind == reset ? 1 : 0;
    announce(scene, &change);
    make(scene, kind, &change);
    conclude(scene, &change);
    if (kind == reset && random_below(random, 4) == 0)
        madvise(scene->base + (SIZE_T)change.first * page_bytes,
                (SIZE_T)(change.end - change.first) * page_bytes, MADV_PAGEOUT);
}

void change_scene(struct member *member) {
    struct scene *scene = member->argument;
    member->doing = "changing the pages";
    while (!crew_stop) {
        change_once(scene, &member->random);
        member->steps++;
    }
}

void scene_begin(struct scene *scene, const struct profile *profile, BYTE *base, int page_count) {
    memset(scene, 0, sizeof *scene);
    scene->profile = profile;
    scene->page_count = page_count;
    scene->base = base;
}

void scene_end(struct scene *scene) {
    for (int page = 0; page < scene->page_count; page++)
        if (scene->guards_raised[page] > scene->armings[page])
            soak_wrong("page %d: %u guard exceptions, armed %u times", page,
                       scene->guards_raised[page], scene->armings[page]);
}
