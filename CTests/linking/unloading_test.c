// Linux only: dlclose leaves the library where it is. Threads, signal actions and memory refer to it.
#include "check.h"

#include <dlfcn.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>

typedef LPVOID allocate_function(LPVOID, SIZE_T, DWORD, DWORD);
typedef BOOL free_function(LPVOID, SIZE_T, DWORD);

static void *library;

static void load(void) {
    library = dlopen("libwin32memory.so.1", RTLD_NOW | RTLD_LOCAL);
    CHECK(library != NULL);
}

// ISO C has no conversion from a pointer to one to a function.
#define FUNCTION(variable, name)                                                                   \
    do {                                                                                           \
        void *address = dlsym(library, name);                                                      \
        CHECK(address != NULL);                                                                    \
        memcpy(&(variable), &address, sizeof address);                                             \
    } while (0)

// Learn, VirtualAlloc: the functions of kernel32 are there as long as the process.
static void memory_is_known_after_the_library_was_closed_and_loaded_again(void) {
    allocate_function *allocate;
    free_function *release;
    for (int i = 0; i < 300; i++) {
        load();
        FUNCTION(allocate, "VirtualAlloc");
        BYTE *block = allocate(NULL, 4096, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
        CHECK(block != NULL);
        if (block == NULL)
            return;
        block[0] = 0x51;
        dlclose(library);
        load();
        FUNCTION(release, "VirtualFree");
        CHECK_EQUAL(block[0], 0x51);
        CHECK(release(block, 0, MEM_RELEASE));
        dlclose(library);
    }
}

static pthread_barrier_t barrier;

static void *hold_a_value(void *unused) {
    DWORD (*allocate)(void);
    BOOL (*set)(DWORD, LPVOID);
    FUNCTION(allocate, "TlsAlloc");
    FUNCTION(set, "TlsSetValue");
    CHECK(set(allocate(), &barrier));
    pthread_barrier_wait(&barrier);
    pthread_barrier_wait(&barrier);
    return unused;
}

// The end of a thread calls the library.
static void a_thread_with_a_value_ends_after_the_library_was_closed(void) {
    pthread_t thread;
    load();
    pthread_barrier_init(&barrier, NULL, 2);
    CHECK_EQUAL(pthread_create(&thread, NULL, hold_a_value, NULL), 0);
    pthread_barrier_wait(&barrier);
    dlclose(library);
    pthread_barrier_wait(&barrier);
    CHECK_EQUAL(pthread_join(thread, NULL), 0);
}

static sigjmp_buf way_out;

static void jump_out(int signal) {
    siglongjmp(way_out, signal);
}

static LONG CALLBACK pass_on(EXCEPTION_POINTERS *exception) {
    (void)exception;
    return EXCEPTION_CONTINUE_SEARCH;
}

// The library's signal action hands on what no handler takes.
static void a_fault_after_the_library_was_closed_reaches_the_program(void) {
    PVOID (*add)(ULONG, LONG(CALLBACK *)(EXCEPTION_POINTERS *));
    ULONG (*take_out)(PVOID);
    struct sigaction action = {.sa_handler = jump_out}, before;
    sigaction(SIGSEGV, &action, &before);
    load();
    FUNCTION(add, "AddVectoredExceptionHandler");
    FUNCTION(take_out, "RemoveVectoredExceptionHandler");
    CHECK(take_out(add(1, pass_on)) != 0);
    dlclose(library);
    int signal = sigsetjmp(way_out, 1);
    if (signal == 0)
        *(volatile int *volatile)8 = 1;
    CHECK_EQUAL(signal, SIGSEGV);
    sigaction(SIGSEGV, &before, NULL);
}

TEST_PROGRAM(TEST(memory_is_known_after_the_library_was_closed_and_loaded_again),
             TEST(a_thread_with_a_value_ends_after_the_library_was_closed),
             TEST(a_fault_after_the_library_was_closed_reaches_the_program))
