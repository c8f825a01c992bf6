/* Advice 6: a thread-local variable is one. Its address is no constant, so this is refused. */
#include <windows.h>

static __declspec(thread) int per_thread;
static int *const address = &per_thread;

int *get(void);
int *get(void) {
    return address;
}
