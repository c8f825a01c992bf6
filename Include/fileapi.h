/*
 * Writing to the standard handles; and constants of the other file functions, which are not ours: they
 * stand in branches of ported code beside the memory functions.
 */
#ifndef WIN32MEMORY_FILEAPI_H
#define WIN32MEMORY_FILEAPI_H

#include "minwinbase.h"

#define CREATE_NEW 1
#define CREATE_ALWAYS 2
#define OPEN_EXISTING 3
#define OPEN_ALWAYS 4
#define TRUNCATE_EXISTING 5

#define INVALID_FILE_SIZE 0xFFFFFFFFu
#define INVALID_SET_FILE_POINTER 0xFFFFFFFFu
#define INVALID_FILE_ATTRIBUTES 0xFFFFFFFFu

WIN32MEMORY_BEGIN_DECLARATIONS

/*
 * WriteFile - writes bytes to a standard handle.
 *
 * hFile                   from GetStdHandle, or a duplicate.
 * lpBuffer                the bytes.
 * nNumberOfBytesToWrite   how many; 0 writes nothing.
 * lpNumberOfBytesWritten  receives how many were written, 0 before any other check; may be NULL.
 * lpOverlapped            NULL.
 * Returns                 TRUE if all were written; else FALSE.
 * Errors                  6 not a handle of a stream, or its descriptor is closed; 5 the handle may not
 *                         write; 50 lpOverlapped; 998 lpBuffer or the count not accessible; 109 nobody
 *                         reads the pipe any more (there is no SIGPIPE); 112 no space; 29 another failure.
 * Safety                  any thread, any signal handler. No cancellation point.
 * Cost                    write(2), as often as all the bytes take, and three system calls more.
 * Source                  Learn, WriteFile.
 */
WINBASEAPI BOOL WINAPI WriteFile(HANDLE hFile, LPCVOID lpBuffer, DWORD nNumberOfBytesToWrite,
                                 LPDWORD lpNumberOfBytesWritten, LPOVERLAPPED lpOverlapped);

/*
 * GetFileType - what a standard handle is.
 *
 * hFile    from GetStdHandle, or a duplicate.
 * Returns  FILE_TYPE_DISK, FILE_TYPE_CHAR (terminals, /dev/null) or FILE_TYPE_PIPE (sockets too);
 *          FILE_TYPE_UNKNOWN for anything else, with last error 0, and on failure.
 * Errors   6 not a handle of a stream, or its descriptor is closed.
 * Safety   any thread, any signal handler.
 * Cost     one system call.
 * Source   Learn, GetFileType.
 */
WINBASEAPI DWORD WINAPI GetFileType(HANDLE hFile);

WIN32MEMORY_END_DECLARATIONS

#endif
