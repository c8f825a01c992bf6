// Behaviour 10C: an emulator keeps the address space of its guest as placeholders. One is
// reserved for all of it; each region that the guest maps is split off and replaced by memory
// at its exact place; what it unmaps becomes a placeholder again and is joined with the free
// ones beside it. So no other thread can ever take an address of the guest.
#if defined(__gnu_linux__) || defined(__linux)
#error "the Linux branch (mmap MAP_FIXED over PROT_NONE) is taken"
#elif defined(_WIN32)
#include <windows.h>
#endif

#include <string.h>
#include "../report.h"

#ifndef MEM_PRESERVE_PLACEHOLDER // older SDKs lack them, and projects then define them
#define MEM_COALESCE_PLACEHOLDERS 0x1
#define MEM_PRESERVE_PLACEHOLDER 0x2
#define MEM_REPLACE_PLACEHOLDER 0x4000
#define MEM_RESERVE_PLACEHOLDER 0x40000
#endif

enum { PAGE = 4096, GUEST_PAGES = 1 << 20, MOST_PIECES = 512, ROUNDS = 20000 };

typedef PVOID(WINAPI *allocate_function)(HANDLE, PVOID, SIZE_T, ULONG, ULONG,
                                         MEM_EXTENDED_PARAMETER *, ULONG);

// The guest's space, piece by piece: a mapped region, or a placeholder.
struct piece {
    unsigned start, count; // pages
    unsigned stamp;        // in the first and last word of a mapped region; 0 for a placeholder
};

static struct piece pieces[MOST_PIECES + 2];
static int piece_count;
static unsigned char *guest;
static allocate_function allocate;
static struct { int refused, dirty, lost, splits, joins, maps; } seen;

static unsigned *word_of(unsigned page, unsigned offset) {
    return (unsigned *)(guest + (SIZE_T)page * PAGE + offset);
}

static void insert_piece(int index, struct piece piece) {
    memmove(&pieces[index + 1], &pieces[index], sizeof(piece) * (size_t)(piece_count - index));
    pieces[index] = piece;
    piece_count++;
}

// Makes pages of a placeholder a placeholder of their own. Answers its index.
static int split_off(int index, unsigned start, unsigned count) {
    struct piece whole = pieces[index];
    if (whole.start == start && whole.count == count)
        return index;
    if (!VirtualFree(guest + (SIZE_T)start * PAGE, (SIZE_T)count * PAGE,
                     MEM_RELEASE | MEM_PRESERVE_PLACEHOLDER))
        seen.refused++;
    seen.splits++;
    unsigned end = start + count, whole_end = whole.start + whole.count;
    if (end < whole_end)
        insert_piece(index + 1, (struct piece){end, whole_end - end, 0});
    pieces[index] = (struct piece){start, count, 0};
    if (start > whole.start)
        insert_piece(index++, (struct piece){whole.start, start - whole.start, 0});
    return index;
}

static void map_region(int index, unsigned start, unsigned count, unsigned stamp) {
    index = split_off(index, start, count);
    void *base =
        allocate(GetCurrentProcess(), guest + (SIZE_T)start * PAGE, (SIZE_T)count * PAGE,
                 MEM_RESERVE | MEM_COMMIT | MEM_REPLACE_PLACEHOLDER, PAGE_READWRITE, NULL, 0);
    if (base != guest + (SIZE_T)start * PAGE) {
        seen.refused++;
        return;
    }
    unsigned *first = word_of(start, 0), *last = word_of(start + count - 1, PAGE - 4);
    seen.dirty += *first != 0 || *last != 0;
    *first = *last = pieces[index].stamp = stamp;
    seen.maps++;
}

