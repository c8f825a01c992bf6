// Clocks, the calling thread, NUMA nodes, environment, random bytes, debugger.
#include "memory_checks.h"

#include <bcrypt.h>
#include <ntsecapi.h>
#include <pthread.h>
#include <wchar.h>

#ifndef BCRYPT_USE_SYSTEM_PREFERRED_RNG
#define BCRYPT_USE_SYSTEM_PREFERRED_RNG 2
#endif

// Learn, QueryPerformanceCounter, GetTickCount64
static void clocks_go_forward_together(void) {
    LARGE_INTEGER frequency, before, after;
    ULONGLONG ticks = GetTickCount64();
    GRANTED(QueryPerformanceFrequency(&frequency));
    GRANTED(QueryPerformanceCounter(&before));
    CHECK_EQUAL(frequency.QuadPart, 10000000);
    Sleep(60);
    GRANTED(QueryPerformanceCounter(&after));
    ULONGLONG milliseconds = GetTickCount64() - ticks;
    ULONGLONG counted = (ULONGLONG)(after.QuadPart - before.QuadPart) / 10000;
    CHECK(counted >= 60);
    // Each rounds to its own tick, of 16 ms on Windows.
    CHECK(counted + 20 >= milliseconds && milliseconds + 20 >= 60);
    CHECK((DWORD)GetTickCount64() - GetTickCount() + 1000 < 2000);
}

// Learn, GetSystemTimeAsFileTime
static void the_file_time_is_the_time_of_day_since_1601(void) {
    FILETIME file_time;
    GetSystemTimeAsFileTime(&file_time);
    ULONGLONG value = (ULONGLONG)file_time.dwHighDateTime << 32 | file_time.dwLowDateTime;
    // Between the years 2020 and 2200.
    CHECK(value > 132223104000000000ull && value < 189000000000000000ull);
}

static void *stack_contains_local(void *argument) {
    ULONG_PTR low = 0, high = 0;
    GetCurrentThreadStackLimits(&low, &high);
    CHECK((ULONG_PTR)&low >= low && (ULONG_PTR)&low < high);
    CHECK(high - low >= 0x10000);
    *(DWORD *)argument = GetCurrentThreadId();
    return NULL;
}

// Learn, GetCurrentThreadStackLimits, GetCurrentThreadId
static void threads_know_their_stack_and_number(void) {
    DWORD own = 0, other = 0;
    pthread_t thread;
    stack_contains_local(&own);
    CHECK(pthread_create(&thread, NULL, stack_contains_local, &other) == 0);
    pthread_join(thread, NULL);
    CHECK(own != 0 && other != 0 && own != other);
    CHECK_EQUAL(own, GetCurrentThreadId());
}

// Learn, NUMA Support
static void every_processor_belongs_to_a_node(void) {
    ULONG highest = 99;
    ULONGLONG mask = 0;
    UCHAR node = 77;
    GRANTED(GetNumaHighestNodeNumber(&highest));
    CHECK(highest < 64);
    GRANTED(GetNumaNodeProcessorMask(0, &mask));
    CHECK(mask != 0);
    GRANTED(GetNumaProcessorNode((UCHAR)GetCurrentProcessorNumber(), &node));
    CHECK(node <= highest);
    REFUSED(GetNumaNodeProcessorMask(200, &mask), ERROR_INVALID_PARAMETER);
}

// Learn, GetCurrentProcessorNumberEx, GetNumaNodeProcessorMaskEx
static void processors_have_a_group_and_a_number(void) {
    PROCESSOR_NUMBER number = {9, 99, 9};
    GROUP_AFFINITY affinity = {0, 9, {9, 9, 9}};
    USHORT node = 77;
    GetCurrentProcessorNumberEx(&number);
    CHECK(number.Number < 64 && number.Group < 64);
    GRANTED(GetNumaProcessorNodeEx(&number, &node));
    GRANTED(GetNumaNodeProcessorMaskEx(node, &affinity));
    CHECK(affinity.Mask != 0);
    CHECK(affinity.Group != number.Group || (affinity.Mask >> number.Number & 1) == 1);
}

// Learn, SwitchToThread, GetPhysicallyInstalledSystemMemory
static void the_machine_has_memory(void) {
    MEMORYSTATUSEX status;
    ULONGLONG kib = 0;
    status.dwLength = sizeof status;
    SwitchToThread();
    GRANTED(GetPhysicallyInstalledSystemMemory(&kib));
    CHECK(GlobalMemoryStatusEx(&status));
    CHECK(kib * 1024 >= status.ullTotalPhys);
}

