/*
 * The words of seh.h in C++, for samples of Windows that are C in all but the file's name.
 *
 * They are there if a program defines WIN32MEMORY_SEH_CXX and includes <windows.h> after the headers of
 * C++, which use some of the words for themselves:
 *
 *     #include <vector>
 *     #define WIN32MEMORY_SEH_CXX
 *     #include <windows.h>
 *
 * The compiler must know C++17. No destructor is run on the way to a handler, and none of the statement's own function would be:
 * a function with __try must not have objects that need one, and nor must the functions between it and
 * the exception. Microsoft's compiler refuses the first (C2712) and, with /EHsc, does as little for
 * the second. gcc and clang cannot be made to see it; WIN32MEMORY_SEH_PLAIN(type) makes sure of a type:
 *
 *     WIN32MEMORY_SEH_PLAIN(struct request);
 */
#ifndef WIN32MEMORY_SEH_CXX_H
#define WIN32MEMORY_SEH_CXX_H

#ifdef __has_builtin
#if __has_builtin(__is_trivially_destructible)
#define WIN32MEMORY_NEEDS_NO_DESTRUCTOR __is_trivially_destructible
#endif
#endif
#ifndef WIN32MEMORY_NEEDS_NO_DESTRUCTOR
#define WIN32MEMORY_NEEDS_NO_DESTRUCTOR __has_trivial_destructor
#endif

#define WIN32MEMORY_SEH_PLAIN(...)                                                                 \
    static_assert(WIN32MEMORY_NEEDS_NO_DESTRUCTOR(__VA_ARGS__),                                    \
                  #__VA_ARGS__ " needs a destructor, which __try does not run")

#include "seh.h"

#endif
