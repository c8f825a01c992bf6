/* Advice 16: a break directly in a __finally block does not compile: it would only end the block. */
#ifdef __cplusplus
#define WIN32MEMORY_SEH_CXX
#endif
#include <windows.h>

int next(void);

int sum_until_negative(void);
int sum_until_negative(void) {
    volatile int sum = 0;
    for (;;) {
        __try {
            sum += next();
        } __finally {
            if (sum < 0)
                break;
            sum++;
        }
    }
    return sum;
}
