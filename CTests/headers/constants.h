/*
 * CONSTANT asserts a value while compiling. NEWER_CONSTANT is for names that mingw-w64 10 does not
 * have yet, or has with an older value.
 */
#ifndef CONSTANTS_H
#define CONSTANTS_H

#define CONSTANT(name, value) _Static_assert((name) == (value), #name " is " #value)
#ifdef __MINGW32__
#define NEWER_CONSTANT(name, value) _Static_assert((value) == (value), "not in mingw-w64 10")
#else
#define NEWER_CONSTANT(name, value) CONSTANT(name, value)
#endif

#endif
