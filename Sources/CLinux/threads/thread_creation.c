// pthread_create of the shared library. Once exceptions are in use, new threads get an alternate
// signal stack, so that a stack overflow is an exception even in threads that never call this
// library. The archive has no such function, because it must not define functions of the C library.
#ifdef WIN32MEMORY_SHARED_LIBRARY
#define _GNU_SOURCE
#include "CLinux.h"

#include <dlfcn.h>
#include <pthread.h>

typedef int creator(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);

// The next pthread_create: that of the C library, or of another library that replaces it.
static creator *next_creator(void) {
    static creator *known;
    creator *next = __atomic_load_n(&known, __ATOMIC_RELAXED);
    if (!next) {
        *(void **)&next = dlsym(RTLD_NEXT, "pthread_create");
        __atomic_store_n(&known, next, __ATOMIC_RELAXED);
    }
    return next;
}

struct start {
    void *(*function)(void *);
    void *argument;
};

static void *begin(void *area) {
    struct start *in_area = thread_area_adopt_made(area), start = *in_area;
    *in_area = (struct start){NULL, NULL};
    return start.function(start.argument);
}

__attribute__((visibility("default"))) int pthread_create(pthread_t *thread,
                                                          const pthread_attr_t *attributes,
                                                          void *(*function)(void *),
                                                          void *argument) {
    creator *next = next_creator();
    if (!next)
        return EAGAIN;
    void *area = fault_signals_are_installed() ? thread_area_make_for_another() : NULL;
    if (!area)
        return next(thread, attributes, function, argument);
    *(struct start *)thread_area_table(area) = (struct start){function, argument};
    int result = next(thread, attributes, begin, area);
    if (result != 0)
        thread_area_give_back(area);
    return result;
}
#endif
