// Pages that one thread changes while others watch. Between and during the changer's calls everybody
// can tell what each page allows, and what it may hold.
#ifndef SOAK_SCENE_H
#define SOAK_SCENE_H

#include "crew.h"

enum { scene_pages = 1300, states_kept = 64, observers_most = 16 };

// What a page may be to an observer. A guard may have been used up by somebody at any time.
enum { state_closed = 0, state_guard = 0x80 }; // else an index into scene_protections
extern const DWORD scene_protections[];
enum { protection_count = 6 };

// How often the calls that empty a page have begun and ended. A reset only may empty it.
struct emptyings {
    volatile unsigned any_begun, any_ended, sure_begun, sure_ended;
};

struct scene {
    BYTE *base;
    int page_count;
    const struct profile *profile;
    volatile unsigned long calls;          // twice the calls made; odd while one runs
    BYTE states[states_kept][scene_pages]; // before the first call that is kept, after it ...
    struct emptyings emptied[scene_pages];
    volatile unsigned armings[scene_pages], guards_raised[scene_pages];
};

// Which calls a scene's changer makes, by weight.
struct profile {
    const char *name; // the rule that it tries
    BYTE commit, decommit, protect, reset, undo, release, lock;
    BYTE protections; // a bit for each of scene_protections
    BYTE guards;      // 1: some protections are with PAGE_GUARD
};

// The states that a page had between two readings of `calls`.
struct between {
    unsigned allowed, refused; // bits of enum access that some state allows, or refuses
    int guarded;               // some state is guarded
};
enum access { access_read = 1, access_write = 2, access_execute = 4 };
// Returns 0 if too many calls were made meanwhile to tell.
int scene_between(const struct scene *scene, unsigned long first, unsigned long last, int page,
                  struct between *between);

// The changer's thread, and an observer's. The argument is the scene.
void change_scene(struct member *member);
void observe_scene(struct member *member);

// The pages from `base` on, which are reserved; for profiles with release a whole reservation.
void scene_begin(struct scene *scene, const struct profile *profile, BYTE *base, int page_count);
void scene_end(struct scene *scene);

#endif
