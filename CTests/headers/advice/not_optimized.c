/* Advice 16: a __finally block compiles in a function that opts out of optimization. */
#include <windows.h>

#if defined(__clang__)
#define NOT_OPTIMIZED __attribute__((optnone))
#else
#define NOT_OPTIMIZED __attribute__((optimize("O0")))
#endif

void work(void);

NOT_OPTIMIZED int blocks(void);
NOT_OPTIMIZED int blocks(void) {
    volatile int count = 0;
    __try {
        work();
    } __finally {
        count = 1;
    }
    return count;
}
