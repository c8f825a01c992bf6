/* Advice 1: names without 64 or _PTR are 32 bits or less; only pointers and *_PTR grow with LP64.
 */
#include <windows.h>
#include <assert.h>
#include <stdint.h>

#define BYTES(type, byte_count) static_assert(sizeof(type) == (byte_count), #type)
#define UNSIGNED(type) static_assert((type)-1 > (type)0, #type " is unsigned")
#define SIGNED(type) static_assert((type)-1 < (type)0, #type " is signed")

BYTES(BYTE, 1);
BYTES(BOOLEAN, 1);
BYTES(WORD, 2);
BYTES(SHORT, 2);
BYTES(USHORT, 2);
BYTES(BOOL, 4);
BYTES(INT, 4);
BYTES(UINT, 4);
BYTES(LONG, 4);
BYTES(ULONG, 4);
BYTES(DWORD, 4);
BYTES(HRESULT, 4);
BYTES(LONG32, 4);
BYTES(ULONG32, 4);
BYTES(DWORD32, 4);
BYTES(LONGLONG, 8);
BYTES(ULONGLONG, 8);
BYTES(LONG64, 8);
BYTES(ULONG64, 8);
BYTES(DWORD64, 8);
BYTES(DWORDLONG, 8);
BYTES(LONG_PTR, sizeof(void *));
BYTES(ULONG_PTR, sizeof(void *));
BYTES(DWORD_PTR, sizeof(void *));
BYTES(SIZE_T, sizeof(size_t));
BYTES(HANDLE, sizeof(void *));
BYTES(HMODULE, sizeof(void *));
BYTES(LARGE_INTEGER, 8);

UNSIGNED(BYTE);
UNSIGNED(WORD);
UNSIGNED(DWORD);
UNSIGNED(ULONG);
UNSIGNED(UINT);
UNSIGNED(SIZE_T);
UNSIGNED(ULONG_PTR);
UNSIGNED(DWORD64);
SIGNED(LONG);
SIGNED(BOOL);
SIGNED(HRESULT);
SIGNED(LONG_PTR);
SIGNED(SSIZE_T);
SIGNED(LONGLONG);

/* The identities that Windows code relies on when it passes pointers. */
SIZE_T *size_is_size_t(size_t *size);
SIZE_T *size_is_size_t(size_t *size) {
    return size;
}
ULONG_PTR *pointer_sized_is_uintptr_t(uintptr_t *value);
ULONG_PTR *pointer_sized_is_uintptr_t(uintptr_t *value) {
    return value;
}
DWORD64 *dword64_is_uint64_t(uint64_t *value);
DWORD64 *dword64_is_uint64_t(uint64_t *value) {
    return value;
}
DWORD *dword_is_uint32_t(uint32_t *value);
DWORD *dword_is_uint32_t(uint32_t *value) {
    return value;
}

/* What a back-end does that has its own fixed-width types on Windows. */
typedef unsigned __int64 uint64_t;
typedef __int64 int64_t;
typedef unsigned __int32 uint32_t;
typedef SSIZE_T ssize_t;

/* A cast to the long of Windows in front of an interlocked operation stays a 32-bit operation. */
struct neighbours {
    LONG counter;
    LONG neighbour;
};
LONG counts_in_32_bits(struct neighbours *both);
LONG counts_in_32_bits(struct neighbours *both) {
    static_assert(sizeof(InterlockedIncrement((volatile long *)(void *)&both->counter)) == 4,
                  "InterlockedIncrement is a 32-bit operation");
    return InterlockedIncrement((volatile long *)(void *)&both->counter);
}
