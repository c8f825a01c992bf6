// Linux only: SetProcessWorkingSetSize raises how much VirtualLock may lock.
#include "sandbox.h"

#include <sys/resource.h>

enum { page_count = 64 };

// Without the capability that lifts the limit.
static void lock_as_nobody(void) {
    struct rlimit limit = {16 * page_size, 4096 * page_size}, now;
    if (getuid() == 0 &&
        (setrlimit(RLIMIT_MEMLOCK, &limit) != 0 || setgid(65534) != 0 || setuid(65534) != 0))
        return;
    BYTE *base = committed_pages(page_count);
    CHECK(setrlimit(RLIMIT_MEMLOCK, &limit) == 0);
    REFUSED(VirtualLock(base, page_count * page_size), ERROR_WORKING_SET_QUOTA);
    GRANTED(SetProcessWorkingSetSize(GetCurrentProcess(), 256 * page_size, 1024 * page_size));
    GRANTED(VirtualLock(base, page_count * page_size));
    GRANTED(VirtualUnlock(base, page_count * page_size));
    GRANTED(SetProcessWorkingSetSize(GetCurrentProcess(), 20 * page_size, 1024 * page_size));
    GRANTED(VirtualLock(base, page_count * page_size));
    GRANTED(SetProcessWorkingSetSize(GetCurrentProcess(), 8192 * page_size, 9000 * page_size));
    CHECK(getrlimit(RLIMIT_MEMLOCK, &now) == 0);
    CHECK(now.rlim_cur == limit.rlim_max && now.rlim_max == limit.rlim_max);
    release(base);
}

// 12.3
static void the_minimum_working_set_raises_the_limit_on_locked_pages(void) {
    in_child_with(NULL, lock_as_nobody);
}

TEST_PROGRAM(TEST(the_minimum_working_set_raises_the_limit_on_locked_pages))
