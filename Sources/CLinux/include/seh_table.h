// The table of a thread's __try frames. It lies apart from the stacks, so that neither a longjmp nor
// a coroutine that was thrown away leaves anything in it that could not be told to be dead.
#ifndef WIN32MEMORY_SEH_TABLE_H
#define WIN32MEMORY_SEH_TABLE_H

#include <stdint.h>

struct win32memory_seh_frame;

/// At the end of a thread: the table's memory is going to be unmapped.
void seh_table_forget(void);

/// Takes a frame away, and what was pushed for statements inside it.
void seh_table_remove(const struct win32memory_seh_frame *frame);

/// Notes which exception the handler of this frame's statement is about.
void seh_table_note_handled(const struct win32memory_seh_frame *frame);
/// The frame of this statement if it is active; else null, and the code that was noted, or zero.
struct win32memory_seh_frame *seh_table_find(const void *activation, uint32_t number,
                                             uint32_t *code);

/// The end of the outermost frame between two addresses; `low` if there is none.
uintptr_t seh_table_highest(uintptr_t low, uintptr_t high);

/// A walk over the active frames of a stack, from a place outwards. Frames that come or go
/// meanwhile do not disturb it.
struct seh_walk {
    uintptr_t activation; ///< of the last frame, and which of that activation's
    uint64_t serial;
    uint32_t index;     ///< in the table; frames further out stand below it
    uintptr_t high;     ///< the end of the stack
    uintptr_t then_low; ///< another stack that follows, or zero
    uintptr_t then_high;
};
/// Begins at `stack_pointer`; `machine` as for seh_offer.
void seh_walk_begin(struct seh_walk *walk, uintptr_t stack_pointer, const void *machine);
struct win32memory_seh_frame *seh_walk_next(struct seh_walk *walk);
/// Goes on behind a frame.
void seh_walk_resume(struct seh_walk *walk, const void *activation, uint64_t serial);

#endif
