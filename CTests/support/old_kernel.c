// Runs a program as if on Linux 6.1, the kernel of Debian 12: refuses newer calls as 6.1 refuses them.
//
//     old_kernel PROGRAM [ARGUMENT...]
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

// The headers of Debian 12 lack these structures. Only their sizes matter.
struct scan {
    uint64_t words[12];
};
struct mapping_query {
    uint64_t words[13];
};
#define PAGEMAP_SCAN _IOWR('f', 16, struct scan)           // Linux 6.7
#define PROCMAP_QUERY _IOWR('f', 17, struct mapping_query) // Linux 6.11
#define MADV_GUARD_INSTALL 102                             // Linux 6.13
#define MADV_GUARD_REMOVE 103

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define SKIP_UNLESS(value, count) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(value), 0, count)
#define REFUSE(error) BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (error))
#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

static int refuse_what_is_new(void) {
    struct sock_filter filter[] = {
        LOAD(nr),
        SKIP_UNLESS(SYS_ioctl, 6),
        LOAD(args[1]),
        SKIP_UNLESS(PAGEMAP_SCAN, 1),
        REFUSE(ENOTTY),
        SKIP_UNLESS(PROCMAP_QUERY, 1),
        REFUSE(ENOTTY),
        ALLOW,
        SKIP_UNLESS(SYS_madvise, 5),
        LOAD(args[2]),
        SKIP_UNLESS(MADV_GUARD_INSTALL, 1),
        REFUSE(EINVAL),
        SKIP_UNLESS(MADV_GUARD_REMOVE, 1),
        REFUSE(EINVAL),
        ALLOW,
    };
    struct sock_fprog program = {sizeof filter / sizeof filter[0], filter};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

int main(int argc, char **argv) {
    if (argc < 2 || !refuse_what_is_new()) {
        perror(argc < 2 ? "no program given" : "no filter for system calls");
        return 2;
    }
    execv(argv[1], argv + 1);
    perror(argv[1]);
    return 2;
}
