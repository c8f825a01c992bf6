// Waits on addresses, Sleep.
#include "memory_checks.h"

#include <pthread.h>

static volatile union {
    BYTE bytes[8];
    ULONG64 whole;
} shared_value;
static SIZE_T waited_size;

static void *wait_for_change(void *argument) {
    BYTE expected[8] = {0};
    (void)argument;
    while (shared_value.bytes[waited_size - 1] == 0)
        WaitOnAddress(shared_value.bytes, expected, waited_size, INFINITE);
    return NULL;
}

// Learn, WaitOnAddress
static void a_wait_on_each_size_ends_when_the_value_changes(void) {
    for (waited_size = 1; waited_size <= 8; waited_size *= 2)
        for (int round = 0; round < 200; round++) {
            pthread_t thread;
            shared_value.whole = 0;
            CHECK(pthread_create(&thread, NULL, wait_for_change, NULL) == 0);
            if (round % 2 == 0)
                Sleep(0);
            shared_value.bytes[waited_size - 1] = 1;
            if (round % 3 == 0)
                WakeByAddressAll((PVOID)shared_value.bytes);
            else
                WakeByAddressSingle((PVOID)shared_value.bytes);
            pthread_join(thread, NULL);
        }
}

// Learn, WaitOnAddress, Return value
static void a_value_that_differs_is_not_waited_for(void) {
    ULONG value = 5, other = 6, same = 5;
    GRANTED(WaitOnAddress(&value, &other, sizeof value, INFINITE));
    REFUSED(WaitOnAddress(&value, &same, sizeof value, 2), ERROR_TIMEOUT);
    REFUSED(WaitOnAddress(&value, &same, 3, 2), ERROR_INVALID_PARAMETER);
}

// Learn, Sleep: at least the time that was asked for
static void sleep_lets_the_time_pass(void) {
    ULONGLONG before = GetTickCount64();
    Sleep(30);
    CHECK_EQUAL(SleepEx(30, FALSE), 0);
    // A tick of Windows' clock is up to 16 ms.
    CHECK(GetTickCount64() - before >= 60 - 16);
    Sleep(0);
}

TEST_PROGRAM(TEST(a_wait_on_each_size_ends_when_the_value_changes),
             TEST(a_value_that_differs_is_not_waited_for), TEST(sleep_lets_the_time_pass))
