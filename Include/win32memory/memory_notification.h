/*
 * Memory resource notifications. Included by memoryapi.h.
 */
#ifndef WIN32MEMORY_MEMORY_NOTIFICATION_H
#define WIN32MEMORY_MEMORY_NOTIFICATION_H

#include "file_mapping.h"

WIN32MEMORY_BEGIN_DECLARATIONS

/*
 * CreateMemoryResourceNotification - a handle that tells of scarce, or of plentiful, memory.
 *
 * NotificationType  LowMemoryResourceNotification or HighMemoryResourceNotification.
 * Returns           the handle, to be given to CloseHandle; NULL on failure.
 * Errors            87 another type; 8 no handle left.
 * Safety            any thread, any signal handler.
 * Cost              an atomic operation.
 * Source            Learn, CreateMemoryResourceNotification.
 */
/* clang-format off: the list of exports is drawn up from lines of this shape. */
WINBASEAPI HANDLE WINAPI
CreateMemoryResourceNotification(MEMORY_RESOURCE_NOTIFICATION_TYPE NotificationType);
/* clang-format on */

/*
 * QueryMemoryResourceNotification - whether memory is scarce, or plentiful, now.
 *
 * ResourceNotificationHandle  from CreateMemoryResourceNotification.
 * ResourceState               receives TRUE or FALSE: scarce is less than 32 MiB available for each
 *                             4 GiB there are, 64 MiB at most; plentiful is three times that.
 * Returns                     TRUE or FALSE.
 * Errors                      87 NULL or INVALID_HANDLE_VALUE; 6 not such a handle; 998
 *                             ResourceState unwritable.
 * Safety                      any thread, any signal handler.
 * Cost                        reads files of /proc and of the control groups.
 * Differs                     within a control group, its limit counts as what there is.
 * Source                      Learn, CreateMemoryResourceNotification, Remarks.
 */
WINBASEAPI BOOL WINAPI QueryMemoryResourceNotification(HANDLE ResourceNotificationHandle,
                                                       PBOOL ResourceState);

WIN32MEMORY_END_DECLARATIONS

#endif
