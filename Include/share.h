/* The shares of _sopen_s, which have no effect on Linux. */
#ifndef WIN32MEMORY_SHARE_H
#define WIN32MEMORY_SHARE_H

#include "win32memory/file_descriptor_constants.h"

#define SH_COMPAT _SH_COMPAT
#define SH_DENYRW _SH_DENYRW
#define SH_DENYWR _SH_DENYWR
#define SH_DENYRD _SH_DENYRD
#define SH_DENYNO _SH_DENYNO

#endif
