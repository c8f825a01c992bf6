/* Advice 6: a program may undefine the words for readers and then include more of our headers. */
#include <windows.h>

#undef IN
#undef OUT
#undef OPTIONAL
#undef VOID
#undef CONST
#undef FAR
#undef NEAR

#include <psapi.h>
#include <winternl.h>
#include <bcrypt.h>
#include <dbghelp.h>
#include <intrin.h>
#include <malloc.h>
#include <tchar.h>

static int IN = 1, OUT = 2;
int words(void);
int words(void) {
    return IN + OUT + (int)sizeof(PROCESS_MEMORY_COUNTERS);
}
