/* Process status. Psapi.h, the other spelling, has the same text. */
#include "win32memory/process_status.h"
