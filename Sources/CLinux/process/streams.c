// Open descriptors, by bare system calls, because those of the C library are cancellation points.
#define _GNU_SOURCE
#include "CLinux.h"

#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

int stream_kind(int descriptor) {
    int saved_errno = errno;
    struct stat state;
    int kind = STREAM_OTHER;
    if (fstat(descriptor, &state) != 0)
        kind = STREAM_CLOSED;
    else if (S_ISREG(state.st_mode) || S_ISBLK(state.st_mode))
        kind = STREAM_FILE;
    else if (S_ISCHR(state.st_mode))
        kind = STREAM_DEVICE;
    else if (S_ISFIFO(state.st_mode) || S_ISSOCK(state.st_mode))
        kind = STREAM_PIPE;
    errno = saved_errno;
    return kind;
}

int stream_is_terminal(int descriptor) {
    int saved_errno = errno;
    int is_terminal = isatty(descriptor);
    errno = saved_errno;
    return is_terminal;
}

int stream_window(int descriptor, uint16_t *columns, uint16_t *rows) {
    int saved_errno = errno;
    struct winsize size = {0};
    int is_known =
        ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col != 0 && size.ws_row != 0;
    errno = saved_errno;
    *columns = size.ws_col;
    *rows = size.ws_row;
    return is_known;
}

static const uint64_t pipe_signal = UINT64_C(1) << (SIGPIPE - 1);

static int pipe_signal_is_pending(void) {
    uint64_t pending = 0;
    syscall(SYS_rt_sigpending, &pending, sizeof pending);
    return (pending & pipe_signal) != 0;
}

static int wait_until_writable(int descriptor) {
    struct pollfd wanted = {descriptor, POLLOUT, 0};
    return syscall(SYS_ppoll, &wanted, 1L, NULL, NULL, 0L) >= 0 || errno == EINTR;
}

static int write_all(int descriptor, const char *bytes, size_t byte_count, size_t *written) {
    while (*written < byte_count) {
        long count = syscall(SYS_write, descriptor, bytes + *written, byte_count - *written);
        if (count > 0)
            *written += (size_t)count;
        else if (count == 0)
            return -EIO;
        else if (errno != EINTR && (errno != EAGAIN || !wait_until_writable(descriptor)))
            return -errno;
    }
    return 0;
}

int stream_write(int descriptor, const void *bytes, size_t byte_count, size_t *written) {
    const int block = 0; // SIG_BLOCK of the kernel, whose sets have eight bytes
    int saved_errno = errno;
    uint64_t saved_mask;
    int was_pending = pipe_signal_is_pending();
    kernel_change_signal_mask(block, &pipe_signal, &saved_mask);
    *written = 0;
    int result = write_all(descriptor, bytes, byte_count, written);
    if (result == -EPIPE && !was_pending) {
        const struct timespec at_once = {0, 0};
        syscall(SYS_rt_sigtimedwait, &pipe_signal, NULL, &at_once, sizeof pipe_signal);
    }
    kernel_restore_signals(&saved_mask);
    errno = saved_errno;
    return result;
}
