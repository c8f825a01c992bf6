// ReadProcessMemory and WriteProcessMemory while another thread changes the same pages.
#include "memory_checks.h"

#include <pthread.h>

enum { page_count = 8, copy_count = 20000 };

static BYTE *base;
static int is_over;

static void *change_pages(void *unused) {
    for (unsigned i = 0; !__atomic_load_n(&is_over, __ATOMIC_ACQUIRE); i++) {
        BYTE *page = base + (i * 5 % page_count) * page_size;
        DWORD before;
        CHECK(VirtualProtect(page, page_size, PAGE_NOACCESS, &before));
        CHECK(VirtualProtect(page, page_size, PAGE_EXECUTE_READ, &before));
        CHECK(VirtualFree(page, page_size, MEM_DECOMMIT));
        CHECK(VirtualAlloc(page, page_size, MEM_COMMIT, PAGE_READWRITE));
    }
    return unused;
}

// 12.20, 12.26: a copy fails in its way, or has copied everything; it never faults.
static void copies_never_fault_and_their_count_is_right(void) {
    static BYTE buffer[page_count * page_size];
    const SIZE_T byte_count = sizeof buffer;
    HANDLE self = GetCurrentProcess();
    pthread_t thread;
    base = committed_pages(page_count);
    CHECK(pthread_create(&thread, NULL, change_pages, NULL) == 0);
    for (int i = 0; i < copy_count; i++) {
        SIZE_T count = 77;
        if (ReadProcessMemory(self, base, buffer, byte_count, &count))
            CHECK_EQUAL(count, byte_count);
        else
            CHECK(GetLastError() == ERROR_PARTIAL_COPY && count < byte_count);
        count = 77;
        if (WriteProcessMemory(self, base, buffer, byte_count, &count))
            CHECK_EQUAL(count, byte_count);
        else
            CHECK((GetLastError() == ERROR_PARTIAL_COPY && count < byte_count) ||
                  (GetLastError() == ERROR_NOACCESS && count == 77));
    }
    __atomic_store_n(&is_over, 1, __ATOMIC_RELEASE);
    pthread_join(thread, NULL);
    release(base);
}

TEST_PROGRAM(TEST(copies_never_fault_and_their_count_is_right))