// Learn, GetEnvironmentVariable, Return value
static void an_environment_variable_can_be_read(void) {
    char path[4096], cut[4] = "xyz";
    wchar_t wide[4096];
    DWORD length = (DWORD)(ULONG_PTR)GRANTED(GetEnvironmentVariableA("PATH", path, sizeof path));
    CHECK_EQUAL(length, strlen(path));
    CHECK(strcmp(path, getenv("PATH")) == 0);
    CHECK_EQUAL((SIZE_T)GRANTED(GetEnvironmentVariableA("PATH", NULL, 0)), length + 1);
    CHECK_EQUAL((SIZE_T)GRANTED(GetEnvironmentVariableA("PATH", cut, 3)), length + 1);
    CHECK_EQUAL((SIZE_T)GRANTED(GetEnvironmentVariableW(L"PATH", wide, 4096)), length);
    for (DWORD i = 0; i <= length; i++)
        CHECK_EQUAL(wide[i], (unsigned char)path[i]);
    REFUSED(GetEnvironmentVariableA("NO_SUCH_VARIABLE", path, sizeof path), ERROR_ENVVAR_NOT_FOUND);
    REFUSED(GetEnvironmentVariableW(L"NO_SUCH_VARIABLE", wide, 10), ERROR_ENVVAR_NOT_FOUND);
}

// A15.19: too small a buffer stays as it is, or becomes the empty string.
static void too_small_a_buffer_for_a_variable_gets_no_part_of_it(void) {
    setenv("WIN32MEMORY_TEST", "some value", 1);
    for (DWORD size = 0; size <= 10; size++) {
        char bytes[16] = "xxxxxxxxxxxxxxx";
        wchar_t wide[16] = {L'x', L'x'};
        check_row("%u characters", (unsigned)size);
        CHECK_EQUAL(GetEnvironmentVariableA("WIN32MEMORY_TEST", bytes, size), 11);
        CHECK(strcmp(bytes, "xxxxxxxxxxxxxxx") == 0);
        CHECK_EQUAL(GetEnvironmentVariableW(L"WIN32MEMORY_TEST", wide, size), 11);
        CHECK(wide[0] == (size == 0 ? L'x' : 0) && wide[1] == L'x');
    }
    char bytes[16] = "";
    CHECK_EQUAL(GetEnvironmentVariableA("WIN32MEMORY_TEST", bytes, 11), 10);
    CHECK(strcmp(bytes, "some value") == 0);
    setenv("WIN32MEMORY_TEST", "", 1);
    CHECK_EQUAL(GetEnvironmentVariableA("WIN32MEMORY_TEST", bytes, 16), 0);
    CHECK_EQUAL(bytes[0], 0);
    CHECK_EQUAL(GetEnvironmentVariableA("WIN32MEMORY_TEST", bytes, 0), 1);
}

static int differ(const BYTE *left, const BYTE *right, SIZE_T byte_count) {
    return memcmp(left, right, byte_count) != 0;
}

// Learn, BCryptGenRandom, RtlGenRandom
static void random_bytes_are_random(void) {
    static BYTE first[1000], second[1000];
    CHECK_EQUAL(BCryptGenRandom(NULL, first, sizeof first, BCRYPT_USE_SYSTEM_PREFERRED_RNG), 0);
    CHECK_EQUAL(BCryptGenRandom(NULL, second, sizeof second, BCRYPT_USE_SYSTEM_PREFERRED_RNG), 0);
    CHECK(differ(first, second, sizeof first));
    CHECK(differ(first + 900, second + 900, 100));
    memset(first, 0, sizeof first);
    CHECK(RtlGenRandom(first, sizeof first));
    CHECK(differ(first, second, sizeof first));
    CHECK(BCryptGenRandom(NULL, first, sizeof first, 0) < 0);
    CHECK(BCryptGenRandom(NULL, NULL, sizeof first, BCRYPT_USE_SYSTEM_PREFERRED_RNG) < 0);
}

// Learn, IsDebuggerPresent
static void nobody_debugs_the_tests(void) {
    CHECK_EQUAL(IsDebuggerPresent(), FALSE);
}

TEST_PROGRAM(TEST(clocks_go_forward_together), TEST(the_file_time_is_the_time_of_day_since_1601),
             TEST(threads_know_their_stack_and_number), TEST(every_processor_belongs_to_a_node),
             TEST(processors_have_a_group_and_a_number), TEST(the_machine_has_memory),
             TEST(an_environment_variable_can_be_read),
             TEST(too_small_a_buffer_for_a_variable_gets_no_part_of_it),
             TEST(random_bytes_are_random), TEST(nobody_debugs_the_tests))
