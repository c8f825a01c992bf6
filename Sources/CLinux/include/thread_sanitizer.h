// Informs the thread sanitizer, if the process has one. It cannot see how this library passes
// memory from one thread to another, and would report the accesses of the two owners as a race.
#ifndef WIN32MEMORY_THREAD_SANITIZER_H
#define WIN32MEMORY_THREAD_SANITIZER_H

void __tsan_acquire(void *address) __attribute__((weak, visibility("default")));
void __tsan_release(void *address) __attribute__((weak, visibility("default")));

/// One variable stands for all memory, because memory that one thread gives back may reach another
/// with other bounds.
extern char win32memory_handed_over;

/// Call before memory is given back: the thread's earlier accesses then happen before ...
static inline void thread_sanitizer_gives_back(void) {
    if (__tsan_release)
        __tsan_release(&win32memory_handed_over);
}

/// ... the accesses of a thread after this call, which it makes when it has obtained memory.
static inline void thread_sanitizer_gets(void) {
    if (__tsan_acquire)
        __tsan_acquire(&win32memory_handed_over);
}

#endif
