// The head of a thread's environment block, which programs read through NtCurrentTeb.
#include "CLinux.h"

// The members of NT_TIB in their order. Zero until the thread first asks for the block.
struct thread_block {
    void *exception_list;
    void *stack_base;
    void *stack_limit;
    void *sub_system;
    void *fiber_data;
    void *arbitrary;
    struct thread_block *self;
};
static __thread struct thread_block block __attribute__((tls_model("initial-exec")));

void *win32memory_thread_block(void) {
    if (block.self == NULL) {
        uintptr_t low = 0, high = 0;
        thread_stack_limits(&low, &high);
        block.stack_base = (void *)high;
        block.stack_limit = (void *)low;
        block.self = &block;
    }
    return &block;
}
