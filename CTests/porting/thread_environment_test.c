// Linux only: the TEB behind NtCurrentTeb, as allocators and runtimes read and write it (Learn, TEB
// structure; PORTS, the thread block).
#include "check.h"

#include <intrin.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <winternl.h>

#define AT(member, place) _Static_assert(offsetof(TEB, member) == (place), #member)
AT(ClientId, 0x40);
AT(ProcessEnvironmentBlock, 0x60);
AT(LastErrorValue, 0x68);
AT(TlsSlots, 0x1480);
AT(ReservedForOle, 0x1758);
AT(TlsExpansionSlots, 0x1780);
_Static_assert(sizeof(TEB) == 0x1838, "TEB");
_Static_assert(offsetof(PEB, BeingDebugged) == 2, "BeingDebugged");
_Static_assert(offsetof(PEB, ImageBaseAddress) == 0x10, "ImageBaseAddress");
_Static_assert(offsetof(PEB, NumberOfProcessors) == 0xB8, "NumberOfProcessors");

static TEB *before_main;
__attribute__((constructor)) static void ask_before_main(void) {
    before_main = NtCurrentTeb();
}

static void the_block_is_ready_before_main(void) {
    CHECK(before_main != NULL);
    CHECK(NtCurrentTeb() == before_main);
}

static void it_names_the_thread_and_the_process(void) {
    TEB *block = NtCurrentTeb();
    SYSTEM_INFO system;
    GetSystemInfo(&system);
    PEB *process = block->ProcessEnvironmentBlock;
    CHECK_EQUAL((ULONG_PTR)block->ClientId.UniqueProcess, GetCurrentProcessId());
    CHECK_EQUAL((ULONG_PTR)block->ClientId.UniqueThread, GetCurrentThreadId());
    CHECK(process->ImageBaseAddress == (PVOID)GetModuleHandleA(NULL));
    CHECK_EQUAL(process->NumberOfProcessors, system.dwNumberOfProcessors);
    CHECK_EQUAL(process->BeingDebugged, IsDebuggerPresent());
}

static void what_belongs_to_programs_is_zero(void) {
    TEB *block = NtCurrentTeb();
    CHECK(block->ReservedForOle == NULL);
    CHECK(*(PVOID *)((char *)block + 0x1778) == NULL);
}

static void the_last_error_is_in_the_block(void) {
    TEB *block = NtCurrentTeb();
    SetLastError(UNTOUCHED_ERROR);
    CHECK_EQUAL(block->LastErrorValue, UNTOUCHED_ERROR);
    block->LastErrorValue = 1234;
    CHECK_EQUAL(GetLastError(), 1234);
}

static void *keep_an_error(void *unused) {
    SetLastError(4321);
    CHECK_EQUAL(NtCurrentTeb()->LastErrorValue, 4321);
    CHECK_EQUAL(GetLastError(), 4321);
    return unused;
}

static void an_error_from_before_the_block_is_in_it(void) {
    pthread_t thread;
    CHECK_EQUAL(pthread_create(&thread, NULL, keep_an_error, NULL), 0);
    pthread_join(thread, NULL);
}

static PVOID *place_of(DWORD index) {
    TEB *block = NtCurrentTeb();
    return index < TLS_MINIMUM_AVAILABLE ? &block->TlsSlots[index]
                                         : &block->TlsExpansionSlots[index - TLS_MINIMUM_AVAILABLE];
}

static void values_are_in_the_block_for_every_index(void) {
    DWORD count = 0, indices[1088];
    while (count < 1088 && (indices[count] = TlsAlloc()) != TLS_OUT_OF_INDEXES)
        count++;
    CHECK(count > 1000);
    for (DWORD i = 0; i < count; i++) {
        CHECK(TlsSetValue(indices[i], (PVOID)(ULONG_PTR)(i + 1)));
        CHECK(*place_of(indices[i]) == (PVOID)(ULONG_PTR)(i + 1));
        *place_of(indices[i]) = (PVOID)(ULONG_PTR)(i + 2);
        CHECK(TlsGetValue(indices[i]) == (PVOID)(ULONG_PTR)(i + 2));
    }
    for (DWORD i = 0; i < count; i++) {
        CHECK(TlsFree(indices[i]));
        CHECK(*place_of(indices[i]) == NULL);
    }
}

