/* Advice 4: with _WIN32 defined and Linux's macros undefined, one branch is taken and it compiles.
 */
#if defined(__linux__) || defined(__unix__) || !defined(_WIN32) || !defined(_WIN64)
#error "the flags select the Windows branch alone"
#endif
#include <windows.h>
#include <psapi.h>
#include <intrin.h>
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

void *reserve(size_t byte_count);
void *reserve(size_t byte_count) {
    void *base = VirtualAlloc(NULL, byte_count, MEM_RESERVE, PAGE_NOACCESS);
    if (base == NULL)
        fprintf(stderr, "error %u\n", (unsigned)GetLastError());
    return base;
}
