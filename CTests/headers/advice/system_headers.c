/* Advice 5: with _WIN32 the compiler's vector headers call _aligned_malloc; ours declares it. */
#ifdef VECTOR_HEADER_FIRST
#include <immintrin.h>
#include <windows.h>
#else
#include <windows.h>
#include <immintrin.h>
#endif
#include <malloc.h>

void *vector_storage(size_t byte_count);
void *vector_storage(size_t byte_count) {
    return _mm_malloc(byte_count, 64);
}
