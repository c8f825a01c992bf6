// Random calls, chosen so that most do something: near what there is, seldom malformed.
#include "calls.h"
#include "refusals.h"

#include <string.h>

static const struct {
    const char *name;
    BYTE what, weight;
} kinds[] = {
    {"alloc", call_alloc, 26},
    {"alloc2", call_alloc2, 4},
    {"placeholder", call_placeholder, 12},
    {"free", call_free, 20},
    {"nt_alloc", call_nt_alloc, 4},
    {"nt_free", call_nt_free, 6},
    {"protect", call_protect, 14},
    {"nt_protect", call_nt_protect, 3},
    {"lock", call_lock, 2},
    {"unlock", call_unlock, 2},
    {"write", call_write, 20},
    {"load", call_load, 4},
    {"store", call_store, 4},
    {"take", call_take, 2},
};
enum { kind_count = sizeof kinds / sizeof kinds[0] };

static BYTE random_what(uint64_t *state) {
    static unsigned count;
    static BYTE lots[256];
    for (int i = 0; !lots[0] && i < kind_count; i++)
        for (int j = 0; !soak_left_out(kinds[i].name) && j < kinds[i].weight; j++)
            lots[++count] = kinds[i].what;
    lots[0] = 1; // filled
    return lots[1 + random_below(state, count)];
}

static DWORD random_protection(uint64_t *state) {
    static const DWORD good[] = {PAGE_READWRITE,
                                 PAGE_READWRITE,
                                 PAGE_READWRITE,
                                 PAGE_READONLY,
                                 PAGE_NOACCESS,
                                 PAGE_EXECUTE,
                                 PAGE_EXECUTE_READ,
                                 PAGE_EXECUTE_READWRITE,
                                 PAGE_READWRITE | PAGE_GUARD,
                                 PAGE_READONLY | PAGE_GUARD,
                                 PAGE_EXECUTE_READ | PAGE_GUARD,
                                 PAGE_EXECUTE_READWRITE | PAGE_GUARD};
    static const DWORD bad[] = {0, PAGE_WRITECOPY, PAGE_READONLY | PAGE_READWRITE,
                                PAGE_NOACCESS | PAGE_GUARD, 0x800};
    if (random_below(state, 200) == 0)
        return bad[random_below(state, sizeof bad / sizeof bad[0])];
    if (history->is_plain && random_below(state, 6) != 0)
        return PAGE_READWRITE;
    return good[random_below(state, sizeof good / sizeof good[0])];
}

// Mostly short, seldom long, often not a multiple of a page.
static uint32_t random_size(uint64_t *state) {
    static const uint32_t most[] = {1, 4, 12, 12, 12, 40, 40, 40};
    uint32_t longest = random_below(state, 40) == 0 ? 700 : most[random_below(state, 8)];
    uint32_t pages = 1 + (uint32_t)random_below(state, longest);
    if (random_below(state, 3) == 0)
        return pages * page_bytes - (uint32_t)random_below(state, page_bytes);
    return pages * page_bytes;
}

// Half of the time near a border between pages of different kinds.
static void choose_place(struct call *call, uint64_t *state) {
    do
        call->anchor = (BYTE)random_below(state, window_count + block_count);
    while (call->anchor < window_count ? windows[call->anchor] == 0
                                       : blocks[call->anchor - window_count] == 0);
    int is_window = call->anchor < window_count;
    SIZE_T room = is_window ? window_bytes : granule_bytes * 4;
    call->offset = (int32_t)random_below(state, room);
    if (random_below(state, 3) != 0)
        call->offset &= ~(page_bytes - 1);
    if (!is_window && random_below(state, 16) == 0)
        call->offset -= granule_bytes;
    if (random_below(state, 2) == 0) {
        ULONG_PTR number = address_of(call) / page_bytes;
        ULONG_PTR base = model_page(number)->base;
        ULONG_PTR border = random_below(state, 2) && base ? base : number + model_run(number);
        if (border > number && border - number > 64)
            return;
        call->offset += (int32_t)((border - number) * page_bytes);
    }
}

// Within the window where all is known; sometimes below or past the usable addresses' end.
static void stay_inside(struct call *call) {
    ULONG_PTR address = address_of(call);
    if (call->anchor < window_count && call->offset >= window_bytes)
        call->offset %= window_bytes;
    if (address < USABLE_END && address + call->size > USABLE_END)
        call->size = (uint32_t)(USABLE_END - address);
}

