/*
 * Job objects: what stands for one here is the control group of the process, if it has a memory
 * limit.
 */
#ifndef WIN32MEMORY_JOBAPI_H
#define WIN32MEMORY_JOBAPI_H

#include "minwindef.h"

WIN32MEMORY_BEGIN_DECLARATIONS

/*
 * IsProcessInJob - whether a control group limits the memory of this process.
 *
 * ProcessHandle  GetCurrentProcess(), or a handle to this very process.
 * JobHandle      NULL: any job.
 * Result         receives TRUE or FALSE.
 * Returns        TRUE or FALSE.
 * Errors         6 another process, or a job; 998 Result unwritable.
 * Safety         any thread, any signal handler.
 * Cost           reads files of /proc and of the control groups.
 * Source         Learn, IsProcessInJob; cgroups(7).
 */
WINBASEAPI BOOL WINAPI IsProcessInJob(HANDLE ProcessHandle, HANDLE JobHandle, PBOOL Result);

/*
 * QueryInformationJobObject - the memory limit of the control group.
 *
 * hJob                          NULL: the job of this process.
 * JobObjectInformationClass     JobObjectExtendedLimitInformation.
 * lpJobObjectInformation        receives 144 bytes: JOB_OBJECT_LIMIT_JOB_MEMORY and JobMemoryLimit
 *                               where there is a limit, else zeroes.
 * cbJobObjectInformationLength  bytes there.
 * lpReturnLength                NULL, or receives 144.
 * Returns                       TRUE or FALSE.
 * Errors                        6 a job; 87 another class; 24 another length; 998 a pointer that
 *                               cannot be written.
 * Safety                        any thread, any signal handler.
 * Cost                          reads files of /proc and of the control groups.
 * Source                        Learn, QueryInformationJobObject; cgroups(7), memory.max.
 */
WINBASEAPI BOOL WINAPI QueryInformationJobObject(HANDLE hJob,
                                                 JOBOBJECTINFOCLASS JobObjectInformationClass,
                                                 LPVOID lpJobObjectInformation,
                                                 DWORD cbJobObjectInformationLength,
                                                 LPDWORD lpReturnLength);

WIN32MEMORY_END_DECLARATIONS

#endif
