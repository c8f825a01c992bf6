/*
 * RtlGenRandom, under the name that it is exported by.
 */
#ifndef WIN32MEMORY_NTSECAPI_H
#define WIN32MEMORY_NTSECAPI_H

#include "minwindef.h"

#define RtlGenRandom SystemFunction036

WIN32MEMORY_BEGIN_DECLARATIONS

/*
 * SystemFunction036 - random bytes.
 *
 * RandomBuffer        receives them.
 * RandomBufferLength  bytes.
 * Returns             non-zero, or 0 on failure.
 * Safety              any thread, any signal handler.
 * Cost                one system call for every 256 bytes.
 * Source              Learn, RtlGenRandom; getrandom(2).
 */
WINBASEAPI BOOLEAN WINAPI SystemFunction036(PVOID RandomBuffer, ULONG RandomBufferLength);

WIN32MEMORY_END_DECLARATIONS

#endif
