// Facts about the process and the machine, from the C library.
#define _GNU_SOURCE
#include "CLinux.h"

#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

const char *process_environment(const char *name) {
    return environ ? getenv(name) : NULL;
}

const char *process_environment_entry(intptr_t index) {
    return environ ? environ[index] : NULL;
}

int process_set_environment(const char *name, const char *value) {
    int saved_errno = errno;
    int result = setenv(name, value, 1) == 0 ? 0 : -errno;
    errno = saved_errno;
    return result;
}

int process_remove_environment(const char *name) {
    int saved_errno = errno;
    int result = *name && !process_environment(name) ? -ENOENT : unsetenv(name) == 0 ? 0 : -errno;
    errno = saved_errno;
    return result;
}

void process_flush_write_buffers(void) {
    enum { GLOBAL = 1, PRIVATE = 8, REGISTER_PRIVATE = 16 };
    int saved_errno = errno;
    // The first call registers the process; later calls succeed at once.
    if (syscall(SYS_membarrier, PRIVATE, 0) != 0 &&
        (syscall(SYS_membarrier, REGISTER_PRIVATE, 0) != 0 ||
         syscall(SYS_membarrier, PRIVATE, 0) != 0))
        syscall(SYS_membarrier, GLOBAL, 0);
    errno = saved_errno;
}

uint32_t process_identifier(void) {
    return (uint32_t)getpid();
}

void processor_flush_instructions(uintptr_t address, uint64_t byte_count) {
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

struct machine_identity processor_identity(void) {
    // In a virtual machine cpuid takes microseconds, so it is executed once. The word has the level
    // in its upper half and the revision in its lower half.
    static _Atomic uint32_t known;
    uint32_t both = atomic_load_explicit(&known, memory_order_relaxed);
    if (both == 0) {
        struct machine_identity identity = machine_identity();
        both = (uint32_t)identity.level << 16 | identity.revision;
        atomic_store_explicit(&known, both, memory_order_relaxed);
    }
    return (struct machine_identity){(uint16_t)(both >> 16), (uint16_t)both};
}

void process_exit(uint32_t code) {
    exit((int)code);
}

int process_is_traced(void) {
    char text[2048];
    intptr_t count = kernel_read_file("/proc/self/status", text, sizeof text - 1);
    if (count <= 0)
        return 0;
    text[count] = 0;
    const char *line = strstr(text, "TracerPid:");
    return line && strtol(line + sizeof "TracerPid:" - 1, NULL, 10) != 0;
}

int kernel_random(void *buffer, size_t byte_count) {
    int saved_errno = errno;
    int answer = 0;
    for (size_t done = 0; done < byte_count && answer == 0;) {
        // A signal cannot interrupt a request of this size.
        size_t part = byte_count - done < 256 ? byte_count - done : 256;
        long count = syscall(SYS_getrandom, (char *)buffer + done, part, 0);
        if (count > 0)
            done += (size_t)count;
        else if (errno != EINTR)
            answer = -errno;
    }
    errno = saved_errno;
    return answer;
}
