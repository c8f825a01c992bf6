/*
 * Places and areas of a console.
 */
#ifndef WIN32MEMORY_WINCONTYPES_H
#define WIN32MEMORY_WINCONTYPES_H

#include "minwindef.h"

/* Characters. */
typedef struct _COORD {
    SHORT X;
    SHORT Y;
} COORD, *PCOORD;

/* Characters; all four are inclusive. */
typedef struct _SMALL_RECT {
    SHORT Left;
    SHORT Top;
    SHORT Right;
    SHORT Bottom;
} SMALL_RECT, *PSMALL_RECT;

#endif
