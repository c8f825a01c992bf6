/* Advice 16: win32memory/setjmp.h takes the place of setjmp.h, whichever comes first. */
#ifdef C_LIBRARY_FIRST
#include <setjmp.h>
#endif
#include <win32memory/setjmp.h>
#include <setjmp.h>

static jmp_buf place;

int jumped(int value);
int jumped(int value) {
    int got = setjmp(place);
    if (got == 0)
        longjmp(place, value);
    return got + (int)sizeof place[0].mark.serial;
}
