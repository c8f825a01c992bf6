// Behaviour 3 (S2): eight threads align blocks the way jemalloc and SpiderMonkey do: reserve too
// much, release it, reserve again at the aligned address, and start over if another thread took it.
#if defined(linux) || defined(__linux)
#error "the Linux branch (trimming with munmap) is taken"
#elif defined(_WIN32)
#include <windows.h>
#endif

#include <pthread.h>
#include <stdint.h>
#include "../report.h"

#define THREAD_COUNT 8
#define BLOCKS_PER_THREAD 24
#define ROUNDS 20

struct worker {
    pthread_t thread;
    unsigned char tag;
    unsigned long long attempts, blocks;
    int misaligned, damaged, refused;
};

// Never answers NULL while there is room: losing a race is no failure.
static char *reserve_aligned(SIZE_T byte_count, SIZE_T alignment, struct worker *worker) {
    for (;;) {
        worker->attempts++;
        char *wide = VirtualAlloc(NULL, byte_count + alignment, MEM_RESERVE, PAGE_READWRITE);
        if (wide == NULL) {
            worker->refused++;
            return NULL;
        }
        char *aligned = (char *)(((uintptr_t)wide + alignment - 1) & ~(uintptr_t)(alignment - 1));
        VirtualFree(wide, 0, MEM_RELEASE);
        char *block = VirtualAlloc(aligned, byte_count, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
        if (block != NULL)
            return block;
    }
}

static void *work(void *argument) {
    struct worker *worker = argument;
    for (int round = 0; round < ROUNDS; round++) {
        char *blocks[BLOCKS_PER_THREAD];
        for (int index = 0; index < BLOCKS_PER_THREAD; index++) {
            SIZE_T alignment = (SIZE_T)65536 << (index % 7);
            blocks[index] = reserve_aligned(alignment, alignment, worker);
            if (blocks[index] == NULL)
                return NULL;
            worker->misaligned += ((uintptr_t)blocks[index] & (alignment - 1)) != 0;
            worker->damaged += blocks[index][0] != 0; // somebody else's block would hold a tag
            blocks[index][0] = (char)worker->tag;
            worker->blocks++;
        }
        for (int index = 0; index < BLOCKS_PER_THREAD; index++) {
            worker->damaged += blocks[index][0] != (char)worker->tag;
            worker->damaged += !VirtualFree(blocks[index], 0, MEM_RELEASE);
        }
    }
    return NULL;
}

int main(void) {
    report_title("aligned reserve race: reserve, release, reserve aligned, in eight threads");
    static struct worker workers[THREAD_COUNT];
    for (int index = 0; index < THREAD_COUNT; index++) {
        workers[index].tag = (unsigned char)(index + 1);
        pthread_create(&workers[index].thread, NULL, work, &workers[index]);
    }
    int misaligned = 0, damaged = 0, refused = 0;
    unsigned long long blocks = 0, attempts = 0;
    for (int index = 0; index < THREAD_COUNT; index++) {
        struct worker *worker = &workers[index];
        pthread_join(worker->thread, NULL);
        misaligned += worker->misaligned;
        damaged += worker->damaged;
        refused += worker->refused;
        blocks += worker->blocks;
        attempts += worker->attempts;
    }
    expect(blocks == THREAD_COUNT * BLOCKS_PER_THREAD * ROUNDS,
           "every thread has every block in the end", "%llu blocks, %llu attempts", blocks,
           attempts);
    expect(refused == 0, "no wide reservation is refused", "%d refused", refused);
    expect(misaligned == 0, "aligned to 64 KiB ... 4 MiB", "%d misaligned", misaligned);
    expect(damaged == 0, "each block is one thread's alone, zero at first", "%d damaged", damaged);
    return report_status();
}
