// Observers read, write and execute pages all the time while every operation goes over them. Rule: at
// every moment a page allows at most what it allows before the call or what it allows after it, and
// holds the contents of before or of after. Who reads while another decommits may see zeros.
#include "access.h"
#include "scene.h"

enum { all = 0x3F, none = 1, read_only = 2, read_write = 4, executable = 0x38 };

static const struct profile profiles[] = {
    // name, commit, decommit, protect, reset, undo, release, lock, protections, guards
    {"protections_change_without_a_laxer_moment", 2, 0, 10, 0, 0, 0, 0, all, 0},
    {"read_only_pages_stay_so_until_they_are_gone", 6, 5, 2, 0, 0, 1, 0, none | read_only, 0},
    {"read_write_pages_come_and_go", 6, 5, 0, 0, 0, 1, 0, read_write, 0},
    {"reset_and_undo_open_nothing", 2, 1, 4, 8, 8, 0, 0, all, 0},
    {"guards_go_off_once_and_nothing_else_is_raised", 4, 0, 8, 0, 0, 0, 0, read_only | read_write,
     1},
    {"guarded_pages_come_and_go", 5, 4, 4, 0, 0, 1, 0, all, 1},
    {"code_is_made_and_forgotten", 6, 5, 6, 0, 0, 1, 0, read_write | executable, 0},
    {"every_call_with_every_protection", 6, 4, 6, 2, 2, 1, 1, all, 1},
};
enum { profile_count = sizeof profiles / sizeof profiles[0] };

enum { scenes_most = 3 };
static struct scene scenes[scenes_most];

// Up to three changers on neighbouring pages of one reservation, each with observers of its own.
static void run_test(const struct profile *profile, uint64_t seed, double seconds) {
    static const int page_counts[] = {1, 3, 16, 40, scene_pages};
    uint64_t random = seed * 31 + (uint64_t)(profile - profiles);
    int page_count = page_counts[random_below(&random, 5)];
    int scene_count = profile->release ? 1 : 1 + (int)random_below(&random, scenes_most);
    int observers = 2 + (int)random_below(&random, 2);
    if (options.threads > 1 && scene_count * (observers + 1) > options.threads)
        scene_count = 1, observers = options.threads - 1 > 3 ? 3 : options.threads - 1;
    soak_running(profile->name, seed, (unsigned)seconds + 60);
    SIZE_T size = (SIZE_T)page_count * page_bytes;
    BYTE *base = VirtualAlloc(NULL, size * (SIZE_T)scene_count, MEM_RESERVE, PAGE_NOACCESS);
    for (int i = 0; i < scene_count; i++) {
        scene_begin(&scenes[i], profile, base + size * (SIZE_T)i, page_count);
        crew_add("changer", change_scene, &scenes[i], random);
        for (int j = 0; j < observers; j++)
            crew_add("observer", observe_scene, &scenes[i], random);
    }
    crew_run(seconds, 2, NULL);
    for (int i = 0; i < scene_count; i++)
        scene_end(&scenes[i]);
    if (!VirtualFree(base, 0, MEM_RELEASE))
        soak_wrong("release at the end: error 0x%x", (unsigned)GetLastError());
    soak_ended();
}

int main(int argc, char **argv) {
    soak_begin(argc, argv, "observers");
    catch_accesses();
    double end = soak_now() + options.seconds;
    double each = options.seconds / profile_count / 3;
    if (each > 3)
        each = 3;
    for (uint64_t seed = options.seed; soak_now() < end; seed++)
        for (int i = 0; i < profile_count; i++)
            if (soak_wanted(profiles[i].name))
                run_test(&profiles[i], seed, each);
    return soak_end();
}
