/* Advice 16: a break or continue that has its usual meaning compiles, wherever it is in a __try. */
#include <windows.h>

int next(void);

static int loops_in_a_block(volatile int *sum) {
    while (*sum < 9) {
        if (*sum == 3)
            continue;
        if (next() == 5)
            break;
        switch (next()) {
        case 1:
            break;
        default:
            ++*sum;
        }
    }
    return *sum;
}

int rounds(void);
int rounds(void) {
    volatile int sum = 0;
    for (;;) {
        __try {
            if (next() == 1)
                continue;
            if (next() == 2)
                break;
        } __finally {
            for (;;) {
                if (next() == 3)
                    break;
                __try {
                    if (next() == 4)
                        continue;
                    if (next() == 5)
                        break;
                } __except (EXCEPTION_EXECUTE_HANDLER) {
                    if (next() == 6)
                        break;
                    continue;
                }
            }
            sum += loops_in_a_block(&sum);
        }
    }
    return sum;
}
