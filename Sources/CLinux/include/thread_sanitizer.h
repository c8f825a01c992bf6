// What a thread sanitizer is told, if there is one in the process: it cannot see how this library hands
// memory from one thread to another, and would take the accesses of its former and its next owner for a
// race.
#ifndef WIN32MEMORY_THREAD_SANITIZER_H
#define WIN32MEMORY_THREAD_SANITIZER_H

void __tsan_acquire(void *address) __attribute__((weak, visibility("default")));
void __tsan_release(void *address) __attribute__((weak, visibility("default")));

/// Stands for all memory: what one thread has given back may come to another in any other shape.
extern char win32memory_handed_over;

/// To be called before memory is given back, so that whatever the thread did to it comes before ...
static inline void thread_sanitizer_gives_back(void) {
    if (__tsan_release)
        __tsan_release(&win32memory_handed_over);
}

/// ... what a thread does to memory that it has got, from this call on.
static inline void thread_sanitizer_gets(void) {
    if (__tsan_acquire)
        __tsan_acquire(&win32memory_handed_over);
}

#endif
