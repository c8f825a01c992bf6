/*
 * Assertions about the layout of a structure, made while compiling. NEWER_MEMBER is for members
 * that mingw-w64 10 does not have yet: there it only asserts that the structure has room for them.
 */
#ifndef LAYOUT_H
#define LAYOUT_H

#include <stddef.h>

#define STRUCTURE(type, byte_count)                                                                \
    _Static_assert(sizeof(type) == (byte_count), #type " is " #byte_count " bytes")
#define ALIGNED(type, byte_count)                                                                  \
    _Static_assert(_Alignof(type) == (byte_count), #type " is aligned to " #byte_count " bytes")
#define MEMBER(type, member, offset, byte_count)                                                   \
    _Static_assert(offsetof(type, member) == (offset), #type "." #member " is at " #offset);       \
    _Static_assert(sizeof(((type *)0)->member) == (byte_count),                                    \
                   #type "." #member " is " #byte_count " bytes")
#ifdef __MINGW32__
#define NEWER_MEMBER(type, member, offset, byte_count)                                             \
    _Static_assert(sizeof(type) >= (offset) + (byte_count), "room for " #type "." #member)
#else
#define NEWER_MEMBER(type, member, offset, byte_count) MEMBER(type, member, offset, byte_count)
#endif

#endif
