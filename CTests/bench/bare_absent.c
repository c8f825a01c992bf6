// No bare system calls: the rows show this side empty. Nothing but the first four is ever called.
#include "bare.h"

#include "bench.h"

static void *refuse(void) {
    bench_require(false, "a bare system call where there are none");
    return NULL;
}

bool bare_is_present(void) {
    return false;
}

bool bare_can_query(void) {
    return false;
}

void bare_stay_on_processor(unsigned number) {
    (void)number;
}

size_t bare_mapping_count(void) {
    return 0;
}

void *bare_reserve(size_t byte_count) {
    (void)byte_count;
    return refuse();
}

void bare_add_neighbour(void) {}

void *bare_allocate(size_t byte_count) {
    (void)byte_count;
    return refuse();
}

void *bare_allocate_executable(size_t byte_count) {
    (void)byte_count;
    return refuse();
}

bool bare_try_commit(void *address, size_t byte_count) {
    (void)address, (void)byte_count;
    return refuse() != NULL;
}

void bare_commit(void *address, size_t byte_count) {
    bare_try_commit(address, byte_count);
}

void bare_decommit_by_mapping(void *address, size_t byte_count) {
    bare_try_commit(address, byte_count);
}

void bare_decommit_by_advice(void *address, size_t byte_count) {
    bare_try_commit(address, byte_count);
}

void bare_release(void *base, size_t byte_count) {
    bare_try_commit(base, byte_count);
}

void bare_make_read_only(void *address, size_t byte_count) {
    bare_try_commit(address, byte_count);
}

void bare_make_executable(void *address, size_t byte_count) {
    bare_try_commit(address, byte_count);
}

void bare_make_writable(void *address, size_t byte_count) {
    bare_try_commit(address, byte_count);
}

void bare_reset(void *address, size_t byte_count) {
    bare_try_commit(address, byte_count);
}

size_t bare_query(const void *address) {
    return bare_try_commit((void *)address, 0);
}
