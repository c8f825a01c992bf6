// Facts about the process and the machine, from the C library.
#define _GNU_SOURCE
#include "CLinux.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysinfo.h>
#include <unistd.h>

const char *process_environment(const char *name) {
    return environ ? getenv(name) : NULL;
}

uint32_t process_identifier(void) {
    return (uint32_t)getpid();
}

void processor_flush_instructions(uintptr_t address, uint64_t byte_count) {
    // Nothing on x86-64, where instruction fetches see all earlier stores.
    __builtin___clear_cache((char *)address, (char *)(address + byte_count));
}

uint32_t process_processors(uint64_t *mask) {
    int saved_errno = errno;
    cpu_set_t set;
    CPU_ZERO(&set);
    *mask = 1;
    uint32_t count = 1;
    if (sched_getaffinity(0, sizeof set, &set) == 0) {
        count = (uint32_t)CPU_COUNT(&set);
        *mask = set.__bits[0];
    }
    errno = saved_errno;
    return count;
}

struct processor_identity processor_identity(void) {
    struct processor_identity identity = {0, 0};
#if defined(__x86_64__)
    unsigned eax, ebx, ecx, edx;
    if (__get_cpuid(1, &eax, &ebx, &ecx, &edx)) {
        unsigned family = eax >> 8 & 15, model = eax >> 4 & 15;
        if (family == 15)
            family += eax >> 20 & 255;
        if (family >= 6)
            model += (eax >> 16 & 15) << 4;
        identity.level = (uint16_t)family;
        identity.revision = (uint16_t)(model << 8 | (eax & 15));
    }
#endif
    return identity;
}

// The number behind `label` in a text of at most `count` bytes; `absent` if it is not there.
static uint64_t number_behind(const char *label, const char *text, intptr_t count,
                              uint64_t absent) {
    size_t length = strlen(label);
    for (intptr_t i = 0; i + (intptr_t)length < count; i++) {
        if (memcmp(text + i, label, length) != 0)
            continue;
        uint64_t value = 0;
        for (i += (intptr_t)length; i < count && text[i] == ' ';)
            i++;
        for (; i < count && text[i] >= '0' && text[i] <= '9'; i++)
            value = value * 10 + (uint64_t)(text[i] - '0');
        return value;
    }
    return absent;
}

uint64_t process_mapped_byte_count(void) {
    char text[64];
    intptr_t count = kernel_read_file("/proc/self/statm", text, sizeof text, 0);
    return number_behind("", text, count, 0) * 4096;
}

void machine_memory_now(struct machine_memory *memory) {
    int saved_errno = errno;
    struct sysinfo info;
    *memory = (struct machine_memory){0, 0, 0, 0};
    if (sysinfo(&info) == 0) {
        uint64_t unit = info.mem_unit ? info.mem_unit : 1;
        memory->total_ram = info.totalram * unit;
        memory->available_ram = (info.freeram + info.bufferram) * unit;
        memory->total_swap = info.totalswap * unit;
        memory->free_swap = info.freeswap * unit;
    }
    // The kernel's own estimate counts the page cache as well.
    char text[512];
    intptr_t count = kernel_read_file("/proc/meminfo", text, sizeof text, 0);
    uint64_t kib = memory->available_ram / 1024;
    memory->available_ram = number_behind("MemAvailable:", text, count, kib) * 1024;
    errno = saved_errno;
}
