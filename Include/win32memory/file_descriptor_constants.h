/*
 * Flags of _open, modes of files and shares, which stand in <fcntl.h>, <sys/stat.h> and <share.h> of Windows.
 * Their values are the C library's, so that they may be given to open as well.
 */
#ifndef WIN32MEMORY_FILE_DESCRIPTOR_CONSTANTS_H
#define WIN32MEMORY_FILE_DESCRIPTOR_CONSTANTS_H

#include <fcntl.h>

#define _O_RDONLY O_RDONLY
#define _O_WRONLY O_WRONLY
#define _O_RDWR O_RDWR
#define _O_APPEND O_APPEND
#define _O_CREAT O_CREAT
#define _O_TRUNC O_TRUNC
#define _O_EXCL O_EXCL
#define _O_NOINHERIT 02000000 /* O_CLOEXEC */

/* Without a counterpart on Linux. */
#define _O_TEXT 0
#define _O_BINARY 0
#define _O_RAW 0
#define _O_RANDOM 0
#define _O_SEQUENTIAL 0
#define _O_SHORT_LIVED 0
#define _O_TEMPORARY 0
#ifndef O_BINARY
#define O_BINARY 0
#endif
#ifndef O_TEXT
#define O_TEXT 0
#endif

#define _S_IFMT 0170000
#define _S_IFDIR 0040000
#define _S_IFCHR 0020000
#define _S_IFREG 0100000
#define _S_IREAD 0400
#define _S_IWRITE 0200
#define _S_IEXEC 0100

#define _SH_COMPAT 0x00
#define _SH_DENYRW 0x10
#define _SH_DENYWR 0x20
#define _SH_DENYRD 0x30
#define _SH_DENYNO 0x40

#endif
