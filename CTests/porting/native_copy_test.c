// NtReadVirtualMemory and NtWriteVirtualMemory: the copies with a status.
#include "native_checks.h"

#ifdef __MINGW32__
NTSYSAPI NTSTATUS NTAPI NtReadVirtualMemory(HANDLE, PVOID, PVOID, SIZE_T, PSIZE_T);
NTSYSAPI NTSTATUS NTAPI NtWriteVirtualMemory(HANDLE, PVOID, LPCVOID, SIZE_T, PSIZE_T);
#endif

static BYTE buffer[2 * page_size];

// 12.20, 12.22, 13.3
static void reads_have_the_status_of_read_process_memory(void) {
    HANDLE self = GetCurrentProcess();
    BYTE *base = committed_pages(2);
    SIZE_T count = 0;
    memset(base, 0x29, 2 * page_size);
    SetLastError(UNTOUCHED_ERROR);
    CHECK_STATUS(NtReadVirtualMemory(self, base, buffer, 2 * page_size, &count), STATUS_SUCCESS);
    CHECK_EQUAL(count, 2 * page_size);
    CHECK(every_byte_is(buffer, 0x29, 2 * page_size));
    CHECK_STATUS(NtReadVirtualMemory(self, NULL, NULL, 0, &count), STATUS_SUCCESS);
    CHECK_EQUAL(count, 0);
    CHECK_STATUS(NtReadVirtualMemory(self, (PVOID)0x1234, buffer, 8, &count), STATUS_PARTIAL_COPY);
    CHECK_EQUAL(count, 0);
    CHECK_STATUS(NtReadVirtualMemory(self, base, buffer, (SIZE_T)-1, NULL),
                 STATUS_ACCESS_VIOLATION);
    CHECK_STATUS(NtReadVirtualMemory(NULL, base, buffer, 8, NULL), STATUS_INVALID_HANDLE);
    CHECK_EQUAL(GetLastError(), UNTOUCHED_ERROR);
    release(base);
}

// 12.28
static void writes_make_no_page_writable(void) {
    static const DWORD protections[] = {PAGE_READONLY, PAGE_EXECUTE_READ, PAGE_NOACCESS};
    HANDLE self = GetCurrentProcess();
    memset(buffer, 0x3C, sizeof buffer);
    for (SIZE_T i = 0; i < sizeof protections / sizeof protections[0]; i++) {
        check_row("protection 0x%x", (unsigned)protections[i]);
        BYTE *base = committed_pages(2);
        DWORD before;
        SIZE_T count = 77;
        CHECK_STATUS(NtWriteVirtualMemory(self, base, buffer, 8, &count), STATUS_SUCCESS);
        CHECK(count == 8 && every_byte_is(base, 0x3C, 8));
        GRANTED(VirtualProtect(base + page_size, page_size, protections[i], &before));
        struct snapshot unchanged = snapshot_of(base, 2 * page_size);
        count = 77;
        CHECK_STATUS(NtWriteVirtualMemory(self, base + page_size, buffer, 8, &count),
                     STATUS_PARTIAL_COPY);
        CHECK_EQUAL(count, 0);
        CHECK_UNCHANGED(&unchanged);
        CHECK_STATUS(NtWriteVirtualMemory(self, base, buffer, page_size + 1, &count),
                     STATUS_PARTIAL_COPY);
        CHECK_EQUAL(count, page_size);
        CHECK_STATUS(NtWriteVirtualMemory(NULL, base, buffer, 8, &count), STATUS_INVALID_HANDLE);
        CHECK_STATUS(NtWriteVirtualMemory(self, (PVOID)(LONG_PTR)-8, buffer, 16, &count),
                     STATUS_ACCESS_VIOLATION);
        release(base);
    }
}

TEST_PROGRAM(TEST(reads_have_the_status_of_read_process_memory), TEST(writes_make_no_page_writable))
