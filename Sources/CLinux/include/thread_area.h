// What a thread that uses exceptions has: memory for its __try frames, and an alternate stack so that
// an overflow of its own can be reported. Mapped at first use, gone with the thread.
#ifndef WIN32MEMORY_THREAD_AREA_H
#define WIN32MEMORY_THREAD_AREA_H

#include <stddef.h>
#include <stdint.h>

/// Makes the calling thread's area if it has none. Signal-safe; leaves errno alone. A thread that has
/// an alternate stack of its own keeps it.
void thread_area_prepare(void);

/// For a thread that is about to be made: an area, or NULL; its table, zero; the thread's taking it, which
/// returns the table; giving it back.
void *thread_area_make_for_another(void);
void *thread_area_table(void *area);
void *thread_area_adopt_made(void *area);
void thread_area_give_back(void *area);

/// True if the address lies in the stack that the C library gave the calling thread.
int thread_area_own_stack_contains(uintptr_t address);

/// Its ends, zero if they are not known; and the stack pointer that was noted below.
void thread_area_own_stack(uintptr_t *low, uintptr_t *high, uintptr_t *interrupted);

/// How many bytes there are below an address of that stack.
uintptr_t thread_area_room(uintptr_t stack_pointer);

/// Memory for a table twice as large as `table`, whose contents it takes over; NULL if there is none.
/// The first is part of the area. `capacity` takes the number of entries.
void *thread_area_grow_table(void *table, size_t byte_count, size_t entry_byte_count,
                             uint32_t *capacity);

/// Where the handler of a signal that runs on an alternate stack should rather run; zero: where it is.
/// That is the interrupted stack if it has room, as without an alternate stack: handlers of Windows
/// programs may need much. Else, if the program's own alternate stack has no room, it is ours.
uintptr_t thread_area_better_stack(const void *machine);

/// For the handler of a signal: lets the interrupted program have our alternate stack from now on, if
/// it has none.
void thread_area_adopt(void *machine);

/// Makes sure that handlers have so many bytes of stack after an overflow; `byte_count` takes what was
/// guaranteed before. Zero only asks. Returns 0 if that is too much.
int thread_area_guarantee(uint32_t *byte_count);

/// Whether the three addresses lie in one block of ours.
int thread_stack_is_one_block(uintptr_t stack_pointer, uintptr_t guard, uintptr_t above);
/// Makes the page below `page` the guard of a stack in a block of ours. Returns 0 if it is the last.
int thread_stack_arm_below(uintptr_t page);
/// Makes the lowest page of the running stack, if that is in a block of ours, its guard again. Returns 0
/// if the stack is too full for it.
int thread_stack_arm_again(void);

/// Notes which stack a signal handler interrupted; returns what was noted before.
uintptr_t thread_area_note_interrupted(uintptr_t stack_pointer);

#endif
