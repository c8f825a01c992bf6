// Placeholders, and what the tests ask of them.
#ifndef PLACEHOLDER_CHECKS_H
#define PLACEHOLDER_CHECKS_H

#include "native_checks.h"

#ifdef __MINGW32__ // whose headers lack them
#define MEM_COALESCE_PLACEHOLDERS 0x1
#define MEM_PRESERVE_PLACEHOLDER 0x2
#define MEM_REPLACE_PLACEHOLDER 0x4000
#define MEM_RESERVE_PLACEHOLDER 0x40000
#endif

enum {
    split_off = MEM_RELEASE | MEM_PRESERVE_PLACEHOLDER, // also: back to a placeholder
    coalesce = MEM_RELEASE | MEM_COALESCE_PLACEHOLDERS,
    in_place = MEM_RESERVE | MEM_REPLACE_PLACEHOLDER
};

static inline void *placeholder_at(void *base, SIZE_T page_count) {
    return VirtualAlloc2(NULL, base, page_count * page_size, MEM_RESERVE | MEM_RESERVE_PLACEHOLDER,
                         PAGE_NOACCESS, NULL, 0);
}

static inline BYTE *new_placeholder(SIZE_T page_count) {
    return (BYTE *)GRANTED(placeholder_at(NULL, page_count));
}

static inline void *replace(void *base, SIZE_T page_count, DWORD commit, DWORD protection) {
    return VirtualAlloc2(GetCurrentProcess(), base, page_count * page_size, in_place | commit,
                         protection, NULL, 0);
}

static inline BOOL preserve(void *base, SIZE_T page_count) {
    return VirtualFree(base, page_count * page_size, split_off);
}

static inline BOOL join(void *base, SIZE_T page_count) {
    return VirtualFree(base, page_count * page_size, coalesce);
}

// 10.12, 10.13: a placeholder is an allocation of its own, reserved without access.
#define CHECK_PLACEHOLDER(base, page_count)                                                        \
    do {                                                                                           \
        CHECK_RESERVED(base, (SIZE_T)(page_count)*page_size);                                      \
        CHECK_ALLOCATION(base, base, PAGE_NOACCESS);                                               \
        CHECK_ALLOCATION((base) + ((SIZE_T)(page_count)-1) * page_size, base, PAGE_NOACCESS);      \
    } while (0)

// A call that must be refused with this error and leave these pages as they are.
#define REFUSED_PAGES(base, page_count, call, error)                                               \
    REFUSED_UNCHANGED(base, (SIZE_T)(page_count)*page_size, call, error)

#endif
