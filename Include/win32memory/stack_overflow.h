/*
 * Recovery from a stack overflow; included by malloc.h.
 */
#ifndef WIN32MEMORY_STACK_OVERFLOW_H
#define WIN32MEMORY_STACK_OVERFLOW_H

#include "compiler.h"

WIN32MEMORY_BEGIN_DECLARATIONS

/*
 * _resetstkoflw - arms the guard page again by which the running stack grows and overflows.
 *
 * Returns  nonzero; 0 if there is no room for it: too little of the stack was given back.
 * Safety   any thread, outside of handlers and filters.
 * Cost     on a stack of the C library's, whose end always is guarded: nothing to do.
 * Source   Learn, _resetstkoflw.
 */
WINBASEAPI int WINAPI _resetstkoflw(void);

WIN32MEMORY_END_DECLARATIONS

#endif
