/*
 * The random number generator of the system: types and flags.
 */
#ifndef WIN32MEMORY_BCRYPT_H
#define WIN32MEMORY_BCRYPT_H

#include "windef.h"
#include "win32memory/nt_status_type.h"

#define BCRYPT_RNG_USE_ENTROPY_IN_BUFFER 0x00000001
#define BCRYPT_USE_SYSTEM_PREFERRED_RNG 0x00000002
#define BCRYPT_RNG_ALGORITHM L"RNG"

#ifndef BCRYPT_SUCCESS
#define BCRYPT_SUCCESS(status) ((NTSTATUS)(status) >= 0)
#endif

typedef PVOID BCRYPT_HANDLE, BCRYPT_ALG_HANDLE;

#endif
