// The callers of a function, as far as functions keep frame pointers.
#include "CLinux.h"

#include <windows.h>

#include "win32memory/stack_trace.h"

// Stores return addresses from `frame` outwards. Frames are above `below`, each above its callee.
static size_t callers_from(uintptr_t frame, uintptr_t below, uintptr_t *callers, size_t capacity) {
    const uintptr_t most = 1 << 24; // between two frames of one stack
    const size_t frame_byte_count = 2 * sizeof(uintptr_t);
    size_t count = 0;
    while (count < capacity && frame % sizeof(uintptr_t) == 0 && frame >= below &&
           frame - below < most && kernel_can_read(frame, frame_byte_count)) {
        callers[count++] = ((const uintptr_t *)frame)[1];
        below = frame + frame_byte_count;
        frame = *(const uintptr_t *)frame;
    }
    return count;
}

size_t stack_trace_callers(const void *context, uintptr_t *callers, size_t capacity) {
    return callers_from(machine_frame_pointer(context), machine_stack_pointer(context), callers,
                        capacity);
}

__attribute__((visibility("default"))) USHORT RtlCaptureStackBackTrace(ULONG FramesToSkip,
                                                                       ULONG FramesToCapture,
                                                                       PVOID *BackTrace,
                                                                       PULONG BackTraceHash) {
    enum { MOST = 256 };
    uintptr_t callers[MOST];
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);
    size_t count = callers_from(here, here, callers, MOST), stored = 0;
    ULONG hash = 0;
    for (size_t i = FramesToSkip; i < count && stored < FramesToCapture; i++) {
        BackTrace[stored++] = (PVOID)callers[i];
        hash += (ULONG)callers[i];
    }
    if (BackTraceHash)
        *BackTraceHash = hash;
    return (USHORT)stored;
}
