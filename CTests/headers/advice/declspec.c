/* Advice 6: conventions vanish; __declspec keeps alignment, thread-locality, linkage. */
#include <windows.h>
#include <assert.h>
#include <stddef.h>

typedef int(__stdcall *standard_call)(int);
typedef int(__cdecl *c_call)(int);
typedef int(__fastcall *fast_call)(int);
typedef int(WINAPI *api_call)(int);
typedef int(WINAPIV *variadic_call)(int, ...);
typedef void(CALLBACK *callback)(void FAR *);
typedef void(APIENTRY *entry)(CONST VOID NEAR *);
typedef void(NTAPI *native)(IN LONG a, OUT LONG *b, IN OPTIONAL LONG *c);

__declspec(align(64)) int aligned_before = 1;
struct __declspec(align(32)) aligned_structure {
    char byte_value;
};
static_assert(sizeof(struct aligned_structure) == 32, "align(32) holds");
typedef struct DECLSPEC_ALIGN(16) aligned_typedef {
    char byte_value;
} aligned_typedef;
static_assert(sizeof(aligned_typedef) == 16, "DECLSPEC_ALIGN(16) holds");

static __declspec(thread) int thread_local_after = 1;
__declspec(thread) static int thread_local_before = 2;
__declspec(thread) int thread_local_global = 3;

__declspec(noinline) int not_inlined(void);
__declspec(noinline) int not_inlined(void) {
    return aligned_before + thread_local_after + thread_local_before + thread_local_global;
}
__declspec(noreturn) void ends(void);
__declspec(noreturn) void ends(void) {
    for (;;) {
    }
}
__declspec(dllexport) int exported(int value);
__declspec(dllexport) int exported(int value) {
    return value;
}
__declspec(dllimport) extern int imported;
__declspec(restrict) void *fresh(void);
__declspec(allocator) __declspec(restrict) void *allocated(void);
__declspec(nothrow) void quiet(void);
__declspec(selectany) int any_of_many = 1;
__declspec(deprecated) void old_function(void);
__declspec(deprecated("fresh replaces it")) void *older_function(void);

static __forceinline int inlined(__int64 a, unsigned __int64 b, __int32 c, __int16 d, __int8 e) {
    return (int)(a + (__int64)b) + c + d + e;
}
__forceinline static int inlined_too(int value) {
    return inlined(value, 2, 3, 4, 5);
}
static FORCEINLINE int inlined_by_macro(int value) {
    return value;
}
FORCEINLINE static int inlined_by_macro_too(int value) {
    return inlined_by_macro(value);
}
int calls(void);
int calls(void) {
    standard_call a = exported;
    c_call b = a;
    fast_call c = b;
    api_call d = c;
    return d(inlined_too(inlined_by_macro_too(1)));
}
static_assert(sizeof(__int64) == 8 && sizeof(__int32) == 4, "the sized keywords have their size");
