/*
 * Environment variables, and the standard handles.
 */
#ifndef WIN32MEMORY_PROCESSENV_H
#define WIN32MEMORY_PROCESSENV_H

#include "minwindef.h"

WIN32MEMORY_BEGIN_DECLARATIONS

/*
 * GetEnvironmentVariableA, GetEnvironmentVariableW - the value of a variable.
 *
 * lpName    its name.
 * lpBuffer  receives the value and a NUL, if both fit; else the A form leaves it alone, and the W form
 *           makes it the empty string.
 * nSize     characters in lpBuffer; 0 to ask for the size.
 * Returns   characters of the value without the NUL; the size needed with the NUL if it does not
 *           fit; 0 on failure.
 * Errors    203 no such variable, or a name longer than 255 bytes.
 * Safety    any thread, if none changes the environment meanwhile.
 * Cost      a search of the environment.
 * Differs   upper and lower case are different.
 * Source    Learn, GetEnvironmentVariable.
 */
WINBASEAPI DWORD WINAPI GetEnvironmentVariableA(LPCSTR lpName, LPSTR lpBuffer, DWORD nSize);
WINBASEAPI DWORD WINAPI GetEnvironmentVariableW(LPCWSTR lpName, LPWSTR lpBuffer, DWORD nSize)
    WIN32MEMORY_WIDE(GetEnvironmentVariableW);
#ifdef UNICODE
#define GetEnvironmentVariable GetEnvironmentVariableW
#else
#define GetEnvironmentVariable GetEnvironmentVariableA
#endif

/*
 * SetEnvironmentVariableA, SetEnvironmentVariableW - sets or removes a variable.
 *
 * lpName    its name, not empty and without '='.
 * lpValue   its value; NULL: remove it.
 * Returns   TRUE; else FALSE.
 * Errors    ERROR_INVALID_PARAMETER: a NULL name, an empty one, or one with '='; ERROR_ENVVAR_NOT_FOUND:
 *           there is none to remove; ERROR_NOT_ENOUGH_MEMORY; ERROR_FILENAME_EXCED_RANGE: longer than
 *           255 (name) or 32767 bytes (value).
 * Safety    not beside other threads that use the environment, not in signal handlers: setenv(3).
 * Source    Learn, SetEnvironmentVariable.
 */
WINBASEAPI BOOL WINAPI SetEnvironmentVariableA(LPCSTR lpName, LPCSTR lpValue);
WINBASEAPI BOOL WINAPI SetEnvironmentVariableW(LPCWSTR lpName, LPCWSTR lpValue)
    WIN32MEMORY_WIDE(SetEnvironmentVariableW);
#ifdef UNICODE
#define SetEnvironmentVariable SetEnvironmentVariableW
#else
#define SetEnvironmentVariable SetEnvironmentVariableA
#endif

/*
 * GetEnvironmentStrings, GetEnvironmentStringsA, GetEnvironmentStringsW - a copy of all variables.
 *
 * Returns   NAME=value strings, each followed by a NUL, and one more NUL at the end (two NULs if there are
 *           no variables); FreeEnvironmentStrings frees them. NULL on failure.
 * Errors    8 no memory.
 * Safety    any thread, if no thread changes the environment meanwhile.
 * Cost      a mapping for each copy.
 * Differs   the variables are in the order of the C library, not sorted by name.
 * Source    Learn, GetEnvironmentStrings.
 */
WINBASEAPI LPCH WINAPI GetEnvironmentStrings(VOID);
WINBASEAPI LPCH WINAPI GetEnvironmentStringsA(VOID);
WINBASEAPI LPWCH WINAPI GetEnvironmentStringsW(VOID) WIN32MEMORY_WIDE(GetEnvironmentStringsW);
#ifdef UNICODE
#define GetEnvironmentStrings GetEnvironmentStringsW
#endif

/*
 * FreeEnvironmentStringsA, FreeEnvironmentStringsW - frees a copy that either form of
 * GetEnvironmentStrings returned.
 *
 * penv      the copy, or NULL.
 * Returns   TRUE, also for NULL; otherwise FALSE.
 * Errors    87 penv is not such a copy.
 * Safety    any thread.
 * Cost      munmap(2).
 * Source    Learn, FreeEnvironmentStrings.
 */
WINBASEAPI BOOL WINAPI FreeEnvironmentStringsA(LPCH penv);
WINBASEAPI BOOL WINAPI FreeEnvironmentStringsW(LPWCH penv)
    WIN32MEMORY_WIDE(FreeEnvironmentStringsW);
#ifdef UNICODE
#define FreeEnvironmentStrings FreeEnvironmentStringsW
#else
#define FreeEnvironmentStrings FreeEnvironmentStringsA
#endif

/*
 * GetStdHandle - the handle of standard input, output or error.
 *
 * nStdHandle  STD_INPUT_HANDLE, STD_OUTPUT_HANDLE or STD_ERROR_HANDLE.
 * Returns     the handle of descriptor 0, 1 or 2, the same at each call, or what SetStdHandle has set;
 *             NULL if the descriptor is not open; INVALID_HANDLE_VALUE on failure. It may be written with
 *             WriteFile and WriteConsole. CloseHandle ends the handle, but leaves the descriptor open, as
 *             the C library writes to it.
 * Errors      6 another nStdHandle; 8 no handle left.
 * Safety      any thread, any signal handler.
 * Cost        an atomic operation; the first call a system call.
 * Source      Learn, GetStdHandle.
 */
WINBASEAPI HANDLE WINAPI GetStdHandle(DWORD nStdHandle);

/*
 * SetStdHandle - what GetStdHandle returns from now on.
 *
 * nStdHandle  STD_*_HANDLE.
 * hHandle     the handle, which is not checked.
 * Returns     TRUE or FALSE.
 * Errors      6 another nStdHandle.
 * Safety      any thread, any signal handler.
 * Cost        an atomic operation.
 * Source      Learn, SetStdHandle.
 */
WINBASEAPI BOOL WINAPI SetStdHandle(DWORD nStdHandle, HANDLE hHandle);

WIN32MEMORY_END_DECLARATIONS

#endif
