// The bare system calls. See bare.h.
#define _GNU_SOURCE
#include "bare.h"

#include "bench.h"

#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

// struct procmap_query of linux/fs.h since 6.11, which Debian 12's headers do not have.
struct mapping_query {
    uint64_t byte_count;
    uint64_t query_flags;
    uint64_t address;
    uint64_t start, end, flags, page_bytes, offset, inode;
    uint32_t device_major, device_minor, name_bytes, build_id_bytes;
    uint64_t name_address, build_id_address;
};

#define MAPPING_QUERY _IOWR('f', 17, struct mapping_query)
enum { COVERING_OR_NEXT = 0x10 };

// Without MAP_NORESERVE, so that the kernel charges what is made writable when it is made so, as
// Windows charges a commit. Inaccessible memory is charged by neither.
static const int reserve_flags = MAP_PRIVATE | MAP_ANONYMOUS;

bool bare_is_present(void) {
    return true;
}

void bare_stay_on_processor(unsigned number) {
    cpu_set_t allowed, one;
    bench_require(sched_getaffinity(0, sizeof allowed, &allowed) == 0, "sched_getaffinity");
    number %= (unsigned)CPU_COUNT(&allowed);
    int processor = 0;
    while (!CPU_ISSET(processor, &allowed) || number-- > 0)
        processor++;
    CPU_ZERO(&one);
    CPU_SET(processor, &one);
    bench_require(sched_setaffinity(0, sizeof one, &one) == 0, "sched_setaffinity");
}

static void *map(void *address, size_t byte_count, int access, int extra_flags) {
    void *base = mmap(address, byte_count, access, reserve_flags | extra_flags, -1, 0);
    bench_require(base != MAP_FAILED, "mmap");
    return base;
}

void *bare_reserve(size_t byte_count) {
    return map(NULL, byte_count, PROT_NONE, 0);
}

void *bare_allocate(size_t byte_count) {
    return map(NULL, byte_count, PROT_READ | PROT_WRITE, 0);
}

void bare_add_neighbour(void) {
    *(volatile char *)bare_allocate(64 * 1024) = 1;
}

void *bare_allocate_executable(size_t byte_count) {
    return map(NULL, byte_count, PROT_READ | PROT_WRITE | PROT_EXEC, 0);
}

bool bare_try_commit(void *address, size_t byte_count) {
    return mprotect(address, byte_count, PROT_READ | PROT_WRITE) == 0;
}

void bare_commit(void *address, size_t byte_count) {
    bench_require(bare_try_commit(address, byte_count), "mprotect(PROT_READ | PROT_WRITE)");
}

void bare_decommit_by_mapping(void *address, size_t byte_count) {
    map(address, byte_count, PROT_NONE, MAP_FIXED);
}

void bare_decommit_by_advice(void *address, size_t byte_count) {
    bench_require(madvise(address, byte_count, MADV_DONTNEED) == 0, "madvise(MADV_DONTNEED)");
    bench_require(mprotect(address, byte_count, PROT_NONE) == 0, "mprotect(PROT_NONE)");
}

void bare_release(void *base, size_t byte_count) {
    bench_require(munmap(base, byte_count) == 0, "munmap");
}

void bare_make_read_only(void *address, size_t byte_count) {
    bench_require(mprotect(address, byte_count, PROT_READ) == 0, "mprotect(PROT_READ)");
}

void bare_make_executable(void *address, size_t byte_count) {
    bench_require(mprotect(address, byte_count, PROT_READ | PROT_EXEC) == 0,
                  "mprotect(PROT_READ | PROT_EXEC)");
}

void bare_make_writable(void *address, size_t byte_count) {
    bare_commit(address, byte_count);
}

void bare_reset(void *address, size_t byte_count) {
    bench_require(madvise(address, byte_count, MADV_FREE) == 0, "madvise(MADV_FREE)");
}

static bool query(const void *address, struct mapping_query *answer) {
    static int maps = -1;
    if (maps < 0)
        maps = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    *answer = (struct mapping_query){.byte_count = sizeof *answer,
                                     .query_flags = COVERING_OR_NEXT,
                                     .address = (uintptr_t)address};
    return ioctl(maps, MAPPING_QUERY, answer) == 0;
}

bool bare_can_query(void) {
    static const char somewhere = 0;
    struct mapping_query answer;
    return query(&somewhere, &answer);
}

size_t bare_query(const void *address) {
    struct mapping_query answer;
    bench_require(query(address, &answer), "ioctl(PROCMAP_QUERY)");
    return (size_t)(answer.end - (uintptr_t)address);
}

size_t bare_mapping_count(void) {
    size_t lines = 0;
    FILE *maps = fopen("/proc/self/maps", "r");
    bench_require(maps != NULL, "opening /proc/self/maps");
    for (int character = fgetc(maps); character != EOF; character = fgetc(maps))
        lines += character == '\n';
    fclose(maps);
    return lines;
}
