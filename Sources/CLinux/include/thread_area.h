// What a thread that uses exceptions has: memory for its __try frames, and an alternate stack so that
// an overflow of its own can be reported. Mapped at first use, gone with the thread.
#ifndef WIN32MEMORY_THREAD_AREA_H
#define WIN32MEMORY_THREAD_AREA_H

#include <stddef.h>
#include <stdint.h>

/// Makes the calling thread's area if it has none. Signal-safe; leaves errno alone. A thread that has
/// an alternate stack of its own keeps it.
void thread_area_prepare(void);

/// True if the address lies in the stack that the C library gave the calling thread.
int thread_area_own_stack_contains(uintptr_t address);

/// Memory for a table twice as large as `table`, whose contents it takes over; NULL if there is none.
/// The first is part of the area. `capacity` takes the number of entries.
void *thread_area_grow_table(void *table, size_t byte_count, size_t entry_byte_count,
                             uint32_t *capacity);

/// The alternate stack of the area, whether in use or not; zero if there is none.
uintptr_t thread_area_alternate_stack(size_t *byte_count);

/// For the handler of a signal: lets the interrupted program have our alternate stack from now on, if
/// it has none.
void thread_area_adopt(void *machine);

/// Notes which stack a signal handler interrupted; returns what was noted before.
uintptr_t thread_area_note_interrupted(uintptr_t stack_pointer);

#endif
