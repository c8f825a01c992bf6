// Open descriptors: what they are, and writing to them.
#ifndef WIN32MEMORY_STREAMS_H
#define WIN32MEMORY_STREAMS_H

#include <stddef.h>
#include <stdint.h>

enum {
    STREAM_CLOSED = 0,
    STREAM_FILE,
    STREAM_DEVICE,
    STREAM_PIPE,
    STREAM_OTHER,
};

/// STREAM_*: what the descriptor is; a block device counts as a file, a socket as a pipe.
int stream_kind(int descriptor);
int stream_is_terminal(int descriptor);
/// The size of the terminal's window in characters. Returns 0 if it is not known.
int stream_window(int descriptor, uint16_t *columns, uint16_t *rows);

/// Writes all bytes, in as many calls as that takes; `written` receives how many were written. Raises no
/// SIGPIPE. Returns 0 or a negated errno.
int stream_write(int descriptor, const void *bytes, size_t byte_count, size_t *written);

#endif
