/*
 * Copies between the memory of this process and that of a process with a handle. Included by
 * memoryapi.h, whose head holds here.
 */
#ifndef WIN32MEMORY_PROCESS_MEMORY_H
#define WIN32MEMORY_PROCESS_MEMORY_H

#include "base_types.h"

WIN32MEMORY_BEGIN_DECLARATIONS

/*
 * ReadProcessMemory - copies from the memory of a process, without faults.
 *
 * hProcess             a handle with PROCESS_VM_READ: GetCurrentProcess() or OpenProcess's.
 * lpBaseAddress        first byte in that process.
 * lpBuffer             receives the bytes.
 * nSize                bytes. 0 succeeds.
 * lpNumberOfBytesRead  NULL, or receives how many bytes were copied; 0 after most failures.
 * Returns              TRUE if all bytes were copied, or FALSE.
 * Errors               299 a byte there cannot be read, and nothing was copied; or lpBuffer cannot
 *                      be written to its end, and the bytes before were copied; 998 a range beyond
 *                      user space, or lpNumberOfBytesRead unwritable; 6 NULL or unknown handle; 5 a
 *                      handle without the right, or a process that has ended, or that Linux does
 *                      not let this one trace. An armed guard page of this process in the way is
 *                      disarmed.
 * Cost                 two system calls; for another process one for each 512 KiB, and three to
 *                      make sure that it is still the same.
 * Differs              no guard page of another process is disarmed.
 * Source               Learn, ReadProcessMemory; what is copied on failure observed;
 *                      process_vm_readv(2), ptrace(2).
 */
WINBASEAPI BOOL WINAPI ReadProcessMemory(HANDLE hProcess, LPCVOID lpBaseAddress, LPVOID lpBuffer,
                                         SIZE_T nSize, SIZE_T *lpNumberOfBytesRead);

/*
 * WriteProcessMemory - copies to the memory of a process, without faults.
 *
 * hProcess                a handle with PROCESS_VM_WRITE and PROCESS_VM_OPERATION:
 *                         GetCurrentProcess() or OpenProcess's.
 * lpBaseAddress           first byte in that process. Pages that can be executed but not written
 *                         are written too; their protection stays.
 * lpBuffer                the bytes.
 * nSize                   bytes. 0 succeeds.
 * lpNumberOfBytesWritten  NULL, or receives how many bytes were copied.
 * Returns                 TRUE if all bytes were copied, or FALSE.
 * Errors                  998 the first page cannot be written, a range is beyond user space, or
 *                         lpNumberOfBytesWritten is unwritable, which stays as it was; 299 a later
 *                         page cannot be written, and the bytes before were copied; or a byte of
 *                         lpBuffer cannot be read, or an armed guard page was met, which is
 *                         disarmed; 6 and 5 as ReadProcessMemory.
 * Cost                    two system calls; executable pages of this process two changes of
 *                         protection more; another process three system calls more.
 * Differs                 while executable pages of this process are written, they are
 *                         PAGE_EXECUTE_READWRITE only where bytes are written. Those of another
 *                         process are written through its /proc file mem, so 998 where the kernel
 *                         refuses that.
 * Source                  Learn, WriteProcessMemory; order and protections observed;
 *                         process_vm_writev(2), proc_pid_mem(5).
 */
WINBASEAPI BOOL WINAPI WriteProcessMemory(HANDLE hProcess, LPVOID lpBaseAddress, LPCVOID lpBuffer,
                                          SIZE_T nSize, SIZE_T *lpNumberOfBytesWritten);

WIN32MEMORY_END_DECLARATIONS

#endif
