// Enters and ends the bodies of __try, and begins __finally blocks. Programs run this code at every
// statement, so this file is compiled for speed.
#define _GNU_SOURCE
#include "CLinux.h"

#include "seh_entries.h"

typedef struct win32memory_seh_frame Frame;
typedef struct win32memory_seh_ending Ending;
#define table win32memory_seh_table
#define EXPORTED __attribute__((visibility("default")))
#define IS_RARE(condition) __builtin_expect((condition) != 0, 0)

static void put_on_top(Frame *frame) {
    // Without memory the statement is not protected.
    if (IS_RARE(table.count == table.capacity) && !seh_table_make_room())
        return;
    uint32_t count = table.count;
    if (count == 0)
        table.is_disordered = 0;
    else if (IS_RARE(table.entries[count - 1].activation < (uintptr_t)frame->activation))
        table.is_disordered = 1;
    seh_table_put(frame, frame, frame->serial, SEH_ACTIVE);
}

int win32memory_seh_push(Frame *frame, void *landing, void *activation, DWORD number) {
    if (IS_RARE(!fault_signals_are_installed()))
        fault_signals_install();
    frame->stage = WIN32MEMORY_SEH_BODY;
    frame->is_finally = 0;
    frame->landing = landing;
    frame->activation = activation;
    frame->number = number;
    frame->latest = NULL;
    seh_table_pop_dead_below(activation, number);
    frame->serial = ++table.serial;
    put_on_top(frame);
    return WIN32MEMORY_SEH_BODY;
}

void win32memory_seh_end_body(Frame *frame) {
    seh_table_take_away(frame);
}

EXPORTED void win32memory_seh_hand_over(Frame *frame) {
    if (table.count < table.capacity || seh_table_make_room())
        seh_table_put(frame, frame, frame->serial, SEH_HANDED_OVER);
}

// Removes and returns the frame that was handed over. Only entries that a signal handler left may
// be above it.
static const Frame *take_over(const void *activation) {
    for (uint32_t i = table.count; i-- > 0;) {
        const Frame *frame = table.entries[i].frame;
        if (!frame)
            continue;
        if (table.entries[i].code_or_kind != SEH_HANDED_OVER ||
            table.entries[i].activation != (uintptr_t)activation)
            return NULL;
        seh_table_pop_at(i);
        return frame;
    }
    return NULL;
}

EXPORTED Ending *win32memory_seh_begin_finally(Ending *ending, void *activation) {
    const Frame *frame = take_over(activation);
    ending->stage = WIN32MEMORY_SEH_ENDED;
    ending->is_abnormal = ending->is_over = 0;
    ending->is_in_block = 1;
    if (IS_RARE(frame)) {
        // The frame is out of scope and may be overwritten, so its members are copied.
        ending->stage = frame->stage;
        ending->is_abnormal = 1;
        ending->at_leaving = frame->at_return;
        ending->activation = frame->activation;
        ending->serial = frame->serial;
        ending->target = frame->target;
    }
    return ending;
}
