// Behaviour 6 (S23): a collector asks which pages were written since it last looked. It probes for
// GetWriteWatch by name, on memory that is only reserved; where the answer is no, as in this
// library until write watch is there, it protects pages and counts faults. Both ways are judged
// alike. Not shown here: that write watch does without signals (S24).
#if defined(_WIN32)
#include <windows.h>
#elif defined(__linux__)
#error "the Linux branch (soft-dirty bits) is taken"
#endif

#include <string.h>
#include "../report.h"

#define PAGE ((SIZE_T)4096)
#define PAGE_COUNT 256
#define BUFFER_COUNT 10 // smaller than what gets dirty, so that one call is not enough

typedef UINT(WINAPI *write_watch_function)(DWORD, PVOID, SIZE_T, PVOID *, ULONG_PTR *, DWORD *);

static write_watch_function get_write_watch;
static char *heap;
static volatile unsigned char dirty[PAGE_COUNT];

// Asks with memory of its own, as bdwgc does: reserved, not committed, so nothing was written.
static int write_watch_works(void) {
    HMODULE kernel = GetModuleHandle(TEXT("kernel32.dll"));
    get_write_watch = (write_watch_function)(void (*)(void))GetProcAddress(kernel, "GetWriteWatch");
    if (get_write_watch == NULL)
        return 0;
    void *probe = VirtualAlloc(NULL, 16 * PAGE, MEM_RESERVE | MEM_WRITE_WATCH, PAGE_READWRITE);
    if (probe == NULL)
        return 0;
    PVOID pages[16];
    ULONG_PTR count = 16;
    DWORD granularity = 0;
    UINT failed =
        get_write_watch(WRITE_WATCH_FLAG_RESET, probe, 16 * PAGE, pages, &count, &granularity);
    VirtualFree(probe, 0, MEM_RELEASE);
    return !failed && count == 0 && granularity == PAGE;
}

// The fall-back: the first write to a page faults once.
static LONG WINAPI note_write(EXCEPTION_POINTERS *exception) {
    const EXCEPTION_RECORD *record = exception->ExceptionRecord;
    DWORD old;
    if (record->ExceptionCode != EXCEPTION_ACCESS_VIOLATION || record->ExceptionInformation[0] != 1)
        return EXCEPTION_CONTINUE_SEARCH;
    SIZE_T offset = record->ExceptionInformation[1] - (ULONG_PTR)heap;
    if (offset >= PAGE_COUNT * PAGE)
        return EXCEPTION_CONTINUE_SEARCH;
    dirty[offset / PAGE] = 1;
    VirtualProtect(heap + offset / PAGE * PAGE, PAGE, PAGE_READWRITE, &old);
    return EXCEPTION_CONTINUE_EXECUTION;
}

// Sets `found` for each page written since the last call; answers how many calls that took.
static int take_dirty_pages(int watching, unsigned char *found) {
    int calls = 0;
    memset(found, 0, PAGE_COUNT);
    ULONG_PTR count = BUFFER_COUNT;
    while (watching && count == BUFFER_COUNT && calls < 1000) {
        PVOID pages[BUFFER_COUNT];
        DWORD granularity;
        if (get_write_watch(WRITE_WATCH_FLAG_RESET, heap, PAGE_COUNT * PAGE, pages, &count,
                            &granularity) != 0)
            return -1;
        for (ULONG_PTR index = 0; index < count; index++)
            found[((char *)pages[index] - heap) / (ptrdiff_t)PAGE] = 1;
        calls++;
    }
    if (!watching) {
        DWORD old;
        VirtualProtect(heap, PAGE_COUNT * PAGE, PAGE_READONLY, &old);
        for (int page = 0; page < PAGE_COUNT; page++) {
            found[page] = dirty[page];
            dirty[page] = 0;
        }
        calls = 1;
    }
    return calls;
}

static void show_round(int watching, int stride) {
    unsigned char found[PAGE_COUNT];
    volatile char sum = 0;
    int wrong = 0, written = 0;
    for (int page = 0; page < PAGE_COUNT; page++) {
        sum += heap[(SIZE_T)page * PAGE + 5]; // reads mark nothing
        if (page % stride == 0)
            heap[(SIZE_T)page * PAGE + (SIZE_T)page] = (char)page;
        written += page % stride == 0;
    }
    (void)sum;
    int calls = take_dirty_pages(watching, found);
    for (int page = 0; page < PAGE_COUNT; page++)
        wrong += found[page] != (page % stride == 0);
    expect(wrong == 0, "exactly the written pages are dirty", "%d written, %d wrong, %d calls",
           written, wrong, calls);
    take_dirty_pages(watching, found);
    expect(memchr(found, 1, PAGE_COUNT) == NULL, "and asked again, none is", "after a reset");
}

int main(void) {
    report_title("write watch probe: which pages were written?");
    int watching = write_watch_works();
    note("GetWriteWatch", "%s", watching ? "works on reserved memory" : "is not there: protecting");
    heap = VirtualAlloc(NULL, PAGE_COUNT * PAGE,
                        MEM_RESERVE | MEM_COMMIT | (watching ? MEM_WRITE_WATCH : 0),
                        watching ? PAGE_READWRITE : PAGE_READONLY);
    if (!expect(heap != NULL, "a heap of 1 MiB", "error %u", heap ? 0 : (unsigned)GetLastError()))
        return report_status();
    PVOID handler = watching ? NULL : AddVectoredExceptionHandler(1, note_write);
    const int strides[] = {1, 2, 3, 7, 64, 300};
    for (int round = 0; round < 6; round++)
        show_round(watching, strides[round]);
    if (handler)
        expect(RemoveVectoredExceptionHandler(handler) != 0, "the handler is taken away", "once");
    VirtualFree(heap, 0, MEM_RELEASE);
    return report_status();
}
