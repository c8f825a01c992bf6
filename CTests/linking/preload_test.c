// Linux only: a program that is not linked with the library gets it from LD_PRELOAD, also for a
// plug-in that it loads, and in place of another library's functions of the same names.
#include "block_cycle.h"
#include "memory_checks.h"

#include <dlfcn.h>

// Where a function comes from: the file name of its library.
static const char *library_of(const void *function) {
    Dl_info info;
    if (!dladdr(function, &info) || info.dli_fname == NULL)
        return "(none)";
    const char *slash = strrchr(info.dli_fname, '/');
    return slash ? slash + 1 : info.dli_fname;
}

static int is_our_library(const void *function) {
    return strncmp(library_of(function), "libwin32memory.so", 17) == 0;
}

static void the_program_is_served_by_the_preloaded_library(void) {
    void *const functions[] = {
        dlsym(RTLD_DEFAULT, "VirtualAlloc"), dlsym(RTLD_DEFAULT, "VirtualFree"),
        dlsym(RTLD_DEFAULT, "VirtualQuery"), dlsym(RTLD_DEFAULT, "GetLastError")};
    for (SIZE_T i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        check_row("function %d", (int)i);
        CHECK(functions[i] != NULL && is_our_library(functions[i]));
    }
    CHECK_EQUAL(block_cycle(0x81), 0);
}

static void refusals_and_the_last_error_come_from_the_same_library(void) {
    REFUSED(VirtualAlloc(NULL, 0, MEM_RESERVE, PAGE_READWRITE), ERROR_INVALID_PARAMETER);
    BYTE *base = committed_pages(1);
    REFUSED_UNCHANGED(base, page_size, VirtualFree(base, page_size, MEM_RELEASE),
                      ERROR_INVALID_PARAMETER);
    release(base);
}

// dlopen(3): symbols of a plug-in bind to the preloaded library first.
static void a_plug_in_with_undefined_functions_is_served(void) {
    void *plug_in = dlopen("libpreload_plugin.so", RTLD_NOW);
    CHECK(plug_in != NULL);
    if (plug_in == NULL)
        return;
    int (*cycle)(void);
    const void *(*virtual_alloc)(void);
    *(void **)&cycle = dlsym(plug_in, "plug_in_cycle");
    *(void **)&virtual_alloc = dlsym(plug_in, "plug_in_virtual_alloc");
    CHECK_EQUAL(cycle(), 0);
    CHECK(is_our_library(virtual_alloc()));
    dlclose(plug_in);
    CHECK_EQUAL(block_cycle(0x82), 0);
}

TEST_PROGRAM(TEST(the_program_is_served_by_the_preloaded_library),
             TEST(refusals_and_the_last_error_come_from_the_same_library),
             TEST(a_plug_in_with_undefined_functions_is_served))
