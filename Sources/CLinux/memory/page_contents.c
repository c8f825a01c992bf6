// Whether pages have contents, and making the kernel keep them.
#define _GNU_SOURCE
#include "CLinux.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/sysinfo.h>
#include <sys/uio.h>
#include <unistd.h>

enum { MOST_PAGES = 64 };

// The argument of PAGEMAP_SCAN (Linux 6.7), which Debian 12's headers do not have yet.
struct scanned_range {
    uint64_t start, end, categories;
};
struct scan {
    uint64_t size, flags, start, end, walk_end, ranges, range_count, most_pages;
    uint64_t inverted, required, any_of, wanted;
};
#define SCAN_PAGES _IOWR('f', 16, struct scan)
#define IS_PRESENT (1 << 3)
#define IS_SWAPPED (1 << 4)
#define IS_ZERO_PAGE (1 << 5)

static uint64_t bits_of(const struct scanned_range *range, uintptr_t address) {
    uint64_t bits = 0;
    for (uint64_t at = range->start; at < range->end; at += PAGE_BYTE_COUNT)
        bits |= UINT64_C(1) << (at - address) / PAGE_BYTE_COUNT;
    return bits;
}

// Pages in RAM or swap, except those that map the kernel's zero page.
static int scan(long file, uintptr_t address, uint32_t page_count, uint64_t *bits) {
    struct scanned_range ranges[MOST_PAGES];
    struct scan scan = {
        .size = sizeof scan,
        .start = address,
        .end = address + page_count * PAGE_BYTE_COUNT,
        .ranges = (uintptr_t)ranges,
        .range_count = MOST_PAGES,
        .inverted = IS_ZERO_PAGE,
        .required = IS_ZERO_PAGE,
        .any_of = IS_PRESENT | IS_SWAPPED,
        .wanted = IS_PRESENT | IS_SWAPPED,
    };
    long count = syscall(SYS_ioctl, file, SCAN_PAGES, &scan);
    for (long i = 0; i < count; i++)
        *bits |= bits_of(&ranges[i], address);
    return count < 0 ? -errno : 0;
}

static int read_entries(long file, uintptr_t address, uint32_t page_count, uint64_t *bits) {
    const uint64_t present_or_swapped = UINT64_C(3) << 62;
    uint64_t entries[MOST_PAGES];
    size_t byte_count = page_count * sizeof entries[0];
    uint64_t offset = (uint64_t)address / PAGE_BYTE_COUNT * sizeof entries[0];
    if (syscall(SYS_pread64, file, entries, byte_count, offset) != (long)byte_count)
        return -EIO;
    for (uint32_t i = 0; i < page_count; i++)
        *bits |= (uint64_t)((entries[i] & present_or_swapped) != 0) << i;
    return 0;
}

// A temporary lack of memory must not make contents count as lost, so the call is repeated.
static int open_own(const char *path, int flags) {
    int file = -1;
    for (int tries = 0; tries < 3 && file < 0; tries++)
        file = (int)syscall(SYS_openat, AT_FDCWD, path, flags | O_CLOEXEC);
    return file;
}

static void close_own(int file) {
    if (file >= 0)
        syscall(SYS_close, file);
}

// Without swap a page with contents is in RAM. The kernel's zero page counts as contents here.
static int resident_pages(uintptr_t address, uint32_t page_count, uint64_t *bits) {
    unsigned char residence[MOST_PAGES];
    struct sysinfo info;
    if (sysinfo(&info) != 0 || info.totalswap != 0)
        return -ENOSYS;
    if (syscall(SYS_mincore, address, page_count * PAGE_BYTE_COUNT, residence) != 0)
        return -errno;
    for (uint32_t i = 0; i < page_count; i++)
        *bits |= (uint64_t)(residence[i] & 1) << i;
    return 0;
}

int kernel_present_pages(uintptr_t address, uint32_t page_count, uint64_t *bits) {
    *bits = 0;
    int saved_errno = errno;
    int file = open_own("/proc/self/pagemap", O_RDONLY);
    int result = file < 0 ? file : scan(file, address, page_count, bits);
    if (result != 0)
        result = resident_pages(address, page_count, bits);
    if (result != 0 && file >= 0)
        result = read_entries(file, address, page_count, bits);
    close_own(file);
    errno = saved_errno;
    return result;
}

static int is_zero_page(uintptr_t address) {
    uint64_t bits = 0;
    int file = open_own("/proc/self/pagemap", O_RDONLY);
    int result = file < 0 ? -1 : scan(file, address, 1, &bits);
    close_own(file);
    return result != 0 || bits == 0; // unknown counts as such
}

static long copy(uintptr_t address, void *buffer, size_t byte_count, int memory) {
    struct iovec here = {buffer, byte_count}, there = {(void *)address, byte_count};
    // A long, because the last argument is on the stack, where an int would leave the upper half
    // undefined.
    long count = syscall(SYS_process_vm_readv, getpid(), &here, 1L, &there, 1L, 0L);
    return count == (long)byte_count || memory < 0
               ? count
               : syscall(SYS_pread64, memory, buffer, byte_count, address);
}

static long first_not_zero(const unsigned char *bytes) {
    for (long i = 0; i < (long)PAGE_BYTE_COUNT; i++)
        if (bytes[i] != 0)
            return i;
    return -1;
}

int kernel_keep_page(uintptr_t address, int is_writable) {
    unsigned char bytes[PAGE_BYTE_COUNT], byte = 0;
    int saved_errno = errno, is_kept = 0;
    // /proc/self/mem ignores protections. It is used only if the page itself does not allow the
    // access.
    int memory = is_writable ? -1 : open_own("/proc/self/mem", O_RDWR);
    if (copy(address, bytes, sizeof bytes, memory) == (long)sizeof bytes) {
        long at = first_not_zero(bytes);
        uintptr_t place = address + (uintptr_t)(at < 0 ? 0 : at);
        if (at < 0)
            is_kept = !is_zero_page(address);
        // An atomic operation, so that a write by another thread is not lost.
        if (is_writable)
            __atomic_fetch_or((volatile unsigned char *)place, 0, __ATOMIC_RELAXED);
        else if (syscall(SYS_pwrite64, memory, &bytes[place - address], 1, place) != 1)
            at = is_kept = -1; // the kernel cannot be made to keep it
        // If the kernel had dropped the page before this write, it reads as zero now.
        if (at >= 0)
            is_kept = copy(place, &byte, 1, memory) == 1 && byte != 0;
    }
    close_own(memory);
    errno = saved_errno;
    return is_kept > 0;
}

intptr_t kernel_open_pages(void) {
    return kernel_open_list("/proc/self/pagemap");
}

int kernel_page_presence(intptr_t file, uintptr_t address) {
    const uint64_t present = UINT64_C(1) << 63, of_file = UINT64_C(1) << 61;
    uint64_t entry = 0, offset = (uint64_t)address / PAGE_BYTE_COUNT * sizeof entry;
    unsigned char residence = 0;
    int saved_errno = errno, answer = KERNEL_PAGE_ABSENT;
    if (file >= 0 &&
        syscall(SYS_pread64, (long)file, &entry, sizeof entry, offset) == (long)sizeof entry) {
        if (entry & present)
            answer = entry & of_file ? KERNEL_PAGE_OF_FILE : KERNEL_PAGE_PRIVATE;
    } else if (syscall(SYS_mincore, PAGE_START(address), PAGE_BYTE_COUNT, &residence) == 0 &&
               (residence & 1) != 0) {
        answer = KERNEL_PAGE_PRESENT;
    }
    errno = saved_errno;
    return answer;
}
