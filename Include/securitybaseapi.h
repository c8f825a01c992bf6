/*
 * Access tokens: which privileges are enabled.
 */
#ifndef WIN32MEMORY_SECURITYBASEAPI_H
#define WIN32MEMORY_SECURITYBASEAPI_H

#include "minwinbase.h"

WIN32MEMORY_BEGIN_DECLARATIONS

/*
 * AdjustTokenPrivileges - enables and disables privileges.
 *
 * TokenHandle           from OpenProcessToken, with TOKEN_ADJUST_PRIVILEGES, and TOKEN_QUERY where
 *                       PreviousState is given.
 * DisableAllPrivileges  not FALSE: NewState is ignored and all are disabled.
 * NewState              the privileges and what is to become of them.
 * BufferLength          bytes in PreviousState.
 * PreviousState         NULL, or receives the privileges that changed, as they were.
 * ReturnLength          receives the bytes that PreviousState takes; required with it.
 * Returns               TRUE, and then GetLastError is 0, or 1300 if the process has not all of
 *                       NewState; or FALSE.
 * Errors                6 not a token; 5 rights missing; 998 a pointer that cannot be used; 87
 *                       NewState malformed; 122 BufferLength too small.
 * Safety                any thread.
 * Cost                  a few atomic operations.
 * Differs               a process has SeChangeNotifyPrivilege and SeIncreaseWorkingSetPrivilege,
 *                       and never SeLockMemoryPrivilege: large pages are not there yet.
 * Source                Learn, AdjustTokenPrivileges.
 */
WINBASEAPI BOOL WINAPI AdjustTokenPrivileges(HANDLE TokenHandle, BOOL DisableAllPrivileges,
                                             PTOKEN_PRIVILEGES NewState, DWORD BufferLength,
                                             PTOKEN_PRIVILEGES PreviousState, PDWORD ReturnLength);

WIN32MEMORY_END_DECLARATIONS

#endif
