/*
 * Environment variables.
 */
#ifndef WIN32MEMORY_PROCESSENV_H
#define WIN32MEMORY_PROCESSENV_H

#include "minwindef.h"

WIN32MEMORY_BEGIN_DECLARATIONS

/*
 * GetEnvironmentVariableA, GetEnvironmentVariableW - the value of a variable.
 *
 * lpName    its name.
 * lpBuffer  receives the value and a NUL; NULL to ask for the size.
 * nSize     characters in lpBuffer.
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

WIN32MEMORY_END_DECLARATIONS

#endif
