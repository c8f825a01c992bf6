/*
 * All of our headers, and of the C library what Windows' own windows.h brings in.
 */
#ifndef WIN32MEMORY_WINDOWS_UMBRELLA_H
#define WIN32MEMORY_WINDOWS_UMBRELLA_H

#include <ctype.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include "../windef.h"
#include "../winbase.h"
#include "../winerror.h"

#endif
