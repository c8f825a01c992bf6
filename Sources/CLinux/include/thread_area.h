// The area of a thread that uses exceptions: memory for its __try frames, and an alternate stack on
// which an overflow of its stack is handled. Mapped at first use, unmapped at the end of the
// thread.
#ifndef WIN32MEMORY_THREAD_AREA_H
#define WIN32MEMORY_THREAD_AREA_H

#include <stddef.h>
#include <stdint.h>

/// Makes the calling thread's area if it has none. Signal-safe; leaves errno alone. A thread that has
/// an alternate stack of its own keeps it.
void thread_area_prepare(void);

/// The area of a thread that is about to be created. `make_for_another` maps one, or returns NULL.
/// `table` returns its table, which is zero. `adopt_made` makes it the area of the calling thread and
/// returns the table. `give_back` unmaps an area that no thread adopted.
void *thread_area_make_for_another(void);
void *thread_area_table(void *area);
void *thread_area_adopt_made(void *area);
void thread_area_give_back(void *area);

/// True if the address lies in the stack that the C library gave the calling thread.
int thread_area_own_stack_contains(uintptr_t address);

/// The ends of that stack, zero if they are not known; and the stack pointer that
/// `thread_area_note_interrupted` stored.
void thread_area_own_stack(uintptr_t *low, uintptr_t *high, uintptr_t *interrupted);

/// The number of bytes of that stack below an address.
uintptr_t thread_area_room(uintptr_t stack_pointer);

/// Memory for a table twice as large as `table`, with its contents; NULL if there is none. The
/// first table is part of the area. `capacity` receives the number of entries.
void *thread_area_grow_table(void *table, size_t byte_count, size_t entry_byte_count,
                             uint32_t *capacity);

/// The stack on which a handler that runs on an alternate stack should run instead; zero if it
/// should stay. It is the interrupted stack if that has room, because handlers of Windows programs
/// may need much stack. Otherwise, if the program's own alternate stack has no room, it is ours.
uintptr_t thread_area_better_stack(const void *machine);

/// For a signal handler: gives the interrupted program our alternate stack, if it has none.
void thread_area_adopt(void *machine);

/// Guarantees that handlers have `byte_count` bytes of stack after an overflow; `byte_count`
/// receives the previous guarantee. Zero only asks for it. Returns 0 if it is too much.
int thread_area_guarantee(uint32_t *byte_count);

/// Whether the three addresses lie in one allocation of ours.
int thread_stack_is_one_block(uintptr_t stack_pointer, uintptr_t guard, uintptr_t above);
/// Makes the page below `page` the guard page of a stack in an allocation of ours. Returns 0 if
/// that is the last page.
int thread_stack_arm_below(uintptr_t page);
/// Makes the lowest page of the running stack its guard page again, if the stack is in an
/// allocation of ours. Returns 0 if the stack pointer is too near to that page.
int thread_stack_arm_again(void);

/// Stores the stack pointer that a signal interrupted; returns the one stored before.
uintptr_t thread_area_note_interrupted(uintptr_t stack_pointer);

#endif
