/*
 * The console: printing goes to standard output, and nobody presses a key.
 *
 * Returns   _kbhit: 0; _getch and _getche: EOF, at once; printing as the C library's functions.
 * Errors    those of standard output.
 * Safety    any thread.
 * Differs   programs use these to wait for a key before they end, or to stop when one is pressed. They do
 *           not wait, and are not stopped. Output may be redirected. _cputs returns 0 or EOF.
 * Source    Learn, console and port I/O.
 */
#ifndef WIN32MEMORY_CONIO_H
#define WIN32MEMORY_CONIO_H

#include "win32memory/c_library_names.h"

#include <stdio.h>

WIN32MEMORY_BEGIN_DECLARATIONS

extern int _cprintf(const char *format, ...) WIN32MEMORY_IS(printf)
    __attribute__((__format__(__printf__, 1, 2)));
extern int _putch(int character) WIN32MEMORY_IS(putchar);

WIN32MEMORY_INLINE int _cputs(const char *text) {
    return fputs(text, stdout) < 0 ? EOF : 0;
}
WIN32MEMORY_INLINE int _kbhit(void) {
    return 0;
}
WIN32MEMORY_INLINE int _getch(void) {
    return EOF;
}
WIN32MEMORY_INLINE int _getche(void) {
    return EOF;
}

WIN32MEMORY_END_DECLARATIONS

#endif