static void choose_alloc(struct call *call, uint64_t *state) {
    static const DWORD types[] = {MEM_RESERVE, MEM_RESERVE | MEM_COMMIT,
                                  MEM_COMMIT,  MEM_COMMIT,
                                  MEM_COMMIT,  MEM_COMMIT,
                                  MEM_RESET,   MEM_RESET_UNDO};
    static const DWORD bad[] = {0, MEM_TOP_DOWN, MEM_RESET | MEM_COMMIT, MEM_RELEASE};
    call->type = types[random_below(state, 8)];
    if (random_below(state, 300) == 0)
        call->type = bad[random_below(state, 4)];
    if ((call->type & (MEM_RESERVE | MEM_COMMIT)) != 0 && random_below(state, 12) == 0 &&
        !soak_left_out("top"))
        call->type |= MEM_TOP_DOWN;
    if ((call->type & (MEM_RESERVE | MEM_COMMIT)) != 0 && random_below(state, 4) == 0)
        call->anchor = no_anchor;
}

static void choose_limits(struct call *call, uint64_t *state) {
    static const DWORD types[] = {MEM_RESERVE, MEM_RESERVE | MEM_COMMIT};
    call->anchor = no_anchor;
    call->type = types[random_below(state, 2)] | (random_below(state, 2) ? MEM_TOP_DOWN : 0);
    call->low = (uint32_t)random_below(state, window_bytes / granule_bytes / 2) * granule_bytes;
    call->end =
        call->low + granule_bytes +
        (uint32_t)random_below(state, (window_bytes - call->low) / page_bytes - 16) * page_bytes;
    call->alignment = (uint32_t)granule_bytes << random_below(state, 4);
    if (random_below(state, 30) == 0)
        call->low += page_bytes; // malformed, 10.11
}

static enum sort sort_at(const struct call *call) {
    return model_page(address_of(call) / page_bytes)->sort;
}

static void choose_free(struct call *call, uint64_t *state) {
    if (!soak_left_out("placeholder") &&
        random_below(state, sort_at(call) == ordinary ? 24 : 3) == 0) {
        choose_placeholder_free(call, state);
        return;
    }
    call->type = random_below(state, 4) != 0 ? MEM_DECOMMIT : MEM_RELEASE;
    int of_parts = call->what == call_nt_free && random_below(state, 3) != 0;
    if (call->type == MEM_RELEASE && !of_parts && random_below(state, 16) != 0)
        call->size = 0;
    if (call->type == MEM_DECOMMIT && random_below(state, 12) == 0)
        call->size = 0;
    if (random_below(state, 300) == 0)
        call->type = MEM_DECOMMIT | MEM_RELEASE;
    ULONG_PTR base = model_page(address_of(call) / page_bytes)->base;
    if (base != 0 && call->size == 0 && random_below(state, 4) != 0)
        call->offset -= (int32_t)((address_of(call) / page_bytes - base) * page_bytes);
}

struct call choose_call(uint64_t *state) {
    struct call call;
    memset(&call, 0, sizeof call);
    call.what = random_what(state);
    call.block = (BYTE)random_below(state, block_count);
    call.size = random_size(state);
    call.protection = random_protection(state);
    call.tag = random_word(state) | 1;
    // There are few placeholders, so they are looked for.
    int frees = call.what == call_free || call.what == call_nt_free;
    int tries = call.what == call_placeholder || (frees && random_below(state, 4) == 0) ? 4 : 1;
    do
        choose_place(&call, state);
    while (--tries > 0 && sort_at(&call) != placeholder);
    // PAGE_WRITECOPY is refused for its range or for itself; which comes first is not pinned.
    if (call.what != call_alloc && call.protection == PAGE_WRITECOPY)
        call.protection = 0;
    if (call.what == call_alloc || call.what == call_nt_alloc)
        choose_alloc(&call, state);
    else if (call.what == call_alloc2)
        choose_limits(&call, state);
    else if (call.what == call_placeholder)
        choose_placeholder(&call, state);
    else if (call.what == call_free || call.what == call_nt_free)
        choose_free(&call, state);
    else if ((call.what == call_lock || call.what == call_unlock) && call.size > 32 * page_bytes)
        call.size = 32 * page_bytes;
    else if (random_below(state, 100) == 0)
        call.size = 0;
    if (call.anchor != no_anchor)
        stay_inside(&call);
    if (history->with_refusals && random_below(state, 3) == 0) {
        call.refuse = (BYTE)(1 + random_below(state, 4));
        call.refuse_again = random_below(state, 3) == 0 ? (BYTE)(1 + random_below(state, 3)) : 0;
        if (history->with_refusals > 1)
            call.refuse_again = refuse_at_random;
    }
    return call;
}
