/*
 * _aligned_malloc and its kin. Source of each rule: Learn, the page of the function.
 */
#include <malloc.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include "expect.h"

static void every_power_of_two_is_an_alignment(void) {
    for (size_t alignment = 1; alignment <= 1 << 16; alignment *= 2) {
        void *address = _aligned_malloc(100, alignment);
        EXPECT(address != NULL && (uintptr_t)address % alignment == 0);
        memset(address, 1, 100);
        _aligned_free(address);
    }
}

/* Observed: Learn only says that an alignment is a power of two. */
static void alignment_zero_is_that_of_a_pointer(void) {
    void *address = _aligned_malloc(100, 0);
    EXPECT(address != NULL && (uintptr_t)address % sizeof(void *) == 0);
    _aligned_free(address);
}

static void another_alignment_is_refused_with_einval(void) {
    static const size_t alignments[] = {3, 24, ~(size_t)0};
    for (size_t i = 0; i < sizeof(alignments) / sizeof(alignments[0]); i++) {
        errno = 0;
        EXPECT(_aligned_malloc(100, alignments[i]) == NULL);
        EXPECT(errno == EINVAL);
    }
}

static void too_many_bytes_are_refused_with_enomem(void) {
    volatile size_t too_many = PTRDIFF_MAX;
    errno = 0;
    EXPECT(_aligned_malloc(too_many, 64) == NULL);
    EXPECT(errno == ENOMEM);
}

static void resizing_keeps_contents_and_alignment(void) {
    char *address = (char *)_aligned_malloc(10, 256);
    char *larger, *smaller;
    memcpy(address, "alignment", 10);
    larger = (char *)_aligned_realloc(address, 100000, 256);
    EXPECT(larger != NULL && (uintptr_t)larger % 256 == 0 && strcmp(larger, "alignment") == 0);
    smaller = (char *)_aligned_realloc(larger, 6, 256);
    EXPECT(smaller != NULL && (uintptr_t)smaller % 256 == 0);
    EXPECT(memcmp(smaller, "alignm", 6) == 0);
    EXPECT(_aligned_realloc(smaller, 0, 256) == NULL);
}

static void resizing_nothing_allocates(void) {
    void *address = _aligned_realloc(NULL, 100, 128);
    EXPECT(address != NULL && (uintptr_t)address % 128 == 0);
    _aligned_free(address);
}

static void a_refused_resize_leaves_the_block(void) {
    volatile size_t too_many = PTRDIFF_MAX;
    char *address = (char *)_aligned_malloc(10, 64);
    memcpy(address, "alignment", 10);
    EXPECT(_aligned_realloc(address, too_many, 64) == NULL);
    EXPECT(strcmp(address, "alignment") == 0);
    _aligned_free(address);
}

static void freeing_nothing_is_allowed(void) {
    _aligned_free(NULL);
}

static void msize_is_at_least_what_was_asked_for(void) {
    void *address = malloc(100);
    EXPECT(_msize(address) >= 100);
    free(address);
}

int main(void) {
    every_power_of_two_is_an_alignment();
    alignment_zero_is_that_of_a_pointer();
    another_alignment_is_refused_with_einval();
    too_many_bytes_are_refused_with_enomem();
    resizing_keeps_contents_and_alignment();
    resizing_nothing_allocates();
    a_refused_resize_leaves_the_block();
    freeing_nothing_is_allowed();
    msize_is_at_least_what_was_asked_for();
    return expect_status;
}
