/*
 * The head of a thread's environment block: its stack and exception list. 56 bytes.
 * thread_environment_block.h has the rest.
 */
#ifndef WIN32MEMORY_THREAD_INFORMATION_BLOCK_H
#define WIN32MEMORY_THREAD_INFORMATION_BLOCK_H

#include "base_types.h"

struct _TEB;

typedef struct _NT_TIB {
    struct _EXCEPTION_REGISTRATION_RECORD *ExceptionList;
    PVOID StackBase;  /* highest address, exclusive: stacks grow down from here */
    PVOID StackLimit; /* lowest address */
    PVOID SubSystemTib;
    __extension__ union {
        PVOID FiberData;
        DWORD Version;
    };
    PVOID ArbitraryUserPointer;
    struct _NT_TIB *Self;
} NT_TIB, *PNT_TIB;

#define TLS_MINIMUM_AVAILABLE 64
#define FLS_MAXIMUM_AVAILABLE 4080

WIN32MEMORY_BEGIN_DECLARATIONS

/*
 * NtCurrentTeb - the calling thread's environment block.
 *
 * Returns  the TEB, 1838h bytes (winternl.h). Its address is this thread's alone until the kernel has ended
 *          the thread. NULL if the first call of a thread finds no memory for it; then the next call tries
 *          again.
 * Errors   none; the last error is not changed.
 * Safety   any thread, before main, in signal handlers, and in a malloc: it calls no malloc and takes no
 *          lock.
 * Cost     a few loads; the first call of a thread maps 48 KiB of address space, unless Tls* or Fls* have
 *          done so, and asks the kernel for its stack.
 * Differs  filled in are: the NT_TIB's StackBase, StackLimit and Self; ClientId; LastErrorValue; TlsSlots and
 *          TlsExpansionSlots, which TlsSetValue itself uses; the PEB's BeingDebugged, ImageBaseAddress and
 *          NumberOfProcessors. The rest is zero. No segment register points to it: use __readgsqword of
 *          intrin.h, which calls this function.
 * Source   Learn, NtCurrentTeb, TEB structure.
 */
WINBASEAPI struct _TEB *WINAPI NtCurrentTeb(void);

WIN32MEMORY_END_DECLARATIONS

#endif
