// Calls that ported code makes in passing: SList, environment, lstrlen, captured callers,
// ntdll's names of the handler calls, FlushProcessWriteBuffers (Learn, each function's page).
#include "memory_checks.h"

#include <pthread.h>
#include <winternl.h>

struct item {
    SLIST_ENTRY entry;
    int number;
};
static SLIST_HEADER list;

static void a_list_gives_back_the_last_first(void) {
    static struct item items[3];
    InitializeSListHead(&list);
    CHECK(InterlockedPopEntrySList(&list) == NULL);
    for (int i = 0; i < 3; i++) {
        CHECK(InterlockedPushEntrySList(&list, &items[i].entry) ==
              (i ? &items[i - 1].entry : NULL));
        CHECK_EQUAL(QueryDepthSList(&list), i + 1);
    }
    CHECK(InterlockedPopEntrySList(&list) == &items[2].entry);
    CHECK(InterlockedFlushSList(&list) == &items[1].entry);
    CHECK(items[1].entry.Next == &items[0].entry && items[0].entry.Next == NULL);
    CHECK_EQUAL(QueryDepthSList(&list), 0);
    CHECK(InterlockedFlushSList(&list) == NULL);
}

enum { ROUNDS = 20000 };
static void *pop_and_push(void *unused) {
    for (int i = 0; i < ROUNDS; i++) {
        PSLIST_ENTRY entry = InterlockedPopEntrySList(&list);
        if (!entry)
            continue;
        ((struct item *)entry)->number++; // nobody else has it now
        InterlockedPushEntrySList(&list, entry);
    }
    return unused;
}
static void threads_never_get_the_same_entry(void) {
    static struct item items[4];
    pthread_t threads[4];
    InitializeSListHead(&list);
    for (int i = 0; i < 4; i++)
        InterlockedPushEntrySList(&list, &items[i].entry);
    for (int i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, pop_and_push, NULL);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    CHECK_EQUAL(items[0].number + items[1].number + items[2].number + items[3].number, 4 * ROUNDS);
    CHECK_EQUAL(QueryDepthSList(&list), 4);
}

static void an_environment_variable_is_set_changed_and_removed(void) {
    char value[16] = "";
    WCHAR wide[16];
    GRANTED(SetEnvironmentVariableA("WM_TEST", "one"));
    CHECK_EQUAL(GetEnvironmentVariableA("WM_TEST", value, sizeof value), 3);
    CHECK(strcmp(value, "one") == 0);
    GRANTED(SetEnvironmentVariableW(L"WM_TEST", L"tw\u00F6"));
    CHECK_EQUAL(GetEnvironmentVariableW(L"WM_TEST", wide, 16), 3);
    CHECK_EQUAL(wide[2], 0xF6);
    CHECK(getenv("WM_TEST") != NULL);
    GRANTED(SetEnvironmentVariableA("WM_TEST", NULL));
    CHECK(getenv("WM_TEST") == NULL);
    REFUSED(SetEnvironmentVariableA("WM_TEST", NULL), ERROR_ENVVAR_NOT_FOUND);
    REFUSED(SetEnvironmentVariableA("", "x"), ERROR_INVALID_PARAMETER);
    REFUSED(SetEnvironmentVariableA("A=B", "x"), ERROR_INVALID_PARAMETER);
    REFUSED(SetEnvironmentVariableA(NULL, "x"), ERROR_INVALID_PARAMETER);
}

static void the_length_of_no_string_is_zero(void) {
    CHECK_EQUAL(lstrlenA("four"), 4);
    CHECK_EQUAL(lstrlenW(L"three"), 5);
    CHECK_EQUAL(lstrlenA(NULL), 0);
    CHECK_EQUAL(lstrlenW(NULL), 0);
}

static __attribute__((noinline)) USHORT capture(ULONG skip, PVOID *found, PULONG hash) {
    CHECK(__builtin_frame_address(0) != NULL); // keeps a frame pointer
    USHORT count = CaptureStackBackTrace(skip, 4, found, hash);
    __asm__ volatile("");
    return count;
}
static void callers_are_listed_from_the_caller_outwards(void) {
    PVOID all[4] = {0}, fewer[4] = {0};
    ULONG hash = 0, same = 0;
    CHECK(__builtin_frame_address(0) != NULL);
    CHECK(capture(0, all, &hash) >= 2);
    CHECK(capture(1, fewer, NULL) >= 1);
    CHECK((ULONG_PTR)all[0] - (ULONG_PTR)capture < 256);
    CHECK(fewer[0] != all[0]);
    capture(0, all, &same);
    CHECK(hash != 0 && same != 0);
    CHECK_EQUAL(CaptureStackBackTrace(0, 0, all, NULL), 0);
    CHECK_EQUAL(CaptureStackBackTrace(1000, 4, all, NULL), 0);
}

static LONG CALLBACK go_on(EXCEPTION_POINTERS *exception) {
    (void)exception;
    return EXCEPTION_CONTINUE_EXECUTION;
}
static void handlers_have_ntdll_s_names_too(void) {
    PVOID handler = RtlAddVectoredExceptionHandler(1, go_on);
    PVOID later = RtlAddVectoredContinueHandler(0, go_on);
    RaiseException(0xE0000001, 0, 0, NULL);
    CHECK_EQUAL(RemoveVectoredContinueHandler(handler), 0);
    CHECK(RtlRemoveVectoredExceptionHandler(handler) != 0);
    CHECK(RtlRemoveVectoredContinueHandler(later) != 0);
    CHECK_EQUAL(RtlRemoveVectoredContinueHandler(later), 0);
}

static void write_buffers_can_be_flushed_again_and_again(void) {
    SetLastError(UNTOUCHED_ERROR);
    FlushProcessWriteBuffers();
    FlushProcessWriteBuffers();
    CHECK_EQUAL(GetLastError(), UNTOUCHED_ERROR);
}

TEST_PROGRAM(TEST(a_list_gives_back_the_last_first), TEST(threads_never_get_the_same_entry),
             TEST(an_environment_variable_is_set_changed_and_removed),
             TEST(the_length_of_no_string_is_zero),
             TEST(callers_are_listed_from_the_caller_outwards),
             TEST(handlers_have_ntdll_s_names_too),
             TEST(write_buffers_can_be_flushed_again_and_again))
