// A history: calls with arguments that mean the same whatever else is left out of it.
#ifndef SOAK_CALLS_H
#define SOAK_CALLS_H

#include "model.h"

enum what {
    call_alloc,
    call_alloc2,
    call_placeholder, // VirtualAlloc2 with a placeholder flag
    call_free,
    call_nt_alloc,
    call_nt_free,
    call_protect,
    call_nt_protect,
    call_lock,
    call_unlock,
    call_write, // fills the writable pages with the tag
    call_load,  // one word of the first page, with the fault if there is one
    call_store, // the same; then the page is filled with the tag
    call_take,  // the kernel is made to take what it may take
    call_kinds
};

// What an address counts from: the windows are fixed stretches, the blocks what was allocated.
enum { window_count = 3, block_count = 12, no_anchor = 255 };
enum { arena_window, far_window, top_window };
enum { window_bytes = 1 << 22 };

struct call {
    BYTE what;
    BYTE anchor; // a window, window_count + a block, or no_anchor for NULL
    BYTE block;  // where the address of a new block is kept
    BYTE refuse; // the system call of this one that is refused first; 0 for none
    BYTE refuse_again;
    int32_t offset;
    uint32_t size;
    DWORD type;
    DWORD protection;
    uint32_t low, end, alignment; // VirtualAlloc2: offsets in the far window
    uint64_t tag;
    DWORD expected; // the answer of the model, for the printed test
};

enum { calls_most = 4096 };

// Shared between the process that runs a history and the one that watches it.
struct history {
    uint64_t seed;
    int count, done;
    int has_handler;   // without one the library may take shorter ways, and guards are not touched
    int is_plain;      // mostly read-write pages
    int at_limit;      // nearly all mappings are used up
    int with_refusals; // system calls are refused: 1 one or two in a call, 2 any of them
    char kind[16];     // what was wrong, in a word
    char text[512];    // ... and in a sentence
    struct call calls[calls_most];
};

extern struct history *history;
extern ULONG_PTR windows[window_count]; // 0: not to be had in this process
extern ULONG_PTR blocks[block_count];
extern ULONG_PTR lowest_place; // of blocks without an address, but for MEM_TOP_DOWN

ULONG_PTR address_of(const struct call *call);
struct range range_of(const struct call *call);

// Types, places and sizes of the calls on placeholders.
void choose_placeholder(struct call *call, uint64_t *state);
void choose_placeholder_free(struct call *call, uint64_t *state);

// Chooses the next call by the state of the model.
struct call choose_call(uint64_t *state);

// Loads or stores a word of the call's first page, and compares what is raised.
void touch_page(struct call *call);

// The answer of MEM_RESET_UNDO that is right, given that it answered `error`; pages found lost are
// noted.
DWORD undo_answer(struct range range, DWORD error);

// Below the library's lowest address and at the top there may be what the kernel put there.
int is_others(ULONG_PTR number);

// Makes the call, and asks the model the same; ends the process by `fail` if they differ.
void perform(struct call *call);

// Ends the process: the answer of call `history->done` was wrong.
__attribute__((format(printf, 2, 3), noreturn)) void fail(const char *kind, const char *format,
                                                          ...);

// Compares pages with the model: a few of the range and beside it, or all.
void inspect_around(struct range range, uint64_t *state);
void inspect_all(int by_writing);
// What is executable according to the kernel's list.
void inspect_executable(void);
void inspect_charge(SIZE_T before);
SIZE_T charge_now(void);

// The first word of the page, by the kernel's copy. Returns 0 if that cannot read it.
int peek(ULONG_PTR number, uint64_t *word);

// Prints the history as a C test, of a long one the end.
void print_history(const struct history *history);

// Leaves out of `history` what the failure does not need; `still_fails` runs one.
void shorten(struct history *history, int (*still_fails)(struct history *), double seconds);

#endif
