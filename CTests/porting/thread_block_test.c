// Linux only: NtCurrentTeb, as allocators (a name for the thread) and collectors (the ends of the
// stack) use it (porting.md, 1a and 4).
#include "check.h"

#include <pthread.h>
#include <sys/auxv.h>
#include <sys/resource.h>

static NT_TIB *own_block(void) {
    return (NT_TIB *)(void *)NtCurrentTeb();
}

static void *ask(void *unused) {
    (void)unused;
    return own_block();
}

static void each_thread_has_a_block_of_its_own(void) {
    pthread_t thread;
    void *other = NULL;
    CHECK(own_block() == own_block());
    CHECK_EQUAL(pthread_create(&thread, NULL, ask, NULL), 0);
    CHECK_EQUAL(pthread_join(thread, &other), 0);
    CHECK(other != NULL);
    CHECK(other != (void *)own_block());
}

static void the_block_knows_itself_and_the_stack(void) {
    int local = 0;
    ULONG_PTR low = 0, high = 0;
    GetCurrentThreadStackLimits(&low, &high);
    NT_TIB *block = own_block();
    CHECK(block->Self == block);
    CHECK_EQUAL((ULONG_PTR)block->StackBase, high);
    CHECK_EQUAL((ULONG_PTR)block->StackLimit, low);
    CHECK((ULONG_PTR)&local > low && (ULONG_PTR)&local < high);
}

static void the_last_error_is_left_alone(void) {
    SetLastError(UNTOUCHED_ERROR);
    CHECK(NtCurrentTeb() != NULL);
    CHECK_EQUAL(GetLastError(), UNTOUCHED_ERROR);
}

// What the C library says about the thread's stack.
static void check_stack_of_thread(void) {
    ULONG_PTR low = 0, high = 0;
    pthread_attr_t attributes;
    void *base = NULL;
    size_t byte_count = 0;
    CHECK_EQUAL(pthread_getattr_np(pthread_self(), &attributes), 0);
    pthread_attr_getstack(&attributes, &base, &byte_count);
    pthread_attr_destroy(&attributes);
    GetCurrentThreadStackLimits(&low, &high);
    CHECK_EQUAL(low, (ULONG_PTR)base);
    CHECK_EQUAL(high, (ULONG_PTR)base + byte_count);
}

static void *check_stack(void *unused) {
    check_stack_of_thread();
    return unused;
}

static void run_with(pthread_attr_t *attributes) {
    pthread_t thread;
    CHECK_EQUAL(pthread_create(&thread, attributes, check_stack, NULL), 0);
    CHECK_EQUAL(pthread_join(thread, NULL), 0);
    pthread_attr_destroy(attributes);
    pthread_attr_init(attributes);
}

// Learn, GetCurrentThreadStackLimits: the stack of the thread, not what lies beside it.
static void a_threads_stack_ends_where_it_was_made_to_end(void) {
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    run_with(&attributes);
    for (size_t size = 65536; size < 64 << 20; size *= 5) {
        check_row("%d bytes", (int)size);
        pthread_attr_setstacksize(&attributes, size);
        run_with(&attributes);
        pthread_attr_setstacksize(&attributes, size);
        pthread_attr_setguardsize(&attributes, 0);
        run_with(&attributes);
        pthread_attr_setstacksize(&attributes, size);
        pthread_attr_setguardsize(&attributes, 5 * 4096);
        run_with(&attributes);
    }
    // Three stacks out of one block, which do not end at pages either.
    BYTE *block = (BYTE *)VirtualAlloc(NULL, 1 << 20, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    for (int i = 0; i < 3; i++) {
        check_row("part %d of a block", i);
        pthread_attr_setstack(&attributes, block + i * 0x40000 + 0x110, 0x40000);
        run_with(&attributes);
    }
    VirtualFree(block, 0, MEM_RELEASE);
}

static void check_ends_agree(void) {
    ULONG_PTR low = 0, high = 0;
    MEMORY_BASIC_INFORMATION region;
    GetCurrentThreadStackLimits(&low, &high);
    CHECK(VirtualQuery(&region, &region, sizeof region) == sizeof region);
    CHECK_EQUAL((ULONG_PTR)region.BaseAddress + region.RegionSize, high);
    CHECK_EQUAL((ULONG_PTR)own_block()->StackBase, high);
}

// One end of the main thread's stack: arguments and environment belong to it.
static void the_main_stack_ends_where_its_region_does(void) {
    check_ends_agree();
    ULONG_PTR low = 0, high = 0;
    struct rlimit limit;
    GetCurrentThreadStackLimits(&low, &high);
    CHECK_EQUAL(getrlimit(RLIMIT_STACK, &limit), 0);
    if (limit.rlim_cur < 1 << 30)
        CHECK_EQUAL(high - low, limit.rlim_cur & ~(rlim_t)4095);
    CHECK((ULONG_PTR)getauxval(AT_RANDOM) < high && (ULONG_PTR)getenv("PATH") < high);
}

TEST_PROGRAM(TEST(each_thread_has_a_block_of_its_own), TEST(the_block_knows_itself_and_the_stack),
             TEST(the_last_error_is_left_alone),
             TEST(a_threads_stack_ends_where_it_was_made_to_end),
             TEST(the_main_stack_ends_where_its_region_does))
