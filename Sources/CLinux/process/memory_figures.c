// The memory that the process and the machine have and use, from the files of /proc.
#define _GNU_SOURCE
#include "CLinux.h"

#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <unistd.h>

// The number after `label` in a text of at most `count` bytes; `absent` if there is none.
static uint64_t number_behind(const char *label, const char *text, intptr_t count,
                              uint64_t absent) {
    size_t length = strlen(label);
    for (intptr_t i = 0; i + (intptr_t)length < count; i++) {
        if (memcmp(text + i, label, length) != 0)
            continue;
        uint64_t value = 0;
        for (i += (intptr_t)length; i < count && (text[i] == ' ' || text[i] == '\t');)
            i++;
        for (; i < count && text[i] >= '0' && text[i] <= '9'; i++)
            value = value * 10 + (uint64_t)(text[i] - '0');
        return value;
    }
    return absent;
}

uint64_t process_mapped_byte_count(void) {
    char text[64];
    intptr_t count = kernel_read_file("/proc/self/statm", text, sizeof text);
    return number_behind("", text, count, 0) * PAGE_BYTE_COUNT;
}

uint64_t process_address_limit(void) {
    struct rlimit limit;
    int saved_errno = errno;
    int result = getrlimit(RLIMIT_AS, &limit);
    errno = saved_errno;
    return result == 0 && limit.rlim_cur != RLIM_INFINITY ? limit.rlim_cur : UINT64_MAX;
}

void machine_memory_now(struct machine_memory *memory) {
    int saved_errno = errno;
    struct sysinfo info;
    *memory = (struct machine_memory){0, 0, 0};
    if (sysinfo(&info) == 0) {
        uint64_t unit = info.mem_unit ? info.mem_unit : 1;
        memory->total_ram = info.totalram * unit;
        memory->available_ram = (info.freeram + info.bufferram) * unit;
        memory->total_swap = info.totalswap * unit;
    }
    // The kernel's own estimate includes the page cache.
    char text[512];
    intptr_t count = kernel_read_file("/proc/meminfo", text, sizeof text);
    uint64_t kib = memory->available_ram / 1024;
    memory->available_ram = number_behind("MemAvailable:", text, count, kib) * 1024;
    errno = saved_errno;
}

static uint64_t peak_resident;

static uint64_t raise_peak(uint64_t now) {
    uint64_t seen = __atomic_load_n(&peak_resident, __ATOMIC_RELAXED);
    while (seen < now && !__atomic_compare_exchange_n(&peak_resident, &seen, now, 1,
                                                      __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
    }
    return seen < now ? now : seen;
}

void process_memory_now(struct process_memory *memory) {
    struct rusage usage = {0};
    // A bare system call leaves errno alone when it succeeds, and this one cannot fail.
    syscall(SYS_getrusage, RUSAGE_SELF, &usage);
    memory->page_faults = (uint64_t)usage.ru_minflt + (uint64_t)usage.ru_majflt;
    char text[4096];
    intptr_t count = kernel_read_file("/proc/self/status", text, sizeof text);
    // ru_maxrss survives execve, so it is used only if /proc cannot be read.
    uint64_t peak = number_behind("VmHWM:", text, count, (uint64_t)usage.ru_maxrss);
    uint64_t resident = number_behind("VmRSS:", text, count, peak);
    memory->resident = resident * 1024;
    memory->private_resident = number_behind("RssAnon:", text, count, 0) * 1024;
    // The kernel keeps its high-water mark with coarser counters than the current value, so it may
    // be lower.
    memory->peak_resident = raise_peak((peak > resident ? peak : resident) * 1024);
}

void process_forget_peak(void) {
    __atomic_store_n(&peak_resident, 0, __ATOMIC_RELAXED);
}

void process_raise_lock_limit(uint64_t byte_count) {
    struct rlimit limit;
    int saved_errno = errno;
    if (getrlimit(RLIMIT_MEMLOCK, &limit) == 0 && limit.rlim_cur < byte_count) {
        limit.rlim_cur = byte_count < limit.rlim_max ? byte_count : limit.rlim_max;
        setrlimit(RLIMIT_MEMLOCK, &limit);
    }
    errno = saved_errno;
}
