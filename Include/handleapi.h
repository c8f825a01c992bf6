/*
 * Handles: a pointer-sized value that names an object and is never dereferenced.
 */
#ifndef WIN32MEMORY_HANDLEAPI_H
#define WIN32MEMORY_HANDLEAPI_H

#include "minwindef.h"

/* Also the pseudo-handle of this process, where a process is asked for. */
#define INVALID_HANDLE_VALUE ((HANDLE)(LONG_PTR)-1)

#define HANDLE_FLAG_INHERIT 0x00000001
#define HANDLE_FLAG_PROTECT_FROM_CLOSE 0x00000002

#endif
