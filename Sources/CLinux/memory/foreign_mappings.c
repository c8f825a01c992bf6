// Reads the mappings of the process from the kernel.
#define _GNU_SOURCE
#include "CLinux.h"

#include <fcntl.h>
#include <sys/auxv.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

// The argument of PROCMAP_QUERY (Linux 6.11), which Debian 12's headers do not have yet.
struct mapping_query {
    uint64_t size;
    uint64_t query_flags;
    uint64_t query_address;
    uint64_t start;
    uint64_t end;
    uint64_t flags;
    uint64_t page_size;
    uint64_t offset;
    uint64_t inode;
    uint32_t device_major;
    uint32_t device_minor;
    uint32_t name_size;
    uint32_t build_id_size;
    uint64_t name_address;
    uint64_t build_id_address;
};
#define QUERY_MAPPING _IOWR('f', 17, struct mapping_query)
#define QUERY_COVERING_OR_NEXT 0x10
#define MAPPING_IS_SHARED 0x08

static int query(long file, uintptr_t address, struct kernel_mapping *mapping) {
    struct mapping_query query = {
        .size = sizeof query, .query_flags = QUERY_COVERING_OR_NEXT, .query_address = address};
    if (syscall(SYS_ioctl, file, QUERY_MAPPING, &query) != 0)
        return -errno;
    mapping->start = query.start;
    mapping->end = query.end;
    mapping->inode = query.inode;
    mapping->device = (uint64_t)query.device_major << 32 | query.device_minor;
    mapping->protection = query.flags & 7;
    mapping->is_shared = (query.flags & MAPPING_IS_SHARED) != 0;
    return 0;
}

static const char *parse_number(const char *text, const char *end, uint32_t base, uint64_t *value) {
    *value = 0;
    for (; text < end; text++) {
        char c = *text;
        uint32_t digit = c >= '0' && c <= '9'   ? (uint32_t)(c - '0')
                         : c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a') + 10
                                                : 99;
        if (digit >= base)
            break;
        *value = *value * base + digit;
    }
    return text;
}

// One line: start-end rwxp offset major:minor inode name
static int parse_line(const char *text, const char *end, struct kernel_mapping *mapping) {
    uint64_t offset, major, minor;
    text = parse_number(text, end, 16, &mapping->start) + 1;
    text = parse_number(text, end, 16, &mapping->end) + 1;
    if (end - text < 6)
        return 0;
    mapping->protection = (text[0] == 'r' ? KERNEL_PROT_READ : 0) |
                          (text[1] == 'w' ? KERNEL_PROT_WRITE : 0) |
                          (text[2] == 'x' ? KERNEL_PROT_EXEC : 0);
    mapping->is_shared = text[3] == 's';
    text = parse_number(text + 5, end, 16, &offset) + 1;
    text = parse_number(text, end, 16, &major) + 1;
    text = parse_number(text, end, 16, &minor) + 1;
    parse_number(text, end, 10, &mapping->inode);
    mapping->device = major << 32 | minor;
    return mapping->end > mapping->start;
}

// Whether a mapping ends the reading of the list.
typedef int (*is_last)(const struct kernel_mapping *mapping, uintptr_t address);

static int ends_behind(const struct kernel_mapping *mapping, uintptr_t address) {
    return mapping->end > address;
}

// Reads the text from its beginning, one buffer at a time, and splits it into lines.
static int search_text(long file, uintptr_t address, struct kernel_mapping *mapping,
                       is_last is_it) {
    char buffer[4096];
    size_t kept = 0;
    if (syscall(SYS_lseek, file, 0L, (long)SEEK_SET) != 0)
        return -EIO;
    for (;;) {
        long got = syscall(SYS_read, file, buffer + kept, sizeof buffer - kept);
        if (got <= 0)
            return got < 0 ? -errno : -ENOENT;
        const char *line = buffer, *end = buffer + kept + got;
        for (const char *at = buffer; at < end; at++) {
            if (*at != '\n')
                continue;
            if (parse_line(line, at, mapping) && is_it(mapping, address))
                return 0;
            line = at + 1;
        }
        // A line may be longer than the buffer. Only the end of its name is dropped then.
        kept = line == buffer && end == buffer + sizeof buffer ? 256 : (size_t)(end - line);
        for (size_t i = 0; i < kept; i++)
            buffer[i] = line[i];
    }
}

intptr_t kernel_open_mappings(void) {
    return kernel_open_list("/proc/self/maps");
}

intptr_t kernel_open_list(const char *path) {
    int saved_errno = errno;
    long file = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
    intptr_t result = file < 0 ? -errno : file;
    errno = saved_errno;
    return result;
}

int kernel_mapping_in_list(intptr_t file, uintptr_t address, struct kernel_mapping *mapping) {
    int saved_errno = errno;
    int result = query(file, address, mapping);
    if (result != 0 && result != -ENOENT)
        result = search_text(file, address, mapping, ends_behind);
    errno = saved_errno;
    return result;
}

int kernel_mapping_listed(intptr_t file, uintptr_t address, struct kernel_mapping *mapping) {
    int result = kernel_mapping_in_list(file, address, mapping);
    // The running stack is always mapped, so a list without mappings is not valid.
    return result == -ENOENT && address < (uintptr_t)&result ? -EIO : result;
}

int kernel_mapping_in(intptr_t file, uintptr_t address, struct kernel_mapping *mapping) {
    int result = -EIO;
    if (file >= 0)
        result = kernel_mapping_listed(file, address, mapping);
    else if (file == -EMFILE || file == -ENFILE)
        result = kernel_mapping_by_spare_descriptor(address, mapping);
    return result == 0 || result == -ENOENT ? result : kernel_probe_mapping(address, mapping);
}

void kernel_close_mappings(intptr_t file) {
    int saved_errno = errno;
    if (file >= 0)
        syscall(SYS_close, file);
    errno = saved_errno;
}

int kernel_mapping_at_or_after(uintptr_t address, struct kernel_mapping *mapping) {
    intptr_t file = kernel_open_mappings();
    int result = kernel_mapping_in(file, address, mapping);
    kernel_close_mappings(file);
    return result;
}

static int page_out(const struct kernel_mapping *mapping, uintptr_t unused) {
    (void)unused;
    // The kernel refuses for locked memory and for its own mappings.
    kernel_advise(mapping->start, mapping->end - mapping->start, KERNEL_MADV_PAGEOUT);
    return 0;
}

void kernel_page_out_everything(void) {
    struct kernel_mapping mapping;
    int saved_errno = errno;
    intptr_t file = kernel_open_mappings();
    if (file >= 0)
        search_text(file, 0, &mapping, page_out);
    kernel_close_mappings(file);
    errno = saved_errno;
}

uintptr_t main_stack_address(void) {
    int saved_errno = errno;
    // The kernel puts these bytes on the main stack, beside the arguments and the environment.
    uintptr_t address = (uintptr_t)getauxval(AT_RANDOM);
    errno = saved_errno;
    return address;
}

uint64_t main_stack_byte_count(void) {
    const uint64_t most = 1 << 30;
    struct rlimit limit;
    int saved_errno = errno;
    int result = getrlimit(RLIMIT_STACK, &limit);
    errno = saved_errno;
    return result == 0 && limit.rlim_cur < most ? PAGE_START(limit.rlim_cur) : most;
}

uint64_t main_stack_reach(void) {
    const uint64_t guard_gap = 1 << 20;
    return main_stack_byte_count() + guard_gap;
}
