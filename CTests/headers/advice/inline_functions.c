/* Advice 6: inline functions with external linkage call what the headers define, in C without a warning about
 * static functions in them. */
#include <windows.h>
#include <intrin.h>
#include <intsafe.h>

inline LONG take(volatile LONG *lock);
inline LONG take(volatile LONG *lock) {
    YieldProcessor();
    return InterlockedExchange(lock, 1) + InterlockedCompareExchange(lock, 1, 0);
}

inline DWORD lowest(DWORD64 bits);
inline DWORD lowest(DWORD64 bits) {
    DWORD number = 0;
    int registers[4];
    __cpuid(registers, 0);
    if (!_BitScanForward64(&number, _rotl64(bits, 1)))
        __fastfail(FAST_FAIL_INVALID_ARG);
    return number + (DWORD)__umulh(bits, bits) + (DWORD)registers[0];
}

inline void *clean(void *storage, SIZE_T count, SIZE_T byte_count);
inline void *clean(void *storage, SIZE_T count, SIZE_T byte_count) {
    SIZE_T total;
    if (FAILED(SizeTMult(count, byte_count, &total)))
        return NULL;
    return SecureZeroMemory(storage, total);
}
