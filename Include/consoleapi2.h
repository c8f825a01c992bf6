/*
 * The size of a console, which is a terminal here.
 */
#ifndef WIN32MEMORY_CONSOLEAPI2_H
#define WIN32MEMORY_CONSOLEAPI2_H

#include "wincontypes.h"

#define FOREGROUND_BLUE 0x0001
#define FOREGROUND_GREEN 0x0002
#define FOREGROUND_RED 0x0004
#define FOREGROUND_INTENSITY 0x0008
#define BACKGROUND_BLUE 0x0010
#define BACKGROUND_GREEN 0x0020
#define BACKGROUND_RED 0x0040
#define BACKGROUND_INTENSITY 0x0080

/* 22 bytes. */
typedef struct _CONSOLE_SCREEN_BUFFER_INFO {
    COORD dwSize;
    COORD dwCursorPosition;
    WORD wAttributes; /* FOREGROUND_*, BACKGROUND_* */
    SMALL_RECT srWindow;
    COORD dwMaximumWindowSize;
} CONSOLE_SCREEN_BUFFER_INFO, *PCONSOLE_SCREEN_BUFFER_INFO;

WIN32MEMORY_BEGIN_DECLARATIONS

/*
 * GetConsoleScreenBufferInfo - the size of a console.
 *
 * hConsoleOutput             from GetStdHandle: standard output or standard error.
 * lpConsoleScreenBufferInfo  receives 22 bytes: the size of the window, 80 by 25 if the terminal does not
 *                            know it.
 * Returns                    TRUE or FALSE.
 * Errors                     6 not a handle of a terminal that can be written; 998
 *                            lpConsoleScreenBufferInfo unwritable.
 * Safety                     any thread, any signal handler.
 * Cost                       two system calls.
 * Differs                    the buffer is as large as the window; the cursor's place is always 0, 0, and
 *                            the attributes are white on black.
 * Source                     Learn, GetConsoleScreenBufferInfo.
 */
WINBASEAPI BOOL WINAPI GetConsoleScreenBufferInfo(
    HANDLE hConsoleOutput, PCONSOLE_SCREEN_BUFFER_INFO lpConsoleScreenBufferInfo);

WIN32MEMORY_END_DECLARATIONS

#endif