static void unmap_region(int index) {
    struct piece piece = pieces[index];
    seen.lost += *word_of(piece.start, 0) != piece.stamp ||
                 *word_of(piece.start + piece.count - 1, PAGE - 4) != piece.stamp;
    if (!VirtualFree(guest + (SIZE_T)piece.start * PAGE, (SIZE_T)piece.count * PAGE,
                     MEM_RELEASE | MEM_PRESERVE_PLACEHOLDER))
        seen.refused++;
    pieces[index].stamp = 0;
    int first = index > 0 && pieces[index - 1].stamp == 0 ? index - 1 : index;
    int last = index + 1 < piece_count && pieces[index + 1].stamp == 0 ? index + 1 : index;
    if (first == last)
        return;
    unsigned start = pieces[first].start, end = pieces[last].start + pieces[last].count;
    if (!VirtualFree(guest + (SIZE_T)start * PAGE, (SIZE_T)(end - start) * PAGE,
                     MEM_RELEASE | MEM_COALESCE_PLACEHOLDERS))
        seen.refused++;
    seen.joins++;
    pieces[first].count = end - start;
    memmove(&pieces[first + 1], &pieces[last + 1],
            sizeof(struct piece) * (size_t)(piece_count - last - 1));
    piece_count -= last - first;
}

static unsigned next_random(void) {
    static unsigned long long state = 1;
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(state >> 33);
}

static void run_guest(void) {
    for (unsigned round = 1; round <= ROUNDS; round++) {
        int index = (int)(next_random() % (unsigned)piece_count);
        if (pieces[index].stamp != 0) {
            unmap_region(index);
        } else if (piece_count < MOST_PIECES) {
            unsigned skipped = next_random() % pieces[index].count;
            unsigned room = pieces[index].count - skipped, count = 1 + next_random() % 64;
            map_region(index, pieces[index].start + skipped, count < room ? count : room, round);
        }
    }
}

// As VirtualQuery sees the guest: every piece an allocation of its own, exactly as it was made.
static int is_seen_as_it_is(void) {
    for (int i = 0; i < piece_count; i++) {
        MEMORY_BASIC_INFORMATION region;
        unsigned char *base = guest + (SIZE_T)pieces[i].start * PAGE;
        VirtualQuery(base, &region, sizeof(region));
        if (region.AllocationBase != base || region.RegionSize != (SIZE_T)pieces[i].count * PAGE ||
            region.State != (DWORD)(pieces[i].stamp ? MEM_COMMIT : MEM_RESERVE))
            return 0;
    }
    return 1;
}

static void unmap_all(void) {
    for (int i = 0; i < piece_count;) {
        if (pieces[i].stamp == 0) {
            i++;
        } else {
            unmap_region(i);
            i = i > 0 ? i - 1 : 0;
        }
    }
}

static void show(void) {
    run_guest();
    expect(seen.maps > ROUNDS / 4 && seen.splits > ROUNDS / 8 && seen.joins > ROUNDS / 8,
           "regions come and go", "%d mapped, %d splits, %d joins", seen.maps, seen.splits,
           seen.joins);
    expect(seen.refused == 0, "no step is refused", "%d", seen.refused);
    expect(seen.dirty == 0, "what the guest maps reads as zero", "%d not", seen.dirty);
    expect(seen.lost == 0, "what it has written stays until it unmaps", "%d lost", seen.lost);
    expect(is_seen_as_it_is(), "VirtualQuery shows each piece by itself", "%d pieces", piece_count);
    void *taken = VirtualAlloc(guest + (SIZE_T)pieces[0].start * PAGE, PAGE,
                               MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    expect(taken == NULL && GetLastError() == ERROR_INVALID_ADDRESS,
           "nobody else can take an address of the guest", "error %u", (unsigned)GetLastError());
    unmap_all();
    expect(piece_count == 1 && is_seen_as_it_is(), "when all is unmapped one placeholder is left",
           "%u MiB", pieces[0].count / 256);
    expect(VirtualFree(guest, 0, MEM_RELEASE), "and it is released", "nothing is left");
}

int main(void) {
    report_title("guest memory: an emulator's address space of placeholders");
    HMODULE library = GetModuleHandleW(L"kernelbase.dll");
    allocate = (allocate_function)(void (*)(void))GetProcAddress(library, "VirtualAlloc2");
    if (allocate)
        guest = allocate(NULL, NULL, (SIZE_T)GUEST_PAGES * PAGE,
                         MEM_RESERVE | MEM_RESERVE_PLACEHOLDER, PAGE_NOACCESS, NULL, 0);
    pieces[0] = (struct piece){0, GUEST_PAGES, 0};
    piece_count = 1;
    if (guest)
        show();
    else
        note("placeholders", "are not there: error %u", (unsigned)GetLastError());
    return report_status();
}
