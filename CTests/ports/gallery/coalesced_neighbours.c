// Behaviour 1 (S1, S4): an allocator of the dlmalloc family merges neighbouring blocks in its own
// books, and gives such a segment back by walking it with VirtualQuery, block by block.
#ifdef _WIN32
#include <windows.h>
#elif defined(__linux__)
#error "the Linux branch (mmap, munmap) is taken"
#endif

#include "../report.h"

#define BLOCK_BYTES ((SIZE_T)65536)
#define BLOCK_COUNT 4

// Reserves the blocks end to end, each by a call of its own; NULL if another thread was faster.
static char *allocate_neighbours(void) {
    char *hole = VirtualAlloc(NULL, BLOCK_COUNT * BLOCK_BYTES, MEM_RESERVE, PAGE_READWRITE);
    if (hole == NULL || !VirtualFree(hole, 0, MEM_RELEASE))
        return NULL;
    for (int block = 0; block < BLOCK_COUNT; block++) {
        char *wanted = hole + block * BLOCK_BYTES;
        char *got = VirtualAlloc(wanted, BLOCK_BYTES, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
        if (got == wanted) {
            got[0] = (char)('a' + block);
            continue;
        }
        while (--block >= 0)
            VirtualFree(hole + block * BLOCK_BYTES, 0, MEM_RELEASE);
        return NULL;
    }
    return hole;
}

// Gives back [segment, segment + byte_count), which may be several blocks. Answers how many, or -1
// when a part of it is not a whole committed block.
static int release_segment(char *segment, SIZE_T byte_count) {
    int released = 0;
    while (byte_count != 0) {
        MEMORY_BASIC_INFORMATION block;
        if (VirtualQuery(segment, &block, sizeof(block)) != sizeof(block))
            return -1;
        if (block.BaseAddress != segment || block.AllocationBase != segment ||
            block.State != MEM_COMMIT || block.RegionSize > byte_count)
            return -1;
        if (!VirtualFree(segment, 0, MEM_RELEASE))
            return -1;
        segment += block.RegionSize;
        byte_count -= block.RegionSize;
        released++;
    }
    return released;
}

// Decommits a range that may lie across blocks: halves it until each part lies in one, as Go does.
static int decommit_by_halves(char *start, SIZE_T byte_count) {
    if (VirtualFree(start, byte_count, MEM_DECOMMIT))
        return 1;
    SIZE_T half = byte_count / 2 & ~(SIZE_T)4095;
    if (half == 0)
        return -1000;
    return decommit_by_halves(start, half) + decommit_by_halves(start + half, byte_count - half);
}

static void show_separation(char *segment) {
    DWORD old;
    char *edge = segment + BLOCK_BYTES - 4096;
    int committed = VirtualAlloc(edge, 8192, MEM_COMMIT, PAGE_READONLY) != NULL;
    expect(!committed, "a commit across two blocks is refused", "error %u",
           (unsigned)GetLastError());
    int protected = VirtualProtect(edge, 8192, PAGE_READONLY, &old);
    expect(!protected, "so is a change of protection", "error %u", (unsigned)GetLastError());
    int decommitted = VirtualFree(edge, 8192, MEM_DECOMMIT);
    expect(!decommitted && GetLastError() == ERROR_INVALID_PARAMETER, "and a decommit", "error %u",
           (unsigned)GetLastError());
    MEMORY_BASIC_INFORMATION block;
    VirtualQuery(segment, &block, sizeof(block));
    expect(block.RegionSize == BLOCK_BYTES && block.Protect == PAGE_READWRITE,
           "the first block ends where it was allocated", "%zu bytes, protection 0x%02x",
           (size_t)block.RegionSize, (unsigned)block.Protect);
    int intact = 1;
    for (int number = 0; number < BLOCK_COUNT; number++)
        intact &= segment[number * BLOCK_BYTES] == (char)('a' + number);
    expect(intact, "no refused call changed a byte", "%d blocks read", BLOCK_COUNT);
}

int main(void) {
    report_title("coalesced neighbours: walk a merged segment and release its blocks");
    char *segment = NULL;
    int attempts = 0;
    while (segment == NULL && attempts++ < 100)
        segment = allocate_neighbours();
    if (!expect(segment != NULL, "blocks at exact addresses, end to end",
                "%d of 64 KiB, attempt %d", BLOCK_COUNT, attempts))
        return report_status();
    void *taken = VirtualAlloc(segment, BLOCK_BYTES, MEM_RESERVE, PAGE_READWRITE);
    expect(taken == NULL && GetLastError() == ERROR_INVALID_ADDRESS,
           "an address in use is refused, not moved", "error %u", (unsigned)GetLastError());
    show_separation(segment);
    int parts = decommit_by_halves(segment + 8192, 2 * BLOCK_BYTES);
    expect(parts > 1, "a decommit across blocks succeeds in halves", "%d parts", parts);
    char *again = VirtualAlloc(segment + 8192, BLOCK_BYTES - 8192, MEM_COMMIT, PAGE_READWRITE);
    VirtualAlloc(segment + BLOCK_BYTES, BLOCK_BYTES, MEM_COMMIT, PAGE_READWRITE);
    VirtualAlloc(segment + 2 * BLOCK_BYTES, 8192, MEM_COMMIT, PAGE_READWRITE);
    expect(again && again[0] == 0 && segment[BLOCK_BYTES] == 0, "and reads as zero once committed",
           "%d and %d", again ? again[0] : -1, segment[BLOCK_BYTES]);
    int released = release_segment(segment, BLOCK_COUNT * BLOCK_BYTES);
    expect(released == BLOCK_COUNT, "the walk releases every block", "%d blocks", released);
    MEMORY_BASIC_INFORMATION rest;
    VirtualQuery(segment, &rest, sizeof(rest));
    expect(rest.State == MEM_FREE && rest.Protect == PAGE_NOACCESS,
           "nothing is left of the segment", "state 0x%x", (unsigned)rest.State);
    return report_status();
}
