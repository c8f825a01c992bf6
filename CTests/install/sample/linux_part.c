/*
 * The part of the sample that is an ordinary Linux source: the flags of the other part must not
 * reach it.
 */
#if !defined(__linux__) || defined(_WIN32)
#error "not seen as Linux alone"
#endif

#include <stdio.h>
#include "windows_part.h"

int main(void) {
    int step = use_windows_memory();
    if (step != 0)
        return step;
    puts("sample: every call behaved as on Windows");
    return 0;
}
