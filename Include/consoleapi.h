/*
 * Writing to a console, which is a terminal here.
 */
#ifndef WIN32MEMORY_CONSOLEAPI_H
#define WIN32MEMORY_CONSOLEAPI_H

#include "wincontypes.h"

#define ENABLE_PROCESSED_INPUT 0x0001
#define ENABLE_LINE_INPUT 0x0002
#define ENABLE_ECHO_INPUT 0x0004
#define ENABLE_VIRTUAL_TERMINAL_INPUT 0x0200
#define ENABLE_PROCESSED_OUTPUT 0x0001
#define ENABLE_WRAP_AT_EOL_OUTPUT 0x0002
#define ENABLE_VIRTUAL_TERMINAL_PROCESSING 0x0004
#define DISABLE_NEWLINE_AUTO_RETURN 0x0008

WIN32MEMORY_BEGIN_DECLARATIONS

/*
 * GetConsoleMode - whether a handle is a console, and how that treats characters.
 *
 * hConsoleHandle  from GetStdHandle.
 * lpMode          receives ENABLE_PROCESSED_*, LINE and ECHO for input; for output PROCESSED, WRAP_AT_EOL
 *                 and VIRTUAL_TERMINAL_PROCESSING, which terminals always do.
 * Returns         TRUE or FALSE.
 * Errors          6 not a handle of a terminal: a file or a pipe, for example; 998 lpMode unwritable.
 * Safety          any thread, any signal handler.
 * Cost            one system call.
 * Differs         the mode is a constant; changes by tcsetattr(3) do not show.
 * Source          Learn, GetConsoleMode.
 */
WINBASEAPI BOOL WINAPI GetConsoleMode(HANDLE hConsoleHandle, LPDWORD lpMode);

/*
 * WriteConsoleA, WriteConsoleW - writes text to a console.
 *
 * hConsoleOutput          from GetStdHandle: standard output or standard error.
 * lpBuffer                the text, which needs no NUL; UTF-8 for the A form.
 * nNumberOfCharsToWrite   characters in lpBuffer; 0 writes nothing.
 * lpNumberOfCharsWritten  receives how many were written, also on failure; may be NULL.
 * lpReserved              ignored.
 * Returns                 TRUE or FALSE.
 * Errors                  6 not a handle of a terminal that can be written: use WriteFile then; 998
 *                         lpBuffer or the count not accessible; 29 the terminal failed.
 * Safety                  any thread, any signal handler.
 * Cost                    a write(2) for each 512 bytes (W) or for all (A), and four system calls more.
 * Source                  Learn, WriteConsole.
 */
WINBASEAPI BOOL WINAPI WriteConsoleA(HANDLE hConsoleOutput, const VOID *lpBuffer,
                                     DWORD nNumberOfCharsToWrite, LPDWORD lpNumberOfCharsWritten,
                                     LPVOID lpReserved);
WINBASEAPI BOOL WINAPI WriteConsoleW(HANDLE hConsoleOutput, const VOID *lpBuffer,
                                     DWORD nNumberOfCharsToWrite, LPDWORD lpNumberOfCharsWritten,
                                     LPVOID lpReserved) WIN32MEMORY_WIDE(WriteConsoleW);
#ifdef UNICODE
#define WriteConsole WriteConsoleW
#else
#define WriteConsole WriteConsoleA
#endif

WIN32MEMORY_END_DECLARATIONS

#endif
