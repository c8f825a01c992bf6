// The allocator at work: alone, then under threads that come and go; in the end nothing is left.
#include "allocator.h"
#include "workload.h"
#include "../report.h"

#include <stdint.h>
#include <string.h>

#define LINES 4
#define GENERATIONS 6
#define OPERATIONS 20000

static void show_sizes(void) {
    int wrong = 0, count = 0;
    for (size_t byte_count = 0; byte_count < 200000; byte_count += byte_count / 20 + 1) {
        unsigned char *block = win_malloc(byte_count);
        wrong += block == NULL || (uintptr_t)block % 16 != 0 || win_msize(block) < byte_count;
        if (block)
            memset(block, 0xEE, byte_count);
        win_free(block);
        unsigned char *zero = win_calloc(byte_count, 1);
        for (size_t index = 0; zero && index < byte_count; index++)
            wrong += zero[index] != 0;
        win_free(zero);
        count++;
    }
    expect(wrong == 0, "sizes from 0 to 200,000: aligned, large enough, zero", "%d sizes, %d wrong",
           count, wrong);
    for (size_t alignment = 1; alignment <= 32768; alignment *= 2) {
        void *block = win_aligned_malloc(100, alignment);
        wrong += block == NULL || (uintptr_t)block % alignment != 0;
        win_free(block);
    }
    expect(wrong == 0, "alignments from 1 to 32 KiB", "%d wrong", wrong);
    void *huge = win_malloc((size_t)-1), *product = win_calloc((size_t)1 << 40, (size_t)1 << 40);
    expect(huge == NULL && product == NULL, "what cannot be is refused", "NULL");
}

static void show_growing(void) {
    size_t byte_count = 10, moves = 0, steps = 0;
    unsigned char *block = win_malloc(byte_count);
    memset(block, 7, byte_count);
    int wrong = 0;
    while (byte_count < (size_t)8 << 20) {
        size_t larger = byte_count + byte_count / 8 + 1;
        unsigned char *grown = win_realloc(block, larger);
        moves += grown != block;
        block = grown;
        wrong += block[0] != 7 || block[byte_count - 1] != 7;
        memset(block + byte_count, 7, larger - byte_count);
        byte_count = larger;
        steps++;
    }
    expect(wrong == 0 && moves < steps / 2, "a block grows from 10 bytes to 8 MiB",
           "%zu steps, moved %zu times", (size_t)steps, (size_t)moves);
    block = win_realloc(block, 100);
    expect(block && block[99] == 7, "and shrinks to 100", "%d", block ? block[99] : 0);
    win_free(block);
}

static void show_last_error(void) {
    SetLastError(4711);
    void *small = win_malloc(50), *large = win_malloc(100000);
    win_free(small);
    win_free(large);
    expect(GetLastError() == 4711, "the program's last error is kept", "%u",
           (unsigned)GetLastError());
}

int main(void) {
    report_title("allocator: spans, thread caches and large blocks on VirtualAlloc");
    show_sizes();
    show_growing();
    show_last_error();
    struct workload_result result = run_workload(LINES, GENERATIONS, OPERATIONS);
    struct allocator_counts busy = win_counts();
    expect(result.operations == LINES * GENERATIONS * OPERATIONS && result.refused == 0,
           "24 threads work, four at a time", "%llu operations, %u refused", result.operations,
           result.refused);
    expect(result.damaged == 0, "no block was damaged", "%u, %llu swapped between threads",
           result.damaged, result.exchanged);
    expect(busy.threads_ended == LINES * GENERATIONS, "each thread's end is noticed",
           "%d ended; caches: %d made, %d reused", (int)busy.threads_ended, (int)busy.caches_made,
           (int)busy.caches_reused);
    expect(busy.remote_frees > 0 && busy.spans_adopted > 0, "blocks and spans change owners",
           "%lld freed remotely, %d spans adopted", (long long)busy.remote_frees,
           (int)busy.spans_adopted);
    win_trim();
    struct allocator_counts idle = win_counts();
    expect(idle.large_blocks == 0, "no large block is left", "%d", (int)idle.large_blocks);
    // The main thread keeps its last span of each size.
    expect(idle.spans_in_use <= 36 && idle.spans_retained <= 64, "the spans are given back",
           "%d in use, %d retained", (int)idle.spans_in_use, (int)idle.spans_retained);
    return report_status();
}
