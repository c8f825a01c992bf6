/*
 * Files by descriptor, as Windows' C library names them: the C library's own functions, and those without
 * underscores through <fcntl.h>, <unistd.h> and <sys/stat.h>.
 *
 * Returns   as on Windows: -1 and errno on failure. The _s forms return errno, 0 on success.
 * Errors    errno of the C library's function; EINVAL for a mode or share that Windows refuses is missing.
 * Safety    as the C library's function: any thread, most in signal handlers.
 * Differs   there is no text mode: bytes stay as they are, _setmode answers _O_BINARY. Share modes
 *           (_SH_*), _O_TEMPORARY, _O_SEQUENTIAL and the like have no effect. File names are bytes. A
 *           descriptor is inherited unless _O_NOINHERIT is given. _access with 1 or 3 asks for execution,
 *           which Windows does not know. _unlink removes open files and files that are read-only.
 *           _chmod and the modes of new files obey the umask of Linux.
 * Source    Learn, low-level I/O; the man pages of the C library's functions.
 *
 * Missing are _findfirst and its like, _locking, _mktemp, _get_osfhandle, _open_osfhandle and the w forms.
 */
#ifndef WIN32MEMORY_IO_H
#define WIN32MEMORY_IO_H

#include "win32memory/c_library_names.h"
#include "win32memory/file_descriptor_constants.h"

#include <errno.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

WIN32MEMORY_BEGIN_DECLARATIONS

extern int _access(const char *path, int mode) WIN32MEMORY_IS(access);
extern int _chmod(const char *path, int mode) WIN32MEMORY_IS(chmod);
extern int _chsize(int descriptor, long byte_count) WIN32MEMORY_IS(ftruncate);
extern int _close(int descriptor) WIN32MEMORY_IS(close);
extern int _commit(int descriptor) WIN32MEMORY_IS(fsync);
extern int _creat(const char *path, int mode) WIN32MEMORY_IS(creat);
extern int _dup(int descriptor) WIN32MEMORY_IS(dup);
extern long _lseek(int descriptor, long offset, int origin) WIN32MEMORY_IS(lseek);
extern __int64 _lseeki64(int descriptor, __int64 offset, int origin) WIN32MEMORY_IS(lseek);
extern int _open(const char *path, int flags, ...) WIN32MEMORY_IS(open);
extern int _umask(int mode) WIN32MEMORY_IS(umask);
extern int _unlink(const char *path) WIN32MEMORY_IS(unlink);

/* Bytes read or written; as on Linux, less than asked for is no failure. */
WIN32MEMORY_INLINE int _read(int descriptor, void *buffer, unsigned int byte_count) {
    return (int)read(descriptor, buffer, byte_count);
}
WIN32MEMORY_INLINE int _write(int descriptor, const void *buffer, unsigned int byte_count) {
    return (int)write(descriptor, buffer, byte_count);
}

/* 0 on success, where dup2 returns the descriptor. */
WIN32MEMORY_INLINE int _dup2(int from, int to) {
    return dup2(from, to) == -1 ? -1 : 0;
}

/* byte_count, the room in a pipe, is left to Linux. */
WIN32MEMORY_INLINE int _pipe(int descriptors[2], unsigned int byte_count, int flags) {
    (void)byte_count, (void)flags;
    return pipe(descriptors);
}

WIN32MEMORY_INLINE __int64 _telli64(int descriptor) {
    return lseek(descriptor, 0, SEEK_CUR);
}
WIN32MEMORY_INLINE long _tell(int descriptor) {
    return lseek(descriptor, 0, SEEK_CUR);
}

WIN32MEMORY_INLINE __int64 _filelengthi64(int descriptor) {
    struct stat status;
    return fstat(descriptor, &status) == -1 ? -1 : status.st_size;
}
WIN32MEMORY_INLINE long _filelength(int descriptor) {
    return _filelengthi64(descriptor);
}

/* 1 at the end of the file, 0 before, -1 and errno where there is no position. */
WIN32MEMORY_INLINE int _eof(int descriptor) {
    __int64 position = _telli64(descriptor), length = _filelengthi64(descriptor);
    return position == -1 || length == -1 ? -1 : position >= length;
}

WIN32MEMORY_INLINE int _setmode(int descriptor, int mode) {
    (void)descriptor, (void)mode;
    return _O_BINARY;
}

WIN32MEMORY_INLINE int _access_s(const char *path, int mode) {
    return access(path, mode) == 0 ? 0 : errno;
}
WIN32MEMORY_INLINE int _chsize_s(int descriptor, __int64 byte_count) {
    return _chsize(descriptor, byte_count) == 0 ? 0 : errno;
}
WIN32MEMORY_INLINE int _sopen_s(int *descriptor, const char *path, int flags, int share, int mode) {
    (void)share;
    *descriptor = open(path, flags, mode);
    return *descriptor == -1 ? errno : 0;
}

WIN32MEMORY_END_DECLARATIONS

#endif
