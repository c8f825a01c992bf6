// The table of a thread's __try frames. It is separate from the stacks, so that entries left by a
// longjmp, or by a coroutine whose stack was freed, can be recognised as dead.
#ifndef WIN32MEMORY_SEH_TABLE_H
#define WIN32MEMORY_SEH_TABLE_H

#include <stdint.h>

struct win32memory_seh_frame;

/// Call at the end of a thread, before the memory of the table is unmapped.
void seh_table_forget(void);

/// Removes a frame, and the entries of statements inside it.
void seh_table_remove(const struct win32memory_seh_frame *frame);

/// Stores the code of the exception that this frame's handler block handles.
void seh_table_note_handled(const struct win32memory_seh_frame *frame);
/// The frame of this statement if it is active; otherwise null, and `code` receives the stored code
/// or zero.
struct win32memory_seh_frame *seh_table_find(const void *activation, uint32_t number,
                                             uint32_t *code);

/// The end of the outermost frame between two addresses; `low` if there is none.
uintptr_t seh_table_highest(uintptr_t low, uintptr_t high);

/// A walk over the active frames of a stack, from a place outwards. Frames may be added or removed
/// during the walk.
struct seh_walk {
    uintptr_t activation; ///< of the last frame, and which of that activation's
    uint64_t serial;
    uint32_t index;     ///< in the table; frames further out stand below it
    uintptr_t high;     ///< the end of the stack
    uintptr_t then_low; ///< another stack that follows, or zero
    uintptr_t then_high;
};
/// Begins at `stack_pointer`; `machine` is that of seh_offer.
void seh_walk_begin(struct seh_walk *walk, uintptr_t stack_pointer, const void *machine);
struct win32memory_seh_frame *seh_walk_next(struct seh_walk *walk);
/// Continues after a frame.
void seh_walk_resume(struct seh_walk *walk, const void *activation, uint64_t serial);

#endif
