// Runs the __finally blocks of the bodies that a longjmp leaves (Include/win32memory/setjmp.h).
#define _GNU_SOURCE
#include "CLinux.h"

#include "seh_entries.h"
#include "win32memory/setjmp.h"

typedef struct win32memory_seh_frame Frame;
typedef struct win32memory_jump_mark Mark;
#define table win32memory_seh_table
#define EXPORTED __attribute__((visibility("default")))

EXPORTED void win32memory_seh_mark(Mark *mark, void *activation) {
    mark->activation = activation;
    mark->serial = table.serial;
}

static int has_entered_since(const Mark *mark) {
    for (uint32_t i = 0; i < table.count; i++)
        if (table.entries[i].serial > mark->serial)
            return 1;
    return 0;
}

// Not for a jump to another stack: the program may return to the bodies on this stack.
static int reaches(const struct seh_walk *walk, const Mark *mark) {
    uintptr_t place = (uintptr_t)mark->activation;
    return (place >= walk->activation && place < walk->high) ||
           (place >= walk->then_low && place < walk->then_high);
}

// Returns when the block has ended, or at once if the statement has none.
static void leave(Frame *frame) {
    const Frame *latest = frame->latest;
    struct win32memory_seh_registers registers = latest ? latest->at_return : frame->at_entry;
    seh_table_remove(frame);
    frame->stage = WIN32MEMORY_SEH_LEAVING;
    machine_run_block(frame, &registers,
                      latest ? (uintptr_t)frame->landing : (uintptr_t)WIN32MEMORY_SEH_LEAVING);
}

EXPORTED void win32memory_seh_unwind_to(const Mark *mark) {
    if (!has_entered_since(mark))
        return;
    struct seh_walk walk;
    seh_walk_begin(&walk, (uintptr_t)__builtin_frame_address(0), NULL);
    if (!reaches(&walk, mark))
        return;
    for (Frame *frame; (frame = seh_walk_next(&walk)) != NULL && frame->serial > mark->serial;)
        leave(frame);
}
