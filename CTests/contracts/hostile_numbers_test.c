// Linux only: no number, however wrong, makes the functions around memory stop the process by an
// overflow that the library did not expect. What they answer is judged elsewhere.
#include "memory_checks.h"

#include <bcrypt.h>
#include <psapi.h>
#include <winternl.h>

static const SIZE_T numbers[] = {0,
                                 1,
                                 64,
                                 0x7FFFFFFF,
                                 0x80000000u,
                                 0xFFFFFFFFu,
                                 (SIZE_T)1 << 47,
                                 (SIZE_T)1 << 63,
                                 (SIZE_T)0 - 2,
                                 (SIZE_T)0 - 1};
enum { number_count = sizeof numbers / sizeof numbers[0] };

static char bytes[70000];

static void for_each_number(void (*body)(SIZE_T number, DWORD word)) {
    for (int i = 0; i < number_count; i++) {
        check_row("0x%llx", (unsigned long long)numbers[i]);
        memset(bytes, 0, sizeof bytes);
        memcpy(bytes, "text", 5);
        body(numbers[i], (DWORD)numbers[i]);
    }
    CHECK(GetLastError() != UNTOUCHED_ERROR);
}

static void look_at_memory(SIZE_T number, DWORD word) {
    (void)word;
    CHECK(!IsBadStringPtrA(bytes, number));
    IsBadReadPtr(bytes, number);
    IsBadWritePtr(bytes, number);
    IsBadReadPtr((void *)1, number);
    CHECK_EQUAL(IsBadStringPtrA((void *)1, number), number != 0);
    WaitOnAddress(bytes, bytes + 8, number, 0);
}
static void probing_any_number_of_bytes_is_answered(void) {
    for_each_number(look_at_memory);
}

static void write_text(SIZE_T number, DWORD word) {
    wchar_t wide[64], *text = NULL;
    (void)number;
    MultiByteToWideChar(word, word, "text", -1, wide, 64);
    MultiByteToWideChar(CP_UTF8, 0, "text", word > 5 ? (int)(word | 0x80000000u) : (int)word, wide,
                        64);
    WideCharToMultiByte(CP_UTF8, word, L"text", -1, bytes, 64, NULL, NULL);
    GetModuleFileNameA(NULL, bytes, word);
    GetEnvironmentVariableA("PATH", bytes, word);
    FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM, NULL, word, 0, bytes, 512, NULL);
    FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM, NULL, ERROR_NOACCESS, 0, bytes, word, NULL);
    if (FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_ALLOCATE_BUFFER, NULL,
                       ERROR_NOACCESS, 0, (LPWSTR)(void *)&text, word, NULL) != 0)
        CHECK(LocalFree(text) == NULL);
}
static void text_of_any_length_is_answered(void) {
    for_each_number(write_text);
}

static void use_index(SIZE_T number, DWORD word) {
    PROCESSOR_NUMBER processor = {(WORD)word, (BYTE)word, 0};
    GROUP_AFFINITY affinity;
    ULONGLONG mask;
    USHORT node;
    TlsGetValue(word);
    TlsGetValue2(word);
    TlsFree(word);
    FlsGetValue(word);
    FlsGetValue2(word);
    FlsFree(word);
    GetNumaNodeProcessorMask((UCHAR)word, &mask);
    GetNumaNodeProcessorMaskEx((USHORT)word, &affinity);
    GetNumaProcessorNodeEx(&processor, &node);
    RtlNtStatusToDosError((NTSTATUS)word);
    CHECK(!FreeLibrary((HMODULE)number) || number == 0);
}
static void any_index_is_answered(void) {
    for_each_number(use_index);
}

static void ask_about_process(SIZE_T number, DWORD word) {
    HANDLE handle = NULL;
    GetProcessMemoryInfo(GetCurrentProcess(), (PPROCESS_MEMORY_COUNTERS)(void *)bytes, word);
    OpenProcessToken(GetCurrentProcess(), word, &handle);
    DuplicateHandle(GetCurrentProcess(), (HANDLE)number, GetCurrentProcess(), &handle, word, FALSE,
                    0);
    QueryInformationJobObject(NULL, (JOBOBJECTINFOCLASS)word, bytes, word, NULL);
    BCryptGenRandom(NULL, (PUCHAR)bytes, word > 512 ? 512 : word, word);
    GetModuleHandleExA(word, "kernel32", (HMODULE *)(void *)bytes);
}
static void any_question_about_the_process_is_answered(void) {
    for_each_number(ask_about_process);
}

static void allocate_natively(SIZE_T number, DWORD word) {
    HANDLE self = GetCurrentProcess();
    PVOID base = (PVOID)number;
    SIZE_T byte_count = number;
    ULONG old;
    // Low addresses may well be free.
    if (NtAllocateVirtualMemory(self, &base, number, &byte_count, MEM_RESERVE, PAGE_NOACCESS) == 0)
        CHECK_EQUAL(NtFreeVirtualMemory(self, &base, &byte_count, MEM_RELEASE), 0);
    base = (PVOID)number;
    byte_count = number;
    CHECK(NtFreeVirtualMemory(self, &base, &byte_count, word) != 0);
    NtProtectVirtualMemory(self, &base, &byte_count, word, &old);
    NtQueryVirtualMemory(self, base, (MEMORY_INFORMATION_CLASS)word, bytes, 512, NULL);
    MEM_ADDRESS_REQUIREMENTS limits = {base, (PVOID)(number / 2), number};
    MEM_EXTENDED_PARAMETER parameter;
    memset(&parameter, 0, sizeof parameter);
    for (DWORD type = 0; type < 8; type++) {
        parameter.Type = type;
        parameter.Pointer = &limits;
        void *found = VirtualAlloc2(NULL, NULL, number, MEM_RESERVE, PAGE_NOACCESS, &parameter, 1);
        CHECK(found == NULL || VirtualFree(found, 0, MEM_RELEASE));
        parameter.ULong64 = number;
        found = VirtualAlloc2(NULL, NULL, 1, MEM_RESERVE, PAGE_NOACCESS, &parameter, 1);
        CHECK(found == NULL || VirtualFree(found, 0, MEM_RELEASE));
    }
}
static void any_native_request_is_answered(void) {
    for_each_number(allocate_natively);
}

TEST_PROGRAM(TEST(probing_any_number_of_bytes_is_answered), TEST(text_of_any_length_is_answered),
             TEST(any_index_is_answered), TEST(any_question_about_the_process_is_answered),
             TEST(any_native_request_is_answered))
