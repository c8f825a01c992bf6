// Linux only: every kernel call of the library's first use in a process is refused in turn.
#include "fault_injection.h"
#include "memory_checks.h"

#include <sys/wait.h>

enum { block_bytes = 64 * page_size };

// The first call of a process also makes the arena and the library's own storage, so each trial
// has a process of its own. Exit status: 0 all was right, 1 something was wrong, 2 no such call.
static int refuse_call_of_first_use(int number) {
    arm_injection(number, ENOMEM);
    BYTE *block = (BYTE *)VirtualAlloc(NULL, block_bytes, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    if (!disarm_injection())
        return block != NULL ? 2 : 1;
    if (block == NULL && !is_true_code(GetLastError()))
        return 1;
    if (block == NULL)
        block = (BYTE *)VirtualAlloc(NULL, block_bytes, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    if (block == NULL || !every_byte_is(block, 0, block_bytes))
        return 1;
    memset(block, 0x2A, block_bytes);
    return VirtualFree(block, 0, MEM_RELEASE) ? 0 : 1;
}

// 2.10
static void a_kernel_call_refused_in_the_first_call_changes_nothing(void) {
    int status = 0, number = 1;
    for (; number < 200 && status == 0; number++) {
        check_row("call %d", number);
        pid_t child = fork();
        if (child == 0)
            _exit(refuse_call_of_first_use(number));
        int ending = 0;
        CHECK_EQUAL(waitpid(child, &ending, 0), child);
        status = WIFEXITED(ending) ? WEXITSTATUS(ending) : 1;
    }
    CHECK_EQUAL(status, 2);
    CHECK(number > 2);
}

TEST_PROGRAM(TEST(a_kernel_call_refused_in_the_first_call_changes_nothing))
