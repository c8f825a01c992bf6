/*
 * Folders, as Windows' C library names the functions for them; those without underscores through
 * <unistd.h> and <sys/stat.h>.
 *
 * Returns   0 (_getcwd: the buffer); -1 (NULL) and errno on failure.
 * Errors    errno of the C library's function.
 * Safety    any thread; the current folder is the process's.
 * Differs   there are no drives, so _getdrive, _chdrive and _getdiskfree are missing, and the w forms.
 *           mkdir without an underscore is the C library's and has two arguments.
 * Source    Learn, directory control; getcwd(3), chdir(2), mkdir(2), rmdir(2).
 */
#ifndef WIN32MEMORY_DIRECT_H
#define WIN32MEMORY_DIRECT_H

#include "win32memory/c_library_names.h"

#include <sys/stat.h>
#include <unistd.h>

WIN32MEMORY_BEGIN_DECLARATIONS

extern int _chdir(const char *path) WIN32MEMORY_IS(chdir);
extern int _rmdir(const char *path) WIN32MEMORY_IS(rmdir);

/* buffer  receives the path, byte_count bytes at most; NULL: malloc gives a buffer of byte_count or as many as
 *         needed, for free. */
WIN32MEMORY_INLINE char *_getcwd(char *buffer, int byte_count) {
    return getcwd(buffer, byte_count < 0 ? 0 : (size_t)byte_count);
}

/* Everybody may use the new folder, less what the umask says. */
WIN32MEMORY_INLINE int _mkdir(const char *path) {
    return mkdir(path, 0777);
}

WIN32MEMORY_END_DECLARATIONS

#endif
