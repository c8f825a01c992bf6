/*
 * For the headers that give functions of the C library the names that Windows' C library has for them.
 */
#ifndef WIN32MEMORY_C_LIBRARY_NAMES_H
#define WIN32MEMORY_C_LIBRARY_NAMES_H

#include "compiler.h"

/* At the end of a declaration: the function is the C library's `name`. It has an address as any other. */
#define WIN32MEMORY_IS(name) __asm__(#name)

#endif
