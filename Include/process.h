/*
 * Processes, as Windows' C library names the functions for them; exit, abort and system through
 * <stdlib.h>, getpid and execv through <unistd.h>.
 *
 * Returns   _getpid: the process's number; the _exec functions return only on failure, -1 and errno.
 * Errors    errno of the C library's function.
 * Safety    any thread.
 * Differs   the program that an _exec function starts has the number of the process; on Windows it gets a new
 *           one, and the process ends.
 * Source    Learn, process and environment control; getpid(2), exec(3).
 *
 * Missing are _beginthread, _beginthreadex and _endthreadex: a thread's handle is to be waited for, and the
 * library has no handles of threads. So are _spawn*, _cwait and the w forms.
 */
#ifndef WIN32MEMORY_PROCESS_H
#define WIN32MEMORY_PROCESS_H

#include "win32memory/c_library_names.h"

#include <stdlib.h>
#include <unistd.h>

#define _P_WAIT 0
#define _P_NOWAIT 1
#define _P_OVERLAY 2
#define _P_NOWAITO 3
#define _P_DETACH 4
#define P_WAIT _P_WAIT
#define P_NOWAIT _P_NOWAIT
#define P_OVERLAY _P_OVERLAY
#define P_NOWAITO _P_NOWAITO
#define P_DETACH _P_DETACH
#define _WAIT_CHILD 0
#define _WAIT_GRANDCHILD 1
#define WAIT_CHILD _WAIT_CHILD
#define WAIT_GRANDCHILD _WAIT_GRANDCHILD

/* What _beginthread and _beginthreadex run. */
typedef void(__cdecl *_beginthread_proc_type)(void *argument);
typedef unsigned int(__stdcall *_beginthreadex_proc_type)(void *argument);

WIN32MEMORY_BEGIN_DECLARATIONS

extern int _getpid(void) WIN32MEMORY_IS(getpid);
extern int _execv(const char *path, const char *const *arguments) WIN32MEMORY_IS(execv);
extern int _execve(const char *path, const char *const *arguments, const char *const *environment)
    WIN32MEMORY_IS(execve);
extern int _execvp(const char *file, const char *const *arguments) WIN32MEMORY_IS(execvp);

WIN32MEMORY_END_DECLARATIONS

#endif
