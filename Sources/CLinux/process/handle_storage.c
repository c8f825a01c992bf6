// Fixed storage. The kernel provides its memory as it is touched.
#include "CLinux.h"

static uint64_t handles[2 * HANDLE_CAPACITY];
static uint64_t privileges;
static uint64_t working_set[3];
static uint64_t standard_handles[3];

uint64_t *handle_words(void) {
    return handles;
}

uint64_t *privilege_word(void) {
    return &privileges;
}

uint64_t *working_set_words(void) {
    return working_set;
}

uint64_t *standard_handle_words(void) {
    return standard_handles;
}
