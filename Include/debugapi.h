/*
 * Debuggers: whether there is one, words to it, a stop in it.
 */
#ifndef WIN32MEMORY_DEBUGAPI_H
#define WIN32MEMORY_DEBUGAPI_H

#include "minwindef.h"

WIN32MEMORY_BEGIN_DECLARATIONS

/*
 * OutputDebugStringA, OutputDebugStringW - text for whoever debugs.
 *
 * lpOutputString  the text; nothing is added.
 * Safety          any thread, any signal handler.
 * Cost            one system call for every 512 bytes.
 * Differs         it goes to standard error, debugger or not.
 * Source          Learn, OutputDebugStringA.
 */
WINBASEAPI VOID WINAPI OutputDebugStringA(LPCSTR lpOutputString);
WINBASEAPI VOID WINAPI OutputDebugStringW(LPCWSTR lpOutputString)
    WIN32MEMORY_WIDE(OutputDebugStringW);
#ifdef UNICODE
#define OutputDebugString OutputDebugStringW
#else
#define OutputDebugString OutputDebugStringA
#endif

/*
 * IsDebuggerPresent - whether the process is being traced.
 *
 * Returns  TRUE or FALSE.
 * Safety   any thread, any signal handler.
 * Cost     reads /proc/self/status.
 * Source   Learn, IsDebuggerPresent; proc(5), TracerPid.
 */
WINBASEAPI BOOL WINAPI IsDebuggerPresent(void);

/*
 * DebugBreak - stops in the debugger; without one, raises a breakpoint exception.
 *
 * Source  Learn, DebugBreak.
 */
WINBASEAPI VOID WINAPI DebugBreak(void);

WIN32MEMORY_END_DECLARATIONS

#endif
