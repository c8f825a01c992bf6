// The memory of this process and of others, copied without faults.
#define _GNU_SOURCE
#include "CLinux.h"

#include <fcntl.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_process_madvise
#define SYS_process_madvise 440
#endif

static uintptr_t bytes_left_in_page(uintptr_t address) {
    return PAGE_BYTE_COUNT - address % PAGE_BYTE_COUNT;
}

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

// The kernel copies at most 2 GiB in one call, and fewer bytes if it meets an inaccessible page.
static intptr_t copy(long number, uint32_t process, uintptr_t here, uintptr_t there,
                     size_t byte_count) {
    size_t done = 0;
    while (done < byte_count) {
        struct iovec own = {(void *)(here + done), byte_count - done};
        struct iovec others = {(void *)(there + done), byte_count - done};
        long count = syscall(number, (long)process, &own, 1L, &others, 1L, 0L);
        if (count < 0 && done == 0)
            return -errno;
        if (count <= 0)
            break;
        done += (size_t)count;
    }
    return (intptr_t)done;
}

// Within this process, if a sandbox refuses the call above: in pieces that lie in one page, there and here.
static intptr_t copy_in_pieces(uintptr_t to, uintptr_t from, size_t byte_count) {
    unsigned char bytes[1024];
    size_t done = 0;
    while (done < byte_count) {
        size_t part = least(sizeof bytes, byte_count - done);
        part = least(part, bytes_left_in_page(from + done));
        part = least(part, bytes_left_in_page(to + done));
        if (!kernel_load(bytes, from + done, part) || !kernel_store(to + done, bytes, part))
            break;
        done += part;
    }
    return done == 0 && byte_count != 0 ? -EFAULT : (intptr_t)done;
}

static intptr_t copy_here_or_there(long number, uint32_t process, uintptr_t here, uintptr_t there,
                                   size_t byte_count) {
    int saved_errno = errno;
    uint32_t identifier = process == KERNEL_OWN_PROCESS ? process_identifier() : process;
    intptr_t result = copy(number, identifier, here, there, byte_count);
    if (process == KERNEL_OWN_PROCESS && result < 0 && result != -EFAULT)
        result = number == SYS_process_vm_readv ? copy_in_pieces(here, there, byte_count)
                                                : copy_in_pieces(there, here, byte_count);
    errno = saved_errno;
    return result;
}

intptr_t kernel_copy_from_process(uint32_t process, uintptr_t here, uintptr_t there,
                                  size_t byte_count) {
    return copy_here_or_there(SYS_process_vm_readv, process, here, there, byte_count);
}

intptr_t kernel_copy_to_process(uint32_t process, uintptr_t here, uintptr_t there,
                                size_t byte_count) {
    return copy_here_or_there(SYS_process_vm_writev, process, here, there, byte_count);
}

// Reads one byte of each page.
int kernel_can_read_process(uint32_t process, uintptr_t address, size_t byte_count) {
    enum { MOST_PAGES = 128 };
    struct iovec pages[MOST_PAGES];
    char bytes[MOST_PAGES];
    int saved_errno = errno, answer = 1;
    for (size_t done = 0; answer == 1 && done < byte_count;) {
        size_t page_count = 0;
        for (; page_count < MOST_PAGES && done < byte_count; page_count++) {
            pages[page_count] = (struct iovec){(void *)(address + done), 1};
            done += least(byte_count - done, bytes_left_in_page(address + done));
        }
        struct iovec here = {bytes, page_count};
        long count = syscall(SYS_process_vm_readv, (long)process, &here, 1L, pages, page_count, 0L);
        if (count != (long)page_count)
            answer = count >= 0 || errno == EFAULT ? 0 : -errno;
    }
    errno = saved_errno;
    return answer;
}

enum { PATH_BYTE_COUNT = 32 };

// /proc/process/name, without functions of the C library that are not safe in signal handlers.
static const char *path_of(uint32_t process, const char *name, char path[PATH_BYTE_COUNT]) {
    char digits[10], *digit = digits + sizeof digits;
    for (uint32_t rest = process; rest != 0 || digit == digits + sizeof digits; rest /= 10)
        *--digit = (char)('0' + rest % 10);
    char *end = stpcpy(path, "/proc/");
    end = mempcpy(end, digit, (size_t)(digits + sizeof digits - digit));
    stpcpy(stpcpy(end, "/"), name);
    return path;
}

intptr_t kernel_patch_process(uint32_t process, uintptr_t here, uintptr_t there,
                              size_t byte_count) {
    char path[PATH_BYTE_COUNT];
    int saved_errno = errno;
    long file = syscall(SYS_openat, AT_FDCWD, path_of(process, "mem", path), O_WRONLY | O_CLOEXEC);
    long result = file;
    if (file >= 0)
        result = syscall(SYS_pwrite64, file, here, byte_count, there);
    result = result < 0 ? -errno : result;
    if (file >= 0)
        syscall(SYS_close, file);
    errno = saved_errno;
    return result;
}

intptr_t kernel_open_mappings_of(uint32_t process) {
    char path[PATH_BYTE_COUNT];
    return kernel_open_list(path_of(process, "maps", path));
}

static long prefetch_in_other(uint32_t process, uintptr_t address, size_t byte_count) {
    struct iovec range = {(void *)address, byte_count};
    long file = syscall(SYS_pidfd_open, (long)process, 0L);
    if (file < 0)
        return file;
    long result = syscall(SYS_process_madvise, file, &range, 1L, (long)KERNEL_MADV_WILLNEED, 0L);
    syscall(SYS_close, file);
    return result;
}

void kernel_prefetch(uint32_t process, uintptr_t address, size_t byte_count) {
    int saved_errno = errno;
    // Nothing depends on it, so a refusal is not reported.
    if (process == KERNEL_OWN_PROCESS)
        kernel_advise(address, byte_count, KERNEL_MADV_WILLNEED);
    else
        prefetch_in_other(process, address, byte_count);
    errno = saved_errno;
}

uint32_t kernel_process_start(uint32_t process) {
    enum { FIELDS_BETWEEN_NAME_AND_START = 20 };
    char path[PATH_BYTE_COUNT], text[1024];
    intptr_t count = kernel_read_file(path_of(process, "stat", path), text, sizeof text - 1);
    if (count <= 0)
        return 0;
    text[count] = 0;
    // The name may contain blanks and parentheses.
    const char *at = strrchr(text, ')');
    for (int field = 0; at != NULL && field < FIELDS_BETWEEN_NAME_AND_START; field++)
        at = strchr(at + 1, ' ');
    uint32_t start = 0;
    for (at = at == NULL ? "" : at + 1; *at >= '0' && *at <= '9'; at++)
        start = start * 10 + (uint32_t)(*at - '0');
    return start;
}

// The descriptor of a process exists for processes only. A sandbox or an old kernel may not have it, and
// then a thread counts as its process.
static int is_thread(uint32_t process) {
    long file = syscall(SYS_pidfd_open, (long)process, 0L);
    if (file >= 0)
        syscall(SYS_close, file);
    return file < 0 && (errno == EINVAL || errno == ENOENT);
}

int kernel_find_process(uint32_t process) {
    const int no_signal = 0;
    int saved_errno = errno;
    int result = 0;
    if ((int32_t)process <= 0 || is_thread(process))
        result = -ESRCH;
    else if (syscall(SYS_kill, (long)process, no_signal) != 0)
        result = -errno;
    errno = saved_errno;
    return result;
}
