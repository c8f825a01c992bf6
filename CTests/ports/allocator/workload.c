// The workload. A block holds its size and a byte that all of it is filled with.
#include "workload.h"
#include "allocator.h"

#include <pthread.h>
#include <stdint.h>
#include <string.h>

#define SLOT_COUNT 1000
#define MAILBOX_COUNT 64
#define MOST_LINES 8

struct block {
    uint32_t byte_count;
    unsigned char fill;
    unsigned char bytes[];
};

struct line {
    struct block *slots[SLOT_COUNT];
    pthread_t leader;
    uint64_t seed;
    int generations_left, operations;
    struct workload_result result;
};

static PVOID volatile mailbox[MAILBOX_COUNT]; // where threads swap blocks with each other

static unsigned random_below(struct line *line, unsigned limit) {
    line->seed = line->seed * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(line->seed >> 33) % limit;
}

static struct block *make(struct line *line) {
    unsigned byte_count = 16 + random_below(line, 500);
    if (random_below(line, 200) == 0)
        byte_count = 1000 + random_below(line, 100000);
    struct block *block = win_malloc(byte_count);
    if (block == NULL) {
        line->result.refused++;
        return NULL;
    }
    block->byte_count = byte_count;
    block->fill = (unsigned char)random_below(line, 256);
    memset(block->bytes, block->fill, byte_count - sizeof(struct block));
    return block;
}

static void check_and_free(struct line *line, struct block *block) {
    if (block == NULL)
        return;
    SIZE_T byte_count = block->byte_count - sizeof(struct block);
    int intact = win_msize(block) >= block->byte_count;
    for (SIZE_T index = 0; index < byte_count; index++)
        intact &= block->bytes[index] == block->fill;
    line->result.damaged += !intact;
    win_free(block);
}

static void *work(void *argument) {
    struct line *line = argument;
    for (int operation = 0; operation < line->operations; operation++) {
        struct block **slot = &line->slots[random_below(line, SLOT_COUNT)];
        if (operation % 8 == 0) {
            PVOID volatile *box = &mailbox[random_below(line, MAILBOX_COUNT)];
            *slot = InterlockedExchangePointer(box, *slot);
            line->result.exchanged++;
        }
        check_and_free(line, *slot);
        *slot = make(line);
    }
    line->result.operations += (unsigned)line->operations;
    return NULL;
}

// One worker after another; each frees what the one before has allocated.
static void *lead(void *argument) {
    struct line *line = argument;
    while (line->generations_left-- > 0) {
        pthread_t worker;
        if (pthread_create(&worker, NULL, work, line) == 0)
            pthread_join(worker, NULL);
    }
    return NULL;
}

struct workload_result run_workload(int lines, int generations, int operations_each) {
    static struct line all[MOST_LINES];
    struct workload_result sum = {0};
    for (int index = 0; index < lines; index++) {
        all[index].seed = (uint64_t)index + 1;
        all[index].generations_left = generations;
        all[index].operations = operations_each;
        pthread_create(&all[index].leader, NULL, lead, &all[index]);
    }
    for (int index = 0; index < lines; index++)
        pthread_join(all[index].leader, NULL);
    for (int box = 0; box < MAILBOX_COUNT; box++)
        check_and_free(&all[0], InterlockedExchangePointer(&mailbox[box], NULL));
    for (int index = 0; index < lines; index++) {
        for (int slot = 0; slot < SLOT_COUNT; slot++)
            check_and_free(&all[index], all[index].slots[slot]);
        sum.operations += all[index].result.operations;
        sum.exchanged += all[index].result.exchanged;
        sum.damaged += all[index].result.damaged;
        sum.refused += all[index].result.refused;
    }
    return sum;
}
