/*
 * What <windows.h> brings in: our headers, and of the C library what Windows code takes from it
 * without a further include.
 */
#ifndef WIN32MEMORY_WINDOWS_UMBRELLA_H
#define WIN32MEMORY_WINDOWS_UMBRELLA_H

#include <ctype.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#include <wchar.h>

#include "../sal.h"
#include "../sdkddkver.h"
#include "../winapifamily.h"

#include "../windef.h"
#include "statements.h"
#include "../winbase.h"
#include "../wincon.h"
#include "../winerror.h"
#include "../winnls.h"
#include "../winuser.h"

#ifndef WIN32_LEAN_AND_MEAN
#include "../wincrypt.h"
#endif

#endif
