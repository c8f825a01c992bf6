/* Advice 16: gcc warns about a variable that the body of a __try changes and that is read after an exception. */
#include <windows.h>

void work(void);

int get(void);
int get(void) {
    int value = 1;
    __try {
        value = 2;
        work();
        value = 3;
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return value;
    }
    return value;
}
