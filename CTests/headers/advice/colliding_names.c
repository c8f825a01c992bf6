/* Advice 9: names that programs use for themselves are free; the SDK's tags can be declared ahead.
 */
#define TRUE 1
#define FALSE 0
struct _MEMORY_BASIC_INFORMATION;
struct _EXCEPTION_POINTERS;
struct _EXCEPTION_RECORD;
struct _CONTEXT;
struct _SYSTEM_INFO;
union _LARGE_INTEGER;

#include <windows.h>
#include <winternl.h>
#include <psapi.h>
#include <assert.h>

#if defined(byte) || defined(small) || defined(near) || defined(far) || defined(interface)
#error "lower-case names belong to the program"
#endif
#if defined(ERROR) || defined(cdecl) || defined(pascal) || defined(huge) || defined(hyper)
#error "these names belong to the program"
#endif

/* The tags name the same types as the typedefs. */
int tags(struct _MEMORY_BASIC_INFORMATION *a, struct _EXCEPTION_POINTERS *b, struct _CONTEXT *c);
int tags(struct _MEMORY_BASIC_INFORMATION *a, struct _EXCEPTION_POINTERS *b, struct _CONTEXT *c) {
    PMEMORY_BASIC_INFORMATION information = a;
    PEXCEPTION_POINTERS pointers = b;
    PCONTEXT context = c;
    return information != NULL && pointers != NULL && context != NULL;
}

/* The fixed-width names exist with their sizes. */
static_assert(sizeof(INT8) == 1 && sizeof(UINT8) == 1, "8 bits");
static_assert(sizeof(INT16) == 2 && sizeof(UINT16) == 2, "16 bits");
static_assert(sizeof(INT32) == 4 && sizeof(UINT32) == 4, "32 bits");
static_assert(sizeof(INT64) == 8 && sizeof(UINT64) == 8, "64 bits");

typedef unsigned char byte;
static byte small(byte near, byte far) {
    byte interface = near;
    return (byte)(interface & far);
}
int own_names(void);
int own_names(void) {
    return small(1, 2);
}