static void segment_reads_are_reads_of_the_block(void) {
    TEB *block = NtCurrentTeb();
    SetLastError(77);
    CHECK_EQUAL(__readgsqword(0x30), (ULONG_PTR)block);
    CHECK_EQUAL(__readgsqword(0x60), (ULONG_PTR)block->ProcessEnvironmentBlock);
    CHECK_EQUAL(__readgsdword(0x68), 77);
    CHECK_EQUAL(__readgsdword(0x48), GetCurrentThreadId());
}

static TEB *in_handler;
static void ask_in_handler(int signal) {
    (void)signal;
    in_handler = NtCurrentTeb();
}

static void *be_interrupted(void *unused) {
    CHECK_EQUAL(raise(SIGUSR1), 0);
    CHECK(in_handler == NtCurrentTeb());
    CHECK(in_handler->NtTib.Self == &in_handler->NtTib);
    return unused;
}

static void a_signal_handler_may_ask_first(void) {
    pthread_t thread;
    signal(SIGUSR1, ask_in_handler);
    CHECK_EQUAL(pthread_create(&thread, NULL, be_interrupted, NULL), 0);
    pthread_join(thread, NULL);
    CHECK(in_handler != before_main);
}

// An allocator is called once more behind all other code of a thread; its owner must not change.
static pthread_key_t late;
static TEB *in_thread, *at_end;
static volatile int rounds;
static void ask_at_end(void *value) {
    at_end = NtCurrentTeb();
    if (++rounds < 3)
        pthread_setspecific(late, value);
}
static void *end_with_destructor(void *unused) {
    pthread_setspecific(late, &late);
    in_thread = NtCurrentTeb();
    return unused;
}

static void the_block_is_the_same_until_the_thread_is_gone(void) {
    pthread_t thread;
    CHECK_EQUAL(pthread_key_create(&late, ask_at_end), 0);
    CHECK_EQUAL(pthread_create(&thread, NULL, end_with_destructor, NULL), 0);
    pthread_join(thread, NULL);
    CHECK_EQUAL(rounds, 3);
    CHECK(at_end == in_thread);
}

static void *ask(void *unused) {
    (void)unused;
    CHECK_EQUAL((ULONG_PTR)NtCurrentTeb()->ClientId.UniqueThread, GetCurrentThreadId());
    CHECK(NtCurrentTeb()->ReservedForOle == NULL);
    NtCurrentTeb()->ReservedForOle = &late;
    return NtCurrentTeb();
}

static void blocks_of_ended_threads_are_used_again_as_new(void) {
    TEB *blocks[8] = {NULL};
    int known = 0;
    for (int i = 0; i < 100; i++) {
        pthread_t thread;
        void *block = NULL;
        CHECK_EQUAL(pthread_create(&thread, NULL, ask, NULL), 0);
        pthread_join(thread, &block);
        int at = 0;
        while (at < known && blocks[at] != block)
            at++;
        if (at == known && known < 8)
            blocks[known++] = block;
    }
    CHECK(known < 8);
}

TEST_PROGRAM(TEST(the_block_is_ready_before_main), TEST(it_names_the_thread_and_the_process),
             TEST(what_belongs_to_programs_is_zero), TEST(the_last_error_is_in_the_block),
             TEST(an_error_from_before_the_block_is_in_it),
             TEST(values_are_in_the_block_for_every_index),
             TEST(segment_reads_are_reads_of_the_block), TEST(a_signal_handler_may_ask_first),
             TEST(the_block_is_the_same_until_the_thread_is_gone),
             TEST(blocks_of_ended_threads_are_used_again_as_new))
