// Linux only: the program's own malloc stands on VirtualAlloc. It serves the C library from
// before main on, and the library never calls it.
#include "virtual_allocator.h"
#include "block_cycle.h"
#include "memory_checks.h"

#include <errno.h>
#include <pthread.h>
#include <time.h>
#include <unistd.h>

// An allocator asks first of all which thread it serves.
static __thread void *thread_of_last_block;
static __thread int is_asking;

static void ask_for_the_thread(void) {
    ULONG_PTR low, high;
    if (is_asking) {
        static const char complaint[] = "asking for the thread or its stack calls malloc\n";
        if (write(STDOUT_FILENO, complaint, sizeof complaint - 1))
            _exit(1);
    }
    is_asking = 1;
    thread_of_last_block = NtCurrentTeb();
    GetCurrentThreadStackLimits(&low, &high);
    is_asking = 0;
}

void *malloc(size_t byte_count) {
    ask_for_the_thread();
    void *block = allocate(byte_count, header_bytes);
    if (block == NULL)
        errno = ENOMEM;
    return block;
}

void free(void *block) {
    if (block != NULL)
        deallocate(block);
}

void *calloc(size_t count, size_t byte_count) {
    if (byte_count != 0 && count > SIZE_MAX / byte_count)
        return NULL;
    void *block = malloc(count * byte_count);
    return block ? memset(block, 0, count * byte_count) : NULL;
}

void *realloc(void *block, size_t byte_count) {
    size_t had = block ? usable_bytes(block) : 0;
    if (block != NULL && byte_count <= had)
        return block;
    void *larger = malloc(byte_count);
    if (larger != NULL && block != NULL) {
        memcpy(larger, block, had);
        free(block);
    }
    return larger;
}

void *aligned_alloc(size_t alignment, size_t byte_count) {
    return allocate(byte_count, alignment);
}

static char *text_from_before_main;
static int allocations_before_main;

__attribute__((constructor(101))) static void allocate_before_main(void) {
    text_from_before_main = strdup("a text from before main");
    allocations_before_main = allocations_served;
}

static void a_block_from_before_main_is_kept(void) {
    CHECK(allocations_before_main > 0);
    CHECK(text_from_before_main != NULL &&
          strcmp(text_from_before_main, "a text from before main") == 0);
}

static void blocks_of_every_size_and_alignment_are_served(void) {
    for (size_t byte_count = 1; byte_count < (size_t)1 << 21; byte_count += byte_count / 3 + 7) {
        check_row("%d bytes", (int)byte_count);
        BYTE *block = (BYTE *)malloc(byte_count);
        memset(block, 0x3D, byte_count);
        block = (BYTE *)realloc(block, byte_count * 2);
        CHECK(every_byte_is(block, 0x3D, byte_count));
        free(block);
        BYTE *zeroed = (BYTE *)calloc(3, byte_count);
        CHECK(every_byte_is(zeroed, 0, 3 * byte_count));
        free(zeroed);
    }
    for (size_t alignment = 32; alignment <= (size_t)1 << 20; alignment *= 2) {
        void *block = aligned_alloc(alignment, 100);
        CHECK_EQUAL((uintptr_t)block % alignment, 0);
        free(block);
    }
}

// The C library allocates for streams, time zones and the like, through our malloc.
static void the_c_library_is_served(void) {
    int served_before = allocations_served;
    FILE *stream = fopen("/proc/self/maps", "r");
    char *line = NULL;
    size_t capacity = 0, lines = 0;
    while (stream != NULL && getline(&line, &capacity, stream) > 0)
        lines++;
    CHECK(lines > 5);
    free(line);
    if (stream != NULL)
        fclose(stream);
    CHECK(allocations_served > served_before);
}

static void *allocate_and_verify(void *argument) {
    ULONG_PTR index = (ULONG_PTR)argument, wrong = 0;
    BYTE *blocks[64] = {NULL};
    for (size_t round = 0; round < 20000; round++) {
        size_t slot = (round * 7 + index) % 64;
        size_t byte_count = 16 + (round * 2654435761u) % (round % 50 == 0 ? 200000 : 2000);
        if (blocks[slot] != NULL)
            wrong += blocks[slot][0] != (BYTE)(index + slot) || blocks[slot][15] != (BYTE)slot;
        free(blocks[slot]);
        blocks[slot] = (BYTE *)malloc(byte_count);
        blocks[slot][0] = (BYTE)(index + slot);
        blocks[slot][15] = (BYTE)slot;
    }
    for (size_t slot = 0; slot < 64; slot++)
        free(blocks[slot]);
    return (void *)wrong;
}

static void threads_are_served(void) {
    pthread_t threads[6];
    for (ULONG_PTR i = 0; i < 6; i++)
        CHECK_EQUAL(pthread_create(&threads[i], NULL, allocate_and_verify, (void *)(i + 1)), 0);
    for (int i = 0; i < 6; i++) {
        void *wrong = NULL;
        CHECK_EQUAL(pthread_join(threads[i], &wrong), 0);
        CHECK_EQUAL((ULONG_PTR)wrong, 0);
    }
}

// Design page, "how it is compiled": the core cannot allocate, so it cannot recurse.
static void no_call_of_the_library_allocates(void) {
    MEMORYSTATUSEX status = {.dwLength = sizeof status};
    SYSTEM_INFO info;
    DWORD before;
    char text[256];
    int variable_on_the_stack = 0;
    inside_the_library++;
    int line = block_cycle(0x3E);
    void *block = VirtualAlloc(NULL, page_size, MEM_COMMIT, PAGE_READWRITE);
    VirtualLock(block, page_size);
    VirtualUnlock(block, page_size);
    VirtualAlloc(block, page_size, MEM_RESET, PAGE_READWRITE);
    VirtualAlloc(block, page_size, MEM_RESET_UNDO, PAGE_READWRITE);
    VirtualProtect(text_from_before_main, 1, PAGE_READWRITE, &before);
    MEMORY_BASIC_INFORMATION region = region_at(&variable_on_the_stack);
    GetSystemInfo(&info);
    GlobalMemoryStatusEx(&status);
    FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, NULL, 487, 0, text,
                   sizeof text, NULL);
    VirtualFree(block, 0, MEM_RELEASE);
    inside_the_library--;
    CHECK_EQUAL(line, 0);
    CHECK_EQUAL(region.State, MEM_COMMIT);
    CHECK_EQUAL(variable_on_the_stack, 0);
    CHECK_EQUAL(allocations_inside_the_library, 0);
}

TEST_PROGRAM(TEST(a_block_from_before_main_is_kept),
             TEST(blocks_of_every_size_and_alignment_are_served), TEST(the_c_library_is_served),
             TEST(threads_are_served), TEST(no_call_of_the_library_allocates))
