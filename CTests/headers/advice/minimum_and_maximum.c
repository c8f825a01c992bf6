/* Advice 8: min and max are macros in C without NOMINMAX, and never in C++. */
#include <windows.h>

#ifdef __cplusplus
#if defined(min) || defined(max)
#error "min and max break <algorithm> and std::numeric_limits"
#endif
#include <algorithm>
#include <limits>

int smaller(int a, int b);
int smaller(int a, int b) {
    return std::min(a, std::max(b, std::numeric_limits<int>::max()));
}
#elif defined(NOMINMAX)
#if defined(min) || defined(max)
#error "NOMINMAX asks for no min and max"
#endif
static int min(int a, int b) {
    return a < b ? a : b;
}
int smaller(int a, int b);
int smaller(int a, int b) {
    return min(a, b);
}
#else
int smaller(int a, int b);
int smaller(int a, int b) {
    return min(a, max(b, 0));
}
#endif

/* The C library's forms of them, which no flag takes away. */
#ifndef __cplusplus
int larger(int a, int b);
int larger(int a, int b) {
    return __max(a, __min(b, 0));
}
#endif
